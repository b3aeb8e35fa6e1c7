package dev.roost.net;

import static dev.roost.net.Tcp.ANY_PORT;
import static dev.roost.testing.Testing.assertCheckpoints;
import static dev.roost.testing.Testing.assertNoCheckpoints;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes through a datagram socket. */
@Timeout(30)
class DatagramSocketTest {

  @FunctionalInterface
  interface Body {
    void run(DatagramSocket one, DatagramSocket other) throws Exception;
  }

  /** Runs a test with two sockets. */
  static void withSockets(Body body) throws Exception {
    Roost.run(() -> {
      try (var one = DatagramSocket.open(ANY_PORT);
          var other = DatagramSocket.open(ANY_PORT)) {
        body.run(one, other);
      }
    });
  }

  @Test
  void datagrams_arrive_whole_with_their_sender() throws Exception {
    withSockets((one, other) -> {
      one.send(new byte[] {1, 2, 3}, other.localAddress());
      one.send("grüße", other.localAddress());
      one.send(ByteBuffer.wrap("--some--".getBytes(), 2, 4), other.localAddress());

      var first = other.receive();
      assertThat(first.bytes()).containsExactly(1, 2, 3);
      assertThat(first.sender()).isEqualTo(one.localAddress());
      assertThat(first.truncated()).isFalse();
      assertThat(first)
          .hasToString("Datagram[3 bytes from " + Targets.text(one.localAddress()) + "]");
      assertThat(other.receive().text()).isEqualTo("grüße");
      assertThat(other.receive().text()).isEqualTo("some");
    });
  }

  @Test
  void the_buffer_of_a_sent_datagram_is_used_up() throws Exception {
    withSockets((one, other) -> {
      var buffer = ByteBuffer.allocateDirect(10).position(2).limit(7);
      one.send(buffer, other.localAddress());
      assertThat(buffer.position()).isEqualTo(7);
      assertThat(other.receive().bytes()).hasSize(5);
    });
  }

  @Test
  void empty_datagrams_arrive() throws Exception {
    withSockets((one, other) -> {
      assertCheckpoints(() -> one.send("", other.localAddress()));
      assertThat(one.sendNow(ByteBuffer.allocate(0), other.localAddress())).isTrue();
      assertThat(other.receive().bytes()).isEmpty();
      assertThat(other.receive(ByteBuffer.allocate(0))).isEqualTo(one.localAddress());
    });
  }

  @Test
  void the_biggest_datagram_arrives_and_a_bigger_one_is_an_error() throws Exception {
    withSockets((one, other) -> {
      one.setOption(StandardSocketOptions.SO_SNDBUF, 1 << 18);
      one.send(new byte[65_507], other.localAddress());
      assertThat(other.receive().bytes()).hasSize(65_507);
      assertThatThrownBy(() -> one.send(new byte[65_508], other.localAddress()))
          .isInstanceOf(SocketException.class)
          .hasMessageContainingAll(
              "65508 bytes", Targets.text(other.localAddress()), "Message too long");
    });
  }

  @Test
  void a_datagram_that_is_cut_says_so() throws Exception {
    withSockets((one, other) -> {
      for (int i = 0; i < 3; i++) {
        one.send("0123456789", other.localAddress());
      }
      one.send("next", other.localAddress());

      var whole = other.receive(10);
      assertThat(whole.truncated()).isFalse();
      var cut = other.receive(4);
      assertThat(cut.truncated()).isTrue();
      assertThat(cut.text()).isEqualTo("0123");
      assertThat(cut)
          .hasToString(
              "Datagram[4 bytes, truncated, from " + Targets.text(one.localAddress()) + "]");

      var buffer = ByteBuffer.allocate(9);
      assertThatThrownBy(() -> other.receive(buffer))
          .isInstanceOfSatisfying(
              DatagramTruncatedException.class,
              e -> {
                assertThat(e.length()).isEqualTo(10);
                assertThat(e.sender()).isEqualTo(one.localAddress());
              })
          .hasMessageContainingAll("10 bytes", "room for 9");
      assertThat(buffer.array()).isEqualTo("012345678".getBytes());
      assertThat(other.receive().text()).isEqualTo("next");
    });
  }

