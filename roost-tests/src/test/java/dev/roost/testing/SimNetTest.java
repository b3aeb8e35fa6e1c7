package dev.roost.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncRunnable;
import dev.roost.BusyResourceException;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.World;
import dev.roost.io.BrokenStreamException;
import dev.roost.net.Network;
import dev.roost.net.Readiness;
import dev.roost.net.TcpListener;
import dev.roost.net.TcpStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams on simulated hosts. */
class SimNetTest {

  private interface Body {
    void run(SimNet net, SimHost here, SimHost there) throws Exception;
  }

  private static void onNet(long seed, Body body) throws Exception {
    World.options()
        .<Exception>run(() ->
            SimNet.<Exception>run(seed, net -> body.run(net, net.host("here"), net.host("there"))));
  }

  private static void onNet(Body body) throws Exception {
    onNet(1, body);
  }

  private static long millis() {
    return Duration.between(Instant.EPOCH, Roost.now()).toMillis();
  }

  /** A stream from one host to the other, and its other end. */
  private static StreamPair<TcpStream> pair(SimHost from, SimHost to) throws Exception {
    try (var listener = to.call(() -> TcpListener.open(0))) {
      int port = listener.localAddress().getPort();
      var client = from.call(() -> TcpStream.connect(to.name(), port));
      return new StreamPair<>(client, listener.accept());
    }
  }

  private static String receive(TcpStream stream) throws Exception {
    return new String(stream.receiveSome(1_000_000));
  }

  private static byte[] receiveAll(TcpStream stream) throws Exception {
    var all = new java.io.ByteArrayOutputStream();
    for (byte[] some; (some = stream.receiveSome(1 << 20)).length > 0; ) {
      all.writeBytes(some);
    }
    return all.toByteArray();
  }

  // ---- what streams do

  @Test
  void streams_keep_the_contract_of_all_streams() throws Exception {
    onNet((net, here, there) -> {
      StreamChecks.halfCloseable(() -> pair(here, there));
      StreamChecks.halfCloseable(() -> pair(here, here));
    });
  }

  @Test
  void connecting_takes_a_round_trip_and_each_message_half_of_one() throws Exception {
    onNet((net, here, there) -> {
      net.link(here, there).latency(Duration.ofMillis(20));
      var ends = pair(here, there);
      try (var client = ends.left();
          var server = ends.right()) {
        assertThat(millis()).isEqualTo(40);
        client.sendAll("hello");
        assertThat(millis()).isEqualTo(40);
        assertThat(receive(server)).isEqualTo("hello");
        assertThat(millis()).isEqualTo(60);
        assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
        assertThat(client.remoteAddress().getAddress()).isEqualTo(there.ipv6());
        assertThat(client.localAddress().getAddress()).isEqualTo(here.ipv6());
      }
    });
  }

  @Test
  void bandwidth_bounds_what_goes_through() throws Exception {
    onNet((net, here, there) -> {
      var ends = pair(here, there);
      net.link(here, there).latency(Duration.ZERO).bandwidth(1_000_000);
      long before = millis();
      try (var server = ends.right()) {
        Nursery.run(nursery -> {
          nursery.start(() -> {
            try (var client = ends.left()) {
              client.sendAll(new byte[3_000_000]);
            }
          });
          assertThat(receiveAll(server)).hasSize(3_000_000);
        });
      }
      assertThat(millis() - before).isEqualTo(3_000);
    });
  }

  @Test
  void sender_waits_for_the_receiver() throws Exception {
    onNet((net, here, there) -> {
      var ends = pair(here, there);
      var sent = new ArrayList<String>();
      try (var client = ends.left();
          var server = ends.right()) {
        Nursery.run(nursery -> {
          nursery.start(() -> {
            client.sendAll(new byte[1 << 20]);
            sent.add("all");
          });
          Roost.sleep(Duration.ofHours(1));
          assertThat(sent).isEmpty();
          int count = 0;
          while (count < 1 << 20) {
            count += server.receiveSome(1 << 20).length;
          }
        });
        assertThat(sent).containsExactly("all");
      }
    });
  }

