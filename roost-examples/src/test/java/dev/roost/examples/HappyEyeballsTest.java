package dev.roost.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncCallable;
import dev.roost.CancelScope;
import dev.roost.Roost;
import dev.roost.io.ByteStream;
import dev.roost.testing.MockClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HappyEyeballsTest {

  private final Map<String, AsyncCallable<Connection, IOException>> ways = new LinkedHashMap<>();
  private final List<String> events = new ArrayList<>();

  @Test
  void program_connectsToTheAddressThatWorks() throws Exception {
    try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var result =
          Program.run(HappyEyeballs.class, "localhost", String.valueOf(server.getLocalPort()));

      assertThat(result.exitCode()).as(result.errors()).isZero();
      assertThat(result.lines()).hasSize(1).first().asString().startsWith("connected to ");
      assertThat(result.lines().getFirst()).endsWith(":" + server.getLocalPort());
    }
  }

  @Test
  void attempts_startWhenTheLastFailedOrIsLate_andTheFirstToConnectWins() throws Exception {
    way("a", 100, false);
    way("b", 200, false);
    way("c", 10_000, true);
    way("d", 250, true);

    onVirtualClock(() -> event(race().name + " wins"));

    assertThat(events)
        .containsExactly(
            "a starts at 0",
            "a fails at 100",
            "b starts at 100",
            "b fails at 300",
            "c starts at 300",
            "d starts at 550",
            "c is called off at 800",
            "d wins at 800");
  }

  @Test
  void deadHeat_closesTheOther() throws Exception {
    way("a", 500, true);
    way("b", 250, true);

    onVirtualClock(() -> {
      var winner = race();
      assertThat(Connection.opened).hasSize(2).filteredOn(c -> !c.closed).containsExactly(winner);
    });
  }

  @Test
  void noWayThatWorks_throwsAllFailures() throws Exception {
    way("a", 100, false);
    way("b", 200, false);

    onVirtualClock(() ->
        assertThatThrownBy(this::race)
            .isInstanceOf(IOException.class)
            .cause()
            .hasMessageContaining("2 errors"));
  }

  @Test
  void cancelledRightAfterTheVictory_closesTheWinner() throws Exception {
    way("a", 100, true);
    var caller = CancelScope.create();
    ways.compute(
        "a",
        (_, connect) ->
            () -> {
              var connection = connect.call();
              caller.cancel();
              return connection;
            });

    onVirtualClock(() -> assertThat(caller.run(this::race)).isFalse());

    assertThat(Connection.opened).hasSize(1).allMatch(c -> c.closed);
  }

  private Connection race() throws IOException, InterruptedException {
    return new HappyEyeballs<Connection>(Duration.ofMillis(250)).race(ways);
  }

  private Instant begin = Instant.MIN;

  private void onVirtualClock(dev.roost.AsyncRunnable<IOException> test) throws Exception {
    Connection.opened.clear();
    Roost.with()
        .clock(new MockClock().autojump())
        .run(() -> {
          begin = Roost.now();
          test.run();
        });
  }

  private void event(String what) {
    events.add(what + " at " + Duration.between(begin, Roost.now()).toMillis());
  }

  private void way(String name, int millis, boolean works) {
    ways.put(
        name,
        () -> {
          event(name + " starts");
          try {
            Roost.sleep(Duration.ofMillis(millis));
          } catch (InterruptedException e) {
            event(name + " is called off");
            throw e;
          }
          if (works) {
            return new Connection(name);
          }
          event(name + " fails");
          throw new IOException(name);
        });
  }

  /** Carries nothing, and knows whether it is open. */
  private static final class Connection implements ByteStream {

    static final List<Connection> opened = new ArrayList<>();

    final String name;
    boolean closed;

    Connection(String name) {
      this.name = name;
      opened.add(this);
    }

    @Override
    public int receiveSome(ByteBuffer dst) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void sendAll(ByteBuffer src) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void waitSendAllMightNotBlock() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
