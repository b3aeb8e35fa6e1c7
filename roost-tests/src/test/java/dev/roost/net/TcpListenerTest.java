package dev.roost.net;

import static dev.roost.net.Tcp.ANY_PORT;
import static dev.roost.testing.Testing.assertCheckpoints;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.BusyResourceException;
import dev.roost.CancelScope;
import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.Roost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Opening ports, and accepting. */
@Timeout(30)
class TcpListenerTest {

  private static final InetAddress V4 = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress V6 = InetAddress.ofLiteral("::1");

  private static void assumeIpv6() throws SocketException {
    Assumptions.assumeTrue(
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .anyMatch(V6::equals),
        "this machine has no ::1");
  }

  @Test
  void a_port_of_all_addresses_takes_both_families() throws Exception {
    assumeIpv6();
    Roost.run(() -> {
      try (var listener = TcpListener.open(0)) {
        int port = listener.localAddress().getPort();
        assertThat(port).isPositive();
        for (var host : List.of("127.0.0.1", "::1", "[::1]", "localhost")) {
          try (var client = TcpStream.connect(host, port);
              var server = listener.accept()) {
            client.sendAll(host);
            assertThat(Tcp.text(Tcp.receiveExactly(server, host.length()))).isEqualTo(host);
          }
        }
      }
    });
  }

  @Test
  void the_wildcard_address_means_all_addresses() throws Exception {
    assumeIpv6();
    Roost.run(() -> {
      try (var listener = TcpListener.open(new InetSocketAddress(0));
          var client = TcpStream.connect("::1", listener.localAddress().getPort())) {
        assertThat(client.remoteAddress().getAddress()).isEqualTo(V6);
        assertThat(listener.toString()).startsWith("TcpListener[[::]:");
      }
    });
  }

  @Test
  void one_address_is_only_that() throws Exception {
    Roost.run(() -> {
      var listener = TcpListener.open(ANY_PORT);
      assertThat(listener)
          .hasToString("TcpListener[127.0.0.1:" + listener.localAddress().getPort() + "]");
      listener.close();
      assertThat(listener.toString()).endsWith(", closed]");
    });
  }

  @Test
  void a_port_can_be_used_again_at_once_but_not_twice() throws Exception {
    Roost.run(() -> {
      InetSocketAddress address;
      try (var first = TcpListener.open(ANY_PORT)) {
        address = first.localAddress();
        assertThatThrownBy(() -> TcpListener.open(address))
            .isInstanceOf(BindException.class)
            .hasMessageContaining("Cannot listen on 127.0.0.1:" + address.getPort() + ": ")
            .hasCauseInstanceOf(BindException.class);
        try (var _ = TcpStream.connect("127.0.0.1", address.getPort());
            var server = first.accept()) {
          server.setOption(StandardSocketOptions.SO_LINGER, -1);
        }
      }
      TcpListener.open(address).close();
    });
  }