  @Test
  void stream_is_whole_and_in_order_whatever_is_lost_or_late() throws Exception {
    onNet((net, here, there) -> {
      net.link(here, there).loss(0.3).jitter(Duration.ofMillis(50));
      byte[] data = new byte[1_000_000];
      for (int i = 0; i < data.length; i++) {
        data[i] = (byte) (i * 31 >> 4);
      }
      var ends = pair(here, there);
      try (var server = ends.right()) {
        Nursery.run(nursery -> {
          nursery.start(() -> {
            try (var client = ends.left()) {
              client.sendAll(data);
            }
          });
          assertThat(receiveAll(server)).isEqualTo(data);
        });
      }
      assertThat(millis()).isGreaterThan(200);
    });
  }

  @Test
  void same_seed_gives_the_same_times() throws Exception {
    var times = new ArrayList<Long>();
    for (long seed : new long[] {7, 7, 8}) {
      onNet(
          seed,
          (net, here, there) -> {
            net.defaultLink().loss(0.2).jitter(Duration.ofSeconds(1));
            var ends = pair(here, there);
            try (var client = ends.left();
                var server = ends.right()) {
              client.sendAll("x");
              receive(server);
              times.add(millis());
            }
          });
    }
    assertThat(times.get(0)).isEqualTo(times.get(1)).isNotEqualTo(times.get(2));
  }

  // ---- partitions, resets, black holes

  @Test
  void stream_survives_a_partition() throws Exception {
    onNet((net, here, there) -> {
      var ends = pair(here, there);
      try (var client = ends.left();
          var server = ends.right()) {
        net.partition(there);
        client.sendAll("through");
        assertThat(CancelScope.moveOnAfter(Duration.ofMinutes(5)).run(() -> receive(server)))
            .isFalse();
        net.heal();
        assertThat(receive(server)).isEqualTo("through");
        assertThat(millis()).isBetween(300_000L, 370_000L);
      }
    });
  }

  @Test
  void what_is_on_its_way_is_lost_in_a_partition_and_sent_again() throws Exception {
    onNet((net, here, there) -> {
      net.link(here, there).latency(Duration.ofMillis(10));
      var ends = pair(here, there);
      try (var client = ends.left();
          var server = ends.right()) {
        client.sendAll("again");
        Roost.sleep(Duration.ofMillis(5));
        net.partition(here);
        Roost.sleep(Duration.ofMillis(50));
        net.heal();
        assertThat(receive(server)).isEqualTo("again");
        assertThat(millis()).isEqualTo(20 + 10 + 200 + 10);
      }
    });
  }

  @Test
  void hosts_on_the_same_side_of_a_partition_reach_each_other() throws Exception {
    onNet((net, here, there) -> {
      var third = net.host("third");
      net.partition(here, there);
      pair(here, there).left().close();
      assertThat(CancelScope.moveOnAfter(Duration.ofSeconds(9)).run(() -> close(here, third)))
          .isFalse();
    });
  }

  private static void close(SimHost from, SimHost to) throws Exception {
    var ends = pair(from, to);
    ends.left().close();
    ends.right().close();
  }

  @Test
  void sender_gives_up_after_a_quarter_of_an_hour() throws Exception {
    onNet((net, here, there) -> {
      var ends = pair(here, there);
      try (var client = ends.left();
          var _ = ends.right()) {
        net.partition(there);
        client.sendAll("lost");
        assertThatThrownBy(() -> client.receiveSome(1))
            .isInstanceOf(BrokenStreamException.class)
            .hasMessageContaining("Connection timed out");
        assertThatThrownBy(() -> client.sendAll("more")).isInstanceOf(BrokenStreamException.class);
        assertThat(millis()).isBetween(13 * 60_000L, 15 * 60_000L);
      }
    });
  }

