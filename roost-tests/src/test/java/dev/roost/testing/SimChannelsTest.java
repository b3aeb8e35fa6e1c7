package dev.roost.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncRunnable;
import dev.roost.Roost;
import dev.roost.World;
import dev.roost.net.DatagramSocket;
import dev.roost.net.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Datagrams on simulated hosts, and the corners of the channels below. */
class SimChannelsTest {

  private interface Body {
    void run(SimNet net, SimHost here, SimHost there) throws Exception;
  }

  private static void onNet(Body body) throws Exception {
    World.options()
        .<Exception>run(() ->
            SimNet.<Exception>run(1, net -> body.run(net, net.host("here"), net.host("there"))));
  }

  private static DatagramSocket open(SimHost host, int port) throws Exception {
    return host.call(() -> DatagramSocket.open(port));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes());
  }

  private static String receive(DatagramSocket socket) throws Exception {
    var room = ByteBuffer.allocate(100);
    socket.receive(room);
    return new String(room.array(), 0, room.position());
  }

  // ---- datagrams

  @Test
  void datagrams_go_there_and_back() throws Exception {
    onNet((net, here, there) -> {
      net.link(here, there).latency(Duration.ofSeconds(1));
      try (var client = open(here, 0);
          var server = open(there, 53)) {
        client.send(bytes("question"), new InetSocketAddress(there.ipv4(), 53));
        var room = ByteBuffer.allocate(100);
        InetSocketAddress sender = server.receive(room);
        assertThat(new String(room.array(), 0, room.position())).isEqualTo("question");
        assertThat(sender.getAddress()).isEqualTo(here.ipv4());
        server.send(bytes("answer"), sender);
        assertThat(receive(client)).isEqualTo("answer");
        assertThat(World.elapsed()).isEqualTo(2);
      }
    });
  }

  @Test
  void datagrams_are_lost_late_and_out_of_order() throws Exception {
    onNet((net, here, there) -> {
      net.link(here, there).loss(0.3).jitter(Duration.ofSeconds(1));
      try (var client = open(here, 0);
          var server = open(there, 53)) {
        for (int i = 0; i < 100; i++) {
          client.send(bytes("" + i), new InetSocketAddress(there.ipv4(), 53));
        }
        var received = new ArrayList<Integer>();
        assertThat(
                dev.roost.CancelScope.moveOnAfter(Duration.ofSeconds(9))
                    .run(() -> {
                      while (true) {
                        received.add(Integer.parseInt(receive(server)));
                      }
                    }))
            .isFalse();
        assertThat(received)
            .hasSizeBetween(50, 90)
            .isNotEqualTo(received.stream().sorted().toList());
      }
    });
  }

  @Test
  void what_nobody_receives_is_dropped() throws Exception {
    onNet((net, here, there) -> {
      try (var client = open(here, 0);
          var server = open(there, 53)) {
        var target = new InetSocketAddress(there.ipv4(), 53);
        for (int i = 0; i < 300; i++) {
          client.send(bytes("" + i), target);
        }
        client.send(bytes("x"), new InetSocketAddress(there.ipv4(), 54)); // nobody there
        client.send(bytes("x"), new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 1));
        Roost.sleep(Duration.ofSeconds(1));
        net.partition(here);
        client.send(bytes("cut off"), target);
        Roost.sleep(Duration.ofSeconds(1));
        for (int i = 0; i < 256; i++) {
          assertThat(receive(server)).isEqualTo("" + i);
        }
        net.heal();
        client.send(bytes("next"), target);
        assertThat(receive(server)).isEqualTo("next");
      }
    });
  }

  @Test
  void connected_socket_hears_its_peer_alone() throws Exception {
    onNet((net, here, there) -> {
      try (var client = open(here, 0);
          var server = open(there, 53);
          var stranger = open(there, 99)) {
        client.connect(new InetSocketAddress(there.ipv4(), 53));
        client.send("hello");
        var room = ByteBuffer.allocate(100);
        InetSocketAddress sender = server.receive(room);
        stranger.send(bytes("intruding"), sender);
        Roost.sleep(Duration.ofSeconds(1));
        server.send(bytes("welcome"), sender);
        assertThat(receive(client)).isEqualTo("welcome");
        client.disconnect();
        stranger.send(bytes("now"), sender);
        assertThat(receive(client)).isEqualTo("now");
      }
    });
  }

  @Test
  void socket_that_is_closed_wakes_who_waits() throws Exception {
    onNet((net, here, there) -> {
      var socket = open(here, 0);
      dev.roost.Nursery.run(nursery -> {
        nursery.start(() ->
            assertThatThrownBy(() -> receive(socket)).isInstanceOf(ClosedChannelException.class));
        Testing.waitAllTasksBlocked();
        socket.close();
      });
    });
  }

  @Test
  void empty_datagrams_arrive_too() throws Exception {
    onNet((net, here, there) -> {
      try (var client = open(here, 0);
          var server = open(there, 53)) {
        client.send(ByteBuffer.allocate(0), new InetSocketAddress(there.ipv4(), 53));
        assertThat(receive(server)).isEmpty();
      }
    });
  }

  // ---- corners

  @Test
  void channels_below_do_as_those_of_the_jdk() throws Exception {
    onNet((net, here, there) ->
        here.run(() -> {
          var provider = Network.current().provider();
          try (var datagrams = provider.openDatagramChannel();
              var socket = provider.openSocketChannel();
              var server = provider.openServerSocketChannel()) {
            assertThatThrownBy(() -> datagrams.write(bytes("x")))
                .isInstanceOf(NotYetConnectedException.class);
            datagrams.connect(new InetSocketAddress(here.ipv4(), 7)); // binds it
            assertThat(datagrams.getLocalAddress()).isNotNull();
            assertThat(datagrams.getRemoteAddress()).isNotNull();
            assertThat(datagrams.isConnected()).isTrue();
            assertThat(datagrams.write(bytes("x"))).isEqualTo(1);
            assertThat(datagrams.read(ByteBuffer.allocate(1))).isZero();
            assertThat(datagrams.supportedOptions()).contains(StandardSocketOptions.SO_BROADCAST);
            datagrams.setOption(StandardSocketOptions.SO_BROADCAST, true);
            assertThat(datagrams.getOption(StandardSocketOptions.SO_BROADCAST)).isTrue();
            assertThatThrownBy(
                    () -> datagrams.send(ByteBuffer.allocate(65_508), datagrams.getLocalAddress()))
                .isInstanceOf(SocketException.class)
                .hasMessage("Message too long");

            assertThatThrownBy(() -> socket.read(ByteBuffer.allocate(1)))
                .isInstanceOf(NotYetConnectedException.class);
            assertThatThrownBy(() -> socket.connect(InetSocketAddress.createUnresolved("there", 1)))
                .isInstanceOf(UnresolvedAddressException.class);
            assertThat(socket.finishConnect()).isFalse();
            assertThat(socket.isConnected()).isFalse();
            assertThat(socket.isConnectionPending()).isFalse();
            assertThat(socket.getRemoteAddress()).isNull();
            assertThat(socket.supportedOptions()).contains(StandardSocketOptions.TCP_NODELAY);

            assertThatThrownBy(server::accept).isInstanceOf(NotYetBoundException.class);
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            assertThat(server.getOption(StandardSocketOptions.SO_REUSEADDR)).isTrue();
          }
        }));
  }

  @Test
  void closed_channels_say_so() throws Exception {
    onNet((net, here, there) ->
        here.run(() -> {
          var provider = Network.current().provider();
          var datagrams = provider.openDatagramChannel();
          var socket = provider.openSocketChannel();
          var server = provider.openServerSocketChannel();
          datagrams.close();
          socket.close();
          server.close();
          List<AsyncRunnable<Exception>> calls =
              List.of(
                  datagrams::getLocalAddress,
                  socket::getLocalAddress,
                  () -> socket.connect(new InetSocketAddress(there.ipv4(), 1)),
                  server::getLocalAddress);
          for (var call : calls) {
            assertThatThrownBy(call::run).isInstanceOf(ClosedChannelException.class);
          }
        }));
  }

  @Test
  void what_there_is_not_says_so() throws Exception {
    onNet((net, here, there) ->
        here.run(() -> {
          var provider = Network.current().provider();
          var buffers = new ByteBuffer[0];
          try (var datagrams = provider.openDatagramChannel(StandardProtocolFamily.INET);
              var socket = provider.openSocketChannel();
              var server = provider.openServerSocketChannel(StandardProtocolFamily.INET6)) {
            List<AsyncRunnable<Exception>> calls =
                List.of(
                    provider::openPipe,
                    provider::openSelector,
                    () -> provider.openSocketChannel(StandardProtocolFamily.UNIX),
                    datagrams::socket,
                    () -> datagrams.read(buffers, 0, 0),
                    () -> datagrams.write(buffers, 0, 0),
                    () -> datagrams.join(here.ipv4(), null),
                    () -> datagrams.join(here.ipv4(), null, here.ipv4()),
                    () ->
                        datagrams.send(
                            ByteBuffer.allocate(1), new InetSocketAddress("239.0.0.1", 9)),
                    socket::socket,
                    socket::shutdownInput,
                    () -> socket.read(buffers, 0, 0),
                    () -> socket.write(buffers, 0, 0),
                    server::socket);
            for (var call : calls) {
              assertThatThrownBy(call::run).isInstanceOf(UnsupportedOperationException.class);
            }
          }
        }));
  }
}
