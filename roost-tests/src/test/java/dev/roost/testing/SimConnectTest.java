package dev.roost.testing;

import static dev.roost.testing.SimWorld.close;
import static dev.roost.testing.SimWorld.connect;
import static dev.roost.testing.SimWorld.millis;
import static dev.roost.testing.SimWorld.onNet;
import static dev.roost.testing.SimWorld.pair;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.BusyResourceException;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.BrokenStreamException;
import dev.roost.net.Network;
import dev.roost.net.Readiness;
import dev.roost.net.TcpListener;
import dev.roost.net.TcpStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Connecting to simulated hosts. */
class SimConnectTest {

  @Test
  void port_without_a_listener_refuses() throws Exception {
    onNet((net, here, there) ->
        assertThatThrownBy(() -> here.run(() -> connect(there.ipv4(), 80)))
            .isInstanceOf(ConnectException.class)
            .hasMessageContaining("Connection refused"));
  }

  @Test
  void nobody_answering_is_a_timeout_after_127_seconds() throws Exception {
    onNet((net, here, there) -> {
      net.link(here, there).loss(1);
      assertThatThrownBy(() -> here.run(() -> connect(there.ipv4(), 80)))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("Connection timed out");
      assertThat(millis()).isEqualTo(127_000);
    });
  }

  @Test
  void connecting_tries_again_until_the_partition_is_over() throws Exception {
    onNet((net, here, there) ->
        Nursery.run(nursery -> {
          net.partition(here);
          nursery.start(() -> {
            Roost.sleep(Duration.ofSeconds(4));
            net.heal();
          });
          close(here, there);
          assertThat(millis()).isEqualTo(7_002);
        }));
  }

  @Test
  void addresses_that_lead_nowhere_are_errors() throws Exception {
    onNet((net, here, there) -> {
      var only4 = net.host("only4", InetAddress.ofLiteral("192.0.2.1"));
      assertThatThrownBy(() -> here.run(() -> connect(InetAddress.ofLiteral("192.0.2.9"), 80)))
          .hasRootCauseInstanceOf(NoRouteToHostException.class);
      assertThatThrownBy(() -> here.run(() -> TcpStream.connect("nowhere", 80).close()))
          .isInstanceOf(UnknownHostException.class)
          .hasMessageContaining(
              "nowhere: no such name in the simulated network, asked for on here");
      assertThatThrownBy(() -> only4.run(() -> connect(there.ipv6(), 80)))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("has no addresses of INET6");
      assertThatThrownBy(only4::ipv6)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("SimHost[only4] has no such address");
    });
  }

  @Test
  void connecting_can_be_cancelled_and_the_server_sees_a_reset() throws Exception {
    onNet((net, here, there) -> {
      net.link(here, there).latency(Duration.ofSeconds(10));
      try (var listener = there.call(() -> TcpListener.open(80))) {
        assertThat(
                CancelScope.moveOnAfter(Duration.ofSeconds(15))
                    .run(() -> here.run(() -> connect(there.ipv4(), 80))))
            .isFalse();
        try (var server = listener.accept()) {
          assertThatThrownBy(() -> server.receiveSome(1)).isInstanceOf(BrokenStreamException.class);
        }
      }
    });
  }

  @Test
  void who_waits_in_the_queue_of_a_listener_that_is_closed_is_reset() throws Exception {
    onNet((net, here, there) -> {
      var listener = there.call(() -> TcpListener.open(80));
      var client = here.call(() -> TcpStream.connect("there", 80));
      try (client) {
        listener.close();
        assertThatThrownBy(() -> client.receiveSome(1)).isInstanceOf(BrokenStreamException.class);
      }
    });
  }

  @Test
  void listener_and_stream_that_are_closed_wake_those_who_wait() throws Exception {
    onNet((net, here, there) -> {
      var listener = there.call(() -> TcpListener.open(80));
      var ends = pair(here, there);
      try (var _ = ends.right()) {
        Nursery.run(nursery -> {
          nursery.start(() ->
              assertThatThrownBy(listener::accept).isInstanceOf(ClosedChannelException.class));
          nursery.start(() ->
              assertThatThrownBy(() -> ends.left().receiveSome(1))
                  .isInstanceOf(ClosedChannelException.class));
          Testing.waitAllTasksBlocked();
          listener.close();
          ends.left().close();
        });
      }
    });
  }

  @Test
  void wait_for_a_connection_can_be_cancelled() throws Exception {
    onNet((net, here, there) -> {
      try (var listener = there.call(() -> TcpListener.open(80))) {
        assertThat(CancelScope.moveOnAfter(Duration.ofSeconds(1)).run(listener::accept)).isFalse();
        here.run(() -> TcpStream.connect("there", 80).close());
        listener.accept().close();
      }
    });
  }

  @Test
  void tasks_that_wait_for_the_same_channel_are_found() throws Exception {
    onNet((net, here, there) ->
        here.run(() -> {
          try (var channel = Network.current().provider().openServerSocketChannel()) {
            channel.configureBlocking(false);
            channel.bind(null);
            Nursery.run(nursery -> {
              nursery.start(() -> Readiness.waitReadable(channel));
              Testing.waitAllTasksBlocked();
              assertThatThrownBy(() -> Readiness.waitReadable(channel))
                  .isInstanceOf(BusyResourceException.class)
                  .hasMessageContaining("Two tasks wait for a connection on port")
                  .hasMessageContaining("of here at once");
              nursery.cancel();
            });
          }
        }));
  }
}