  @Test
  void reset_breaks_both_ends() throws Exception {
    onNet((net, here, there) -> {
      for (AsyncRunnable<Exception> reset :
          List.<AsyncRunnable<Exception>>of(() -> net.reset(here, there), there::reset)) {
        var ends = pair(here, there);
        var other = pair(here, net.host("third"));
        try (var client = ends.left();
            var server = ends.right()) {
          reset.run();
          for (var end : List.of(client, server)) {
            assertThatThrownBy(() -> end.receiveSome(1))
                .isInstanceOf(BrokenStreamException.class)
                .hasMessageContaining("Connection reset");
            assertThatThrownBy(() -> end.sendAll("x")).isInstanceOf(BrokenStreamException.class);
          }
          other.left().sendAll("whole");
          assertThat(receive(other.right())).isEqualTo("whole");
        }
        other.left().close();
        other.right().close();
      }
    });
  }

  @Test
  void what_arrives_at_a_closed_stream_resets_it() throws Exception {
    onNet((net, here, there) -> {
      var ends = pair(here, there);
      try (var client = ends.left()) {
        ends.right().close();
        client.sendAll("too late");
        Roost.sleep(Duration.ofSeconds(1));
        assertThatThrownBy(() -> client.sendAll("x"))
            .isInstanceOf(BrokenStreamException.class)
            .hasMessageContaining("Connection reset");
      }
    });
  }

  @Test
  void closing_without_having_read_all_resets_the_other_side() throws Exception {
    onNet((net, here, there) -> {
      var ends = pair(here, there);
      try (var client = ends.left()) {
        client.sendAll("unread");
        Roost.sleep(Duration.ofSeconds(1));
        ends.right().close();
        assertThatThrownBy(() -> client.receiveSome(1))
            .isInstanceOf(BrokenStreamException.class)
            .hasMessageContaining("Connection reset");
      }
    });
  }

  // ---- connecting

  @Test
  void port_without_a_listener_refuses() throws Exception {
    onNet((net, here, there) ->
        assertThatThrownBy(() -> here.run(() -> connect(there.ipv4(), 80)))
            .isInstanceOf(ConnectException.class)
            .hasMessageContaining("Connection refused"));
  }