  @Test
  void nonsense_is_refused() throws Exception {
    Roost.run(() -> {
      for (int port : new int[] {-1, 65_536}) {
        assertThatThrownBy(() -> TcpListener.open(port))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("the port is " + port);
        assertThatThrownBy(() -> TcpListener.openAll("localhost", port))
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThatThrownBy(() -> TcpListener.openAll(" ", 0))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> TcpListener.open(InetSocketAddress.createUnresolved("localhost", 0)))
          .isInstanceOf(UnknownHostException.class)
          .hasMessageContaining("openAll");
    });
    assertThatThrownBy(() -> TcpListener.open(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void all_addresses_of_a_name_are_opened_each_with_its_own_free_port() throws Exception {
    assumeIpv6();
    Roost.run(() -> {
      var listeners = Binding.all("both", List.of(V4, V6), 0, Binding::only);
      assertThat(listeners).extracting(l -> l.localAddress().getAddress()).containsExactly(V4, V6);
      for (var listener : listeners) {
        try (listener) {
          TcpStream.connect(
                  listener.localAddress().getAddress().getHostAddress(),
                  listener.localAddress().getPort())
              .close();
          listener.accept().close();
        }
      }
    });
  }

  @Test
  void a_name_is_resolved_and_numbers_need_not_be() throws Exception {
    Roost.run(() -> {
      for (var host : List.of("localhost", "127.0.0.1")) {
        var listeners = TcpListener.openAll(host, 0);
        assertThat(listeners).isNotEmpty();
        assertThat(listeners).allMatch(l -> l.localAddress().getAddress().isLoopbackAddress());
        listeners.forEach(TcpListener::close);
      }
      assertThatThrownBy(() -> TcpListener.openAll("no-such-host.invalid", 0))
          .isInstanceOf(UnknownHostException.class);
    });
  }

  @Test
  void opening_a_name_or_numbers_is_a_checkpoint() throws Exception {
    Roost.run(() -> {
      for (var host : List.of("localhost", "127.0.0.1")) {
        assertCheckpoints(() -> TcpListener.openAll(host, 0).forEach(TcpListener::close));
        var scope = CancelScope.create();
        scope.cancel();
        assertThat(scope.run(() -> TcpListener.openAll(host, 0))).isFalse();
      }
    });
  }

  /** As on a machine without IPv6. */
  private static TcpListener withoutIpv6(InetSocketAddress address) throws IOException {
    if (address.getAddress().equals(V6)) {
      throw new UnsupportedOperationException("no IPv6");
    }
    return Binding.only(address);
  }

  @Test
  void an_unsupported_family_is_left_out_unless_that_leaves_none() throws Exception {
    Roost.run(() -> {
      var listeners = Binding.all("both", List.of(V6, V4), 0, TcpListenerTest::withoutIpv6);
      assertThat(listeners).extracting(l -> l.localAddress().getAddress()).containsExactly(V4);
      listeners.getFirst().close();
      assertThatThrownBy(() -> Binding.all("six", List.of(V6), 0, TcpListenerTest::withoutIpv6))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("supports none of the addresses of six")
          .cause()
          .isInstanceOfSatisfying(
              ExceptionGroup.class, group -> assertThat(group.errors()).hasSize(1));
    });
  }

  @Test
  void a_failure_closes_those_that_were_opened_before_it() throws Exception {
    Roost.run(() -> {
      try (var taken = TcpListener.open(ANY_PORT)) {
        long before = Tcp.openSockets();
        var opened = new ArrayList<TcpListener>();
        var elsewhere = InetAddress.ofLiteral("127.0.0.2");
        int port = taken.localAddress().getPort();
        assertThatThrownBy(() ->
                Binding.all(
                    "two",
                    List.of(elsewhere, V4),
                    port,
                    address -> {
                      var listener = Binding.only(address);
                      opened.add(listener);
                      return listener;
                    }))
            .isInstanceOf(BindException.class);
        assertThat(opened).hasSize(1);
        assertThatThrownBy(opened.getFirst()::accept).isInstanceOf(ClosedChannelException.class);
        assertThat(Tcp.openSockets()).isEqualTo(before);
      }
    });
  }

  @Test
  void closing_wakes_the_task_that_accepts() throws Exception {
    Roost.run(() -> {
      var listener = TcpListener.open(ANY_PORT);
      Nursery.run(nursery -> {
        nursery.start(
            () -> assertThatThrownBy(listener::accept).isInstanceOf(ClosedChannelException.class));
        waitAllTasksBlocked();
        listener.close();
        listener.close();
      });
      assertThatThrownBy(listener::accept).isInstanceOf(ClosedChannelException.class);
    });
  }

  @Test
  void a_second_task_may_not_accept_at_once() throws Exception {
    Roost.run(() -> {
      try (var listener = TcpListener.open(ANY_PORT)) {
        Nursery.run(nursery -> {
          nursery.start(listener::accept);
          waitAllTasksBlocked();
          assertThatThrownBy(listener::accept)
              .isInstanceOf(BusyResourceException.class)
              .hasMessageContaining("accepting from TcpListener[");
          nursery.cancel();
        });
      }
    });
  }

  @Test
  void a_cancelled_accept_loses_nobody() throws Exception {
    Roost.run(() -> {
      try (var listener = TcpListener.open(ANY_PORT);
          var client = TcpStream.connect("127.0.0.1", listener.localAddress().getPort())) {
        var scope = CancelScope.create();
        scope.cancel();
        assertThat(scope.run(listener::accept)).isFalse();
        try (var server = listener.accept()) {
          assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
        }
      }
    });
  }

  @Test
  void accepting_is_a_checkpoint_even_if_somebody_is_there() throws Exception {
    Roost.run(() -> {
      try (var listener = TcpListener.open(ANY_PORT);
          var _ = TcpStream.connect("127.0.0.1", listener.localAddress().getPort())) {
        waitAllTasksBlocked();
        assertCheckpoints(() -> listener.accept().close());
      }
    });
  }

  @Test
  void a_connection_that_came_to_nothing_is_passed_over_and_a_lack_of_room_is_not()
      throws Exception {
    Roost.run(() -> {
      try (var real = ServerSocketChannel.open().bind(ANY_PORT)) {
        var goneAlready = SocketChannel.open();
        goneAlready.close();
        var channel =
            new FakeServerChannel(
                new IOException("Software caused connection abort"),
                goneAlready,
                SocketChannel.open(real.getLocalAddress()),
                new IOException("Too many open files"));
        try (var listener = new TcpListener(channel)) {
          assertThat(listener.acceptNow()).isNull();
          assertThat(listener.acceptNow()).isNull();
          try (var stream = listener.accept()) {
            assertThat(stream.remoteAddress()).isEqualTo(real.getLocalAddress());
          }
          assertThatThrownBy(listener::accept)
              .isInstanceOf(IOException.class)
              .hasMessage("Too many open files");
        }
      }
    });
  }

  @Test
  void an_error_of_closing_is_not_lost_and_it_is_closed_all_the_same() throws Exception {
    Roost.run(() -> {
      var channel = new FakeServerChannel();
      channel.failsToClose = true;
      var listener = new TcpListener(channel);
      assertThatThrownBy(listener::close)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("TcpListener.close")
          .hasRootCauseMessage("cannot close");
      listener.close();
      assertThatThrownBy(listener::accept).isInstanceOf(ClosedChannelException.class);
      var error = new IOException("the first");
      channel = new FakeServerChannel();
      channel.failsToClose = true;
      OpenChannel.discard(channel, error);
      assertThat(error.getSuppressed()).hasSize(1);
    });
  }

  @Test
  void what_cannot_be_set_up_is_closed() throws Exception {
    Roost.run(() -> {
      var channel = new FakeServerChannel();
      channel.failsToTell = true;
      assertThatThrownBy(() -> new TcpListener(channel)).hasMessage("no address");
      assertThat(channel.isOpen()).isFalse();
    });
    var outside = new FakeServerChannel();
    assertThatThrownBy(() -> new TcpListener(outside)).isInstanceOf(IllegalStateException.class);
    assertThat(outside.isOpen()).isFalse();
  }

  @Test
  void the_words_of_the_system_tell_whose_error_it_is() {
    assertThat(AcceptErrors.isOfOneConnection(new IOException("Software caused connection abort")))
        .isTrue();
    assertThat(AcceptErrors.isOfOneConnection(new IOException("Too many open files"))).isFalse();
    assertThat(AcceptErrors.isOfOneConnection(new IOException())).isFalse();
    for (var words :
        List.of(
            "Too many open files in system",
            "Cannot allocate memory",
            "No buffer space available")) {
      assertThat(AcceptErrors.isOfCapacity(new IOException(words))).isTrue();
    }
    assertThat(AcceptErrors.isOfCapacity(new IOException("the moon is full"))).isFalse();
  }
}
