package dev.roost.net;

import static dev.roost.net.Tcp.ANY_PORT;
import static dev.roost.net.Tcp.openSockets;
import static dev.roost.net.Tcp.receiveExactly;
import static dev.roost.testing.Testing.assertCheckpoints;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.Roost;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connecting real sockets; the pace of the race is tested in {@link HappyEyeballsTest}. */
@Timeout(30)
class TcpConnectorTest {

  private static HostResolver always(String... addresses) {
    return host -> Stream.of(addresses).map(InetAddress::ofLiteral).toList();
  }

  /** A port that nobody listens on. */
  private static int refusedPort() throws IOException {
    try (var listener = TcpListener.open(ANY_PORT)) {
      return listener.localAddress().getPort();
    }
  }

  @Test
  void a_name_is_resolved_and_numbers_are_not() throws Exception {
    Roost.run(() -> {
      var asked = new ArrayList<String>();
      var connector =
          TcpStream.connector()
              .resolver(host -> {
                asked.add(host);
                return List.of(InetAddress.ofLiteral("127.0.0.1"));
              });
      try (var listener = TcpListener.open(ANY_PORT)) {
        int port = listener.localAddress().getPort();
        connector.connect("127.0.0.1", port).close();
        assertThat(asked).isEmpty();
        connector.connect("a.test", port).close();
        assertThat(asked).containsExactly("a.test");
        TcpStream.connect("localhost", port).close();
      }
    });
  }

  @Test
  void an_address_that_refuses_gives_way_to_the_next() throws Exception {
    Roost.run(() -> {
      try (var listener = TcpListener.open(ANY_PORT)) {
        var connector =
            TcpStream.connector()
                .happyEyeballsDelay(Duration.ofDays(1))
                .resolver(always("127.0.0.2", "127.0.0.3", "127.0.0.1"));
        try (var stream = connector.connect("a.test", listener.localAddress().getPort())) {
          assertThat(stream.remoteAddress()).isEqualTo(listener.localAddress());
        }
      }
    });
  }

  @Test
  void if_all_refuse_the_error_names_the_target_and_has_them_all() throws Exception {
    Roost.run(() -> {
      int port = refusedPort();
      long before = openSockets();
      var connector = TcpStream.connector().resolver(always("127.0.0.1", "127.0.0.2"));
      assertThatThrownBy(() -> connector.connect("a.test", port))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("All 2 attempts to connect to a.test:" + port + " failed")
          .cause()
          .isInstanceOfSatisfying(
              ExceptionGroup.class,
              group -> {
                assertThat(group.errors()).hasSize(2).allMatch(ConnectException.class::isInstance);
                assertThat(group.errors().get(0)).hasMessageContaining("127.0.0.1:" + port);
                assertThat(group.errors().get(1)).hasMessageContaining("127.0.0.2:" + port);
              });
      assertThatThrownBy(() -> TcpStream.connect("127.0.0.1", port))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("The attempt to connect to 127.0.0.1:" + port + " failed")
          .hasCauseInstanceOf(ExceptionGroup.class);
      assertThat(openSockets()).isEqualTo(before);
    });
  }

  @Test
  void a_host_without_addresses_is_unknown() throws Exception {
    Roost.run(() -> {
      assertThatThrownBy(() -> TcpStream.connector().resolver(always()).connect("a.test", 1))
          .isInstanceOf(UnknownHostException.class)
          .hasMessageContaining("a.test");
      assertThatThrownBy(() -> TcpStream.connect("no-such-host.invalid", 1))
          .isInstanceOf(UnknownHostException.class);
      assertThatThrownBy(() ->
              TcpStream.connector()
                  .resolver(host -> {
                    throw new IOException("no net");
                  })
                  .connect("a.test", 1))
          .isInstanceOf(IOException.class)
          .hasMessage("no net");
    });
  }