  private static void connect(InetAddress address, int port) throws Exception {
    TcpStream.connect(new InetSocketAddress(address, port)).close();
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

  // ---- hosts

  @Test
  void ports_are_those_of_a_host() throws Exception {
    onNet((net, here, there) -> {
      try (var _ = here.call(() -> TcpListener.open(80));
          var _ = there.call(() -> TcpListener.open(80))) {
        assertThatThrownBy(() -> here.run(() -> TcpListener.open(80).close()))
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("Address already in use");
        assertThatThrownBy(() ->
                here.run(() -> TcpListener.open(new InetSocketAddress(there.ipv4(), 81)).close()))
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("Cannot assign requested address");
      }
    });
  }

  @Test
  void host_reaches_itself_at_once_by_any_of_its_names() throws Exception {
    onNet((net, here, there) ->
        here.run(() -> {
          try (var listener = TcpListener.open(80)) {
            for (String name : List.of("localhost", "here", "127.0.0.1", "0.0.0.0")) {
              try (var client = TcpStream.connect(name, 80);
                  var server = listener.accept()) {
                client.sendAll(name);
                assertThat(receive(server)).isEqualTo(name);
              }
            }
            assertThat(millis()).isZero();
          }
        }));
  }

  @Test
  void local_address_can_be_chosen() throws Exception {
    onNet((net, here, there) -> {
      try (var listener = there.call(() -> TcpListener.open(80));
          var client =
              here.call(() ->
                  TcpStream.connector()
                      .localAddress(new InetSocketAddress(here.ipv4(), 5_000))
                      .connect(new InetSocketAddress(there.ipv4(), 80)));
          var server = listener.accept()) {
        assertThat(server.remoteAddress()).isEqualTo(new InetSocketAddress(here.ipv4(), 5_000));
        assertThat(client.localAddress()).isEqualTo(server.remoteAddress());
      }
    });
  }

  @Test
  void names_can_be_given_and_take_time_to_look_up() throws Exception {
    onNet((net, here, there) -> {
      net.lookUpTime(Duration.ofSeconds(3));
      net.name("service", there.ipv4());
      try (var listener = there.call(() -> TcpListener.open(80));
          var client = here.call(() -> TcpStream.connect("service", 80));
          var _ = listener.accept()) {
        assertThat(client.remoteAddress().getAddress()).isEqualTo(there.ipv4());
        assertThat(millis()).isEqualTo(3_002);
      }
      net.name("service");
      assertThatThrownBy(() -> here.run(() -> TcpStream.connect("service", 80).close()))
          .isInstanceOf(UnknownHostException.class);
    });
  }

  @Test
  void clocks_of_hosts_differ() throws Exception {
    onNet((net, here, there) -> {
      there.setClock(Duration.ofSeconds(-30), 0.01);
      assertThat(here.clock().instant()).isEqualTo(Roost.now());
      assertThat(there.clock().instant()).isEqualTo(Roost.now().minusSeconds(30));
      Roost.sleep(Duration.ofSeconds(1_000));
      assertThat(there.clock().instant()).isEqualTo(Roost.now().minusSeconds(20));
    });
  }

  @Test
  void options_are_kept() throws Exception {
    onNet((net, here, there) -> {
      var ends = pair(here, there);
      try (var client = ends.left();
          var _ = ends.right()) {
        assertThat(client.option(java.net.StandardSocketOptions.TCP_NODELAY)).isTrue();
        assertThat(client.option(java.net.StandardSocketOptions.SO_RCVBUF)).isEqualTo(65_536);
        assertThatThrownBy(() -> client.option(java.net.StandardSocketOptions.IP_TOS))
            .isInstanceOf(UnsupportedOperationException.class)
            .hasMessageContaining("has no option IP_TOS");
      }
    });
  }

  // ---- the network itself

  @Test
  void error_of_the_body_comes_out_as_it_is() {
    assertThatThrownBy(() ->
            onNet((net, here, there) -> {
              throw new IOException("mine");
            }))
        .isInstanceOf(IOException.class)
        .hasMessage("mine");
  }

  @Test
  void cancellation_ends_the_network() throws Exception {
    World.run(() -> {
      assertThat(
              CancelScope.moveOnAfter(Duration.ofSeconds(1))
                  .run(() -> SimNet.run(1, net -> Roost.sleepForever())))
          .isFalse();
    });
  }

  @Test
  void error_that_comes_with_a_cancellation_is_kept() {
    assertThatThrownBy(() ->
            World.run(() ->
                CancelScope.moveOnAfter(Duration.ofSeconds(1))
                    .run(() ->
                        SimNet.run(
                            1,
                            net -> {
                              try {
                                Roost.sleepForever();
                              } finally {
                                throwIllegalState();
                              }
                            }))))
        .isInstanceOf(IllegalStateException.class);
  }

  private static void throwIllegalState() {
    throw new IllegalStateException("in the clean-up");
  }

  @Test
  void what_makes_no_sense_is_refused() throws Exception {
    onNet((net, here, there) -> {
      assertThatThrownBy(() -> net.link(here, here))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("reaches itself without a link");
      assertThatThrownBy(() -> net.host("here", here.ipv4()))
          .hasMessageContaining("exists already");
      assertThatThrownBy(() -> net.host("other", here.ipv4()))
          .hasMessageContaining("10.0.0.1 is taken by SimHost[here]");
      assertThatThrownBy(() -> net.host("other", new InetAddress[0]))
          .hasMessageContaining("other has no address. Give at least one.");
      assertThatThrownBy(() -> net.lookUpTime(Duration.ofSeconds(-1)))
          .hasMessageContaining("negative");
      var link = net.link(here, there);
      assertThatThrownBy(() -> link.latency(Duration.ofSeconds(-1)))
          .hasMessageContaining("SimLink.latency: the duration is negative");
      assertThatThrownBy(() -> link.loss(1.5)).hasMessageContaining("1.5 is no probability");
      assertThatThrownBy(() -> link.bandwidth(0)).hasMessageContaining("0 bytes a second");
      assertThat(link.bandwidth(1000))
          .hasToString("SimLink[latency=PT0.001S, jitter=PT0S, bandwidth=1000, loss=0.0]");
      assertThat(net).hasToString("SimNet[here, there]");
      assertThat(net.host("here")).isSameAs(here);
      assertThat(here.addresses()).containsExactly(here.ipv6(), here.ipv4());
    });
  }
}