  @Test
  void a_buffer_receives_from_its_position() throws Exception {
    withSockets((one, other) -> {
      one.send("abc", other.localAddress());
      var buffer = ByteBuffer.allocate(10).position(2);
      assertThat(other.receive(buffer)).isEqualTo(one.localAddress());
      assertThat(buffer.position()).isEqualTo(5);
      assertThat(buffer.limit()).isEqualTo(10);
    });
  }

  @Test
  void receiving_waits_and_two_sockets_of_a_run_do_not_mix_up() throws Exception {
    withSockets((one, other) -> {
      var received = new ArrayList<String>();
      Nursery.run(nursery -> {
        nursery.start(() -> received.add("one " + one.receive().text()));
        nursery.start(() -> received.add("other " + other.receive().text()));
        waitAllTasksBlocked();
        assertThat(received).isEmpty();
        one.send("to other", other.localAddress());
        other.send("to one", one.localAddress());
      });
      assertThat(received).containsExactlyInAnyOrder("one to one", "other to other");
    });
  }

  @Test
  void a_cancelled_receive_loses_no_datagram() throws Exception {
    withSockets((one, other) -> {
      for (int i = 0; i < 20; i++) {
        var scope = CancelScope.create();
        int number = i;
        Nursery.run(nursery -> {
          nursery.start(() ->
              scope.run(() -> assertThat(other.receive().text()).isEqualTo("never " + number)));
          waitAllTasksBlocked();
          one.send("number " + number, other.localAddress());
          scope.cancel(); // it is there, and nobody has looked
        });
        assertThat(scope.cancelledCaught()).isTrue();
        assertThat(other.receive().text()).isEqualTo("number " + i);
      }
    });
  }

  @Test
  void a_cancelled_send_sends_nothing() throws Exception {
    withSockets((one, other) -> {
      var scope = CancelScope.create();
      scope.cancel();
      assertThat(scope.run(() -> one.send("lost", other.localAddress()))).isFalse();
      one.send("first", other.localAddress());
      assertThat(other.receive().text()).isEqualTo("first");
    });
  }

  @Test
  void what_is_a_checkpoint_is_always_one() throws Exception {
    withSockets((one, other) -> {
      assertCheckpoints(() -> one.send("x", other.localAddress()));
      assertCheckpoints(other::receive);
      assertCheckpoints(() -> one.connect(other.localAddress()));
      assertNoCheckpoints(() -> {
        one.sendNow(ByteBuffer.allocate(1), other.localAddress());
        one.disconnect();
        one.setOption(StandardSocketOptions.SO_BROADCAST, true);
        one.close();
      });
    });
  }

  @Test
  void datagrams_keep_their_order_on_the_way_to_a_socket_nearby() throws Exception {
    withSockets((one, other) -> {
      var numbers = new ArrayList<Integer>();
      for (int round = 0; round < 10; round++) { // as many at once as any system has room for
        for (int i = 0; i < 20; i++) {
          one.send(ByteBuffer.allocate(100).putInt(0, 20 * round + i), other.localAddress());
        }
        for (int i = 0; i < 20; i++) {
          numbers.add(ByteBuffer.wrap(other.receive().bytes()).getInt());
        }
      }
      assertThat(numbers).hasSize(200).isSorted();
    });
  }

  @Test
  void a_connected_socket_hears_its_peer_alone() throws Exception {
    withSockets((one, other) -> {
      try (var third = DatagramSocket.open(ANY_PORT)) {
        assertThat(one.connect(other.localAddress())).isSameAs(one);
        assertThat(one.remoteAddress()).contains(other.localAddress());
        third.send("no", one.localAddress());
        other.send("yes", one.localAddress());
        assertThat(one.receive().text()).isEqualTo("yes");
        one.send("a");
        one.send(new byte[] {'b'});
        one.send(ByteBuffer.wrap(new byte[] {'c'}));
        for (var expected : List.of("a", "b", "c")) {
          assertThat(other.receive().text()).isEqualTo(expected);
        }
        assertThatThrownBy(() -> one.send("x", third.localAddress()))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("while it is connected");
        assertThatThrownBy(() -> one.connect(third.localAddress()))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("connected already");
        assertThat(one.disconnect().remoteAddress()).isEmpty();
        one.send("y", third.localAddress());
        assertThat(third.receive().text()).isEqualTo("y");
        assertThatThrownBy(() -> one.send("z"))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContainingAll("not connected", "Call connect");
      }
    });
  }

