package dev.roost.testing;

import static dev.roost.testing.SimWorld.close;
import static dev.roost.testing.SimWorld.millis;
import static dev.roost.testing.SimWorld.onNet;
import static dev.roost.testing.SimWorld.pair;
import static dev.roost.testing.SimWorld.receive;
import static dev.roost.testing.SimWorld.receiveAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncRunnable;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.World;
import dev.roost.io.BrokenStreamException;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams on simulated hosts, and the network that they are in. */
class SimNetTest {

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
