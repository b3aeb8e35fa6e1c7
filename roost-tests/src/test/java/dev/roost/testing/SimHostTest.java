package dev.roost.testing;

import static dev.roost.testing.SimWorld.millis;
import static dev.roost.testing.SimWorld.onNet;
import static dev.roost.testing.SimWorld.pair;
import static dev.roost.testing.SimWorld.receive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.net.TcpListener;
import dev.roost.net.TcpStream;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What belongs to one simulated host: ports, names, clocks. */
class SimHostTest {

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

  // ---- clocks

  @Test
  void host_reads_the_time_off_its_own_clock() throws Exception {
    onNet((net, here, there) -> {
      there.setClock(Duration.ofSeconds(-30), 0.01);
      Roost.sleep(Duration.ofSeconds(1_000));
      Nursery.run(nursery -> {
        here.run(() ->
            nursery.start(() -> assertThat(Roost.now()).isEqualTo(Instant.ofEpochSecond(1_000))));
        there.run(() -> {
          assertThat(Roost.now()).isEqualTo(Instant.ofEpochSecond(980));
          Nursery.run(
              own -> own.start(() -> assertThat(Roost.now().getEpochSecond()).isEqualTo(980)));
        });
      });
      assertThat(Roost.now()).isEqualTo(Instant.ofEpochSecond(1_000));
    });
  }

  @Test
  void clock_of_a_host_is_the_same_to_all_who_look_at_it() throws Exception {
    onNet((net, here, there) -> {
      there.setClock(Duration.ofSeconds(-30), 0.01);
      assertThat(here.clock().instant()).isEqualTo(Roost.now());
      Roost.sleep(Duration.ofSeconds(1_000));
      for (var host : List.of(here, there)) {
        host.run(() -> {
          assertThat(here.clock().instant()).isEqualTo(Instant.ofEpochSecond(1_000));
          assertThat(there.clock().instant()).isEqualTo(Instant.ofEpochSecond(980));
        });
      }
    });
  }

  @Test
  void durations_are_the_same_on_every_host_and_moments_are_not() throws Exception {
    onNet((net, here, there) -> {
      there.setClock(Duration.ofHours(1), -0.5);
      there.run(() -> {
        Roost.sleep(Duration.ofSeconds(10));
        assertThat(Roost.now()).isEqualTo(Instant.ofEpochSecond(3_605));
        Roost.sleepUntil(Instant.ofEpochSecond(3_610));
        assertThat(Roost.now()).isEqualTo(Instant.ofEpochSecond(3_610));
      });
      assertThat(millis()).isEqualTo(20_000);
    });
  }

  @Test
  void whatever_the_drift_nobody_wakes_before_the_moment_he_named() throws Exception {
    onNet((net, here, there) -> {
      for (double drift : new double[] {1e-6, -0.3, 0.7, 3, -0.999}) {
        there.setClock(Duration.ofNanos(-7), drift);
        there.run(() -> {
          var wanted = Roost.now().plusNanos(123_456_789_123L);
          Roost.sleepUntil(wanted);
          assertThat(Duration.between(wanted, Roost.now()))
              .isBetween(Duration.ZERO, Duration.ofNanos(5));
        });
      }
    });
  }

  @Test
  void moments_far_away_are_the_same_on_all_clocks() throws Exception {
    onNet((net, here, there) -> {
      there.setClock(Duration.ofDays(300), 0.1);
      there.run(() -> {
        for (var never : List.of(Instant.MAX, Instant.EPOCH.plus(Duration.ofDays(100_000)))) {
          assertThat(CancelScope.moveOnAt(never).run(() -> Roost.sleep(Duration.ofSeconds(1))))
              .isTrue();
        }
        assertThat(CancelScope.moveOnAt(Instant.MIN).run(Roost::checkpoint)).isFalse();
      });
    });
  }

  @Test
  void clock_can_be_set_while_others_read_it() throws Exception {
    onNet((net, here, there) ->
        there.run(() -> {
          Roost.sleep(Duration.ofSeconds(5));
          there.setClock(Duration.ofSeconds(-2), 0);
          assertThat(Roost.now()).isEqualTo(Instant.ofEpochSecond(3));
          there.setClock(Duration.ofSeconds(2), 0);
          assertThat(Roost.now()).isEqualTo(Instant.ofEpochSecond(7));
        }));
  }

  @Test
  void clock_that_runs_backwards_is_refused() throws Exception {
    onNet((net, here, there) -> {
      for (double drift : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
        assertThatThrownBy(() -> here.setClock(Duration.ZERO, drift))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("the clock gains " + drift + " seconds in each second");
      }
    });
  }

  // ---- options

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
}