  @Test
  void names_are_resolved() throws Exception {
    Roost.run(() -> {
      try (var server = DatagramSocket.open();
          var client = DatagramSocket.open()) {
        int port = server.localAddress().getPort();
        client.send("by name", InetSocketAddress.createUnresolved("localhost", port));
        assertThat(server.receive().text()).isEqualTo("by name");
        client.connect("localhost", port).send("connected");
        assertThat(server.receive().text()).isEqualTo("connected");
        assertThat(client.localAddress().getAddress().isLoopbackAddress()).isTrue();
        var unresolved = InetSocketAddress.createUnresolved("localhost", port);
        assertThatThrownBy(() -> client.sendNow(ByteBuffer.allocate(1), unresolved))
            .isInstanceOf(UnknownHostException.class)
            .hasMessageContaining("not resolved");
        assertThatThrownBy(() -> DatagramSocket.open(unresolved))
            .isInstanceOf(UnknownHostException.class);
      }
    });
  }

  @Test
  void nobody_at_the_port_is_reported_to_a_connected_socket() throws Exception {
    withSockets((one, other) -> {
      var gone = other.localAddress();
      other.close();
      one.connect(gone).send("hello?");
      assertThatThrownBy(one::receive)
          .isInstanceOf(PortUnreachableException.class)
          .hasMessageContaining("nobody has that port open")
          .hasCauseInstanceOf(PortUnreachableException.class);
    });
  }

  @Test
  void addresses_of_the_other_family_are_an_error() throws Exception {
    withSockets((one, _) -> {
      var six = new InetSocketAddress(InetAddress.ofLiteral("::1"), 9);
      assertThatThrownBy(() -> one.send("x", six))
          .isInstanceOf(SocketException.class)
          .hasMessageContainingAll("[::1]:9", "IPv4");
      assertThatThrownBy(() -> one.connect(six))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("IPv4");
    });
  }

  @Test
  void a_port_in_use_is_an_error_unless_it_is_shared() throws Exception {
    withSockets((one, _) -> {
      assertThatThrownBy(() -> DatagramSocket.open(one.localAddress()))
          .isInstanceOf(BindException.class)
          .hasMessageContaining(Targets.text(one.localAddress()));
      try (var first = DatagramSocket.openShared(ANY_PORT);
          var second = DatagramSocket.openShared(first.localAddress())) {
        assertThat(second.localAddress()).isEqualTo(first.localAddress());
      }
      assertThatThrownBy(() -> DatagramSocket.open(70_000))
          .isInstanceOf(IllegalArgumentException.class);
    });
  }

  @Test
  void options_are_read_and_set() throws Exception {
    withSockets((one, _) -> {
      assertThat(one.setOption(StandardSocketOptions.SO_BROADCAST, true)).isSameAs(one);
      assertThat(one.option(StandardSocketOptions.SO_BROADCAST)).isTrue();
    });
  }

  @Test
  void sockets_that_are_left_open_are_closed_with_the_run() throws Exception {
    long before = Tcp.openSockets();
    Roost.run(() -> {
      for (int i = 0; i < 10; i++) {
        DatagramSocket.open(ANY_PORT);
      }
    });
    assertThat(Tcp.openSockets()).isEqualTo(before);
  }

  @Test
  void a_negative_size_is_an_error() throws Exception {
    withSockets((one, _) ->
        assertThatThrownBy(() -> one.receive(-1))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("-1 bytes"));
    var datagram = Datagram.of(new byte[1], ANY_PORT);
    assertThatThrownBy(() -> datagram.truncatedTo(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(datagram.truncatedTo(1)).isSameAs(datagram);
  }
}