  @Test
  void nonsense_is_refused() throws Exception {
    Roost.run(() -> {
      for (int port : new int[] {0, -1, 65_536}) {
        assertThatThrownBy(() -> TcpStream.connect("127.0.0.1", port))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("the port is " + port);
      }
      assertThatThrownBy(() -> TcpStream.connect("", 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the host is empty");
    });
    var connector = TcpStream.connector();
    assertThatThrownBy(() -> connector.happyEyeballsDelay(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("negative");
    assertThatThrownBy(() -> connector.localAddress(InetSocketAddress.createUnresolved("x", 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not resolved");
    assertThatThrownBy(() -> connector.connect("127.0.0.1", 1))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void a_connection_can_come_from_a_chosen_address() throws Exception {
    Roost.run(() -> {
      try (var listener = TcpListener.open(ANY_PORT)) {
        var from = InetAddress.ofLiteral("127.0.0.5");
        try (var stream =
            TcpStream.connector()
                .localAddress(from)
                .connect("127.0.0.1", listener.localAddress().getPort())) {
          assertThat(stream.localAddress().getAddress()).isEqualTo(from);
        }
      }
    });
  }

  @Test
  void a_local_address_of_another_family_fails_the_attempts_of_that_family_alone()
      throws Exception {
    Roost.run(() -> {
      long before = openSockets();
      var fromV4 =
          TcpStream.connector()
              .localAddress(InetAddress.ofLiteral("127.0.0.1"))
              .resolver(always("::1", "127.0.0.1"));
      try (var listener = TcpListener.open(ANY_PORT)) {
        fromV4.connect("a.test", listener.localAddress().getPort()).close();
      }
      int port = refusedPort();
      assertThatThrownBy(() -> fromV4.resolver(always("::1")).connect("a.test", port))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("[::1]:" + port + " from 127.0.0.1:0");
      assertThat(openSockets()).isEqualTo(before);
    });
  }

  @Test
  void the_losers_of_the_race_are_closed() throws Exception {
    Roost.run(() -> {
      try (var listener = TcpListener.open(0)) {
        long before = openSockets();
        var connector =
            TcpStream.connector()
                .happyEyeballsDelay(Duration.ZERO)
                .resolver(always("127.0.0.1", "127.0.0.2", "127.0.0.3"));
        try (var stream = connector.connect("a.test", listener.localAddress().getPort())) {
          assertThat(openSockets()).isEqualTo(before + 1);
          try (var server = accepted(listener, stream)) {
            server.sendAll("x");
            assertThat(receiveExactly(stream, 1)).containsExactly('x');
          }
        }
        assertThat(openSockets()).isEqualTo(before);
      }
    });
  }

  private static TcpStream accepted(TcpListener listener, TcpStream client)
      throws IOException, InterruptedException {
    while (true) {
      var server = listener.accept();
      if (server.remoteAddress().equals(client.localAddress())) {
        return server;
      }
      server.close();
    }
  }

  /**
   * The scope is cancelled between the look-up and the attempts, which then have sockets, but may
   * not wait.
   */
  @Test
  void a_cancelled_connect_leaves_no_socket_open() throws Exception {
    Roost.run(() -> {
      try (var listener = TcpListener.open(ANY_PORT)) {
        long before = openSockets();
        for (int i = 0; i < 20; i++) {
          var scope = CancelScope.create();
          var connector =
              TcpStream.connector()
                  .happyEyeballsDelay(Duration.ZERO)
                  .resolver(host -> {
                    scope.cancel();
                    return always("127.0.0.1", "127.0.0.2").resolve(host);
                  });
          assertThat(
                  scope.run(() -> connector.connect("a.test", listener.localAddress().getPort())))
              .isFalse();
        }
        assertThat(openSockets()).isEqualTo(before);
      }
    });
  }

  /**
   * More connections than the queue of a server takes that never accepts: the rest have to wait.
   */
  @Test
  void a_connect_that_is_cancelled_while_it_waits_leaves_no_socket_open() throws Exception {
    Roost.run(() -> {
      try (var server = ServerSocketChannel.open().bind(ANY_PORT, 1)) {
        var address = (InetSocketAddress) server.getLocalAddress();
        long before = openSockets();
        var connected = new ArrayList<TcpStream>();
        Nursery.run(nursery -> {
          for (int i = 0; i < 20; i++) {
            nursery.start(() -> connected.add(TcpStream.connect(address)));
          }
          waitAllTasksBlocked();
          nursery.cancel();
        });
        Assumptions.assumeTrue(
            connected.size() < 20, "this system queues more than it was told to");
        assertThat(openSockets()).isEqualTo(before + connected.size());
        connected.forEach(TcpStream::close);
        assertThat(openSockets()).isEqualTo(before);
      }
    });
  }

  @Test
  void an_address_can_be_given_as_it_is() throws Exception {
    Roost.run(() -> {
      try (var listener = TcpListener.open(ANY_PORT)) {
        var resolved = listener.localAddress();
        var unresolved = InetSocketAddress.createUnresolved("localhost", resolved.getPort());
        for (var address : List.of(resolved, unresolved)) {
          try (var stream = TcpStream.connect(address)) {
            assertThat(stream.remoteAddress()).isEqualTo(resolved);
          }
        }
      }
      var refused = new InetSocketAddress("127.0.0.1", refusedPort());
      assertThatThrownBy(() -> TcpStream.connect(refused))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("127.0.0.1:" + refused.getPort());
    });
  }

  @Test
  void connecting_is_a_checkpoint() throws Exception {
    Roost.run(() -> {
      try (var listener = TcpListener.open(ANY_PORT)) {
        int port = listener.localAddress().getPort();
        assertCheckpoints(() -> TcpStream.connect("127.0.0.1", port).close());
      }
    });
  }

  @Test
  void its_text_tells_its_options() {
    assertThat(TcpStream.connector()).hasToString("TcpConnector[happyEyeballsDelay=PT0.25S]");
    assertThat(TcpStream.connector().localAddress(InetAddress.ofLiteral("::1")))
        .hasToString("TcpConnector[happyEyeballsDelay=PT0.25S, localAddress=[::1]:0]");
  }
}
