package dev.roost.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.junit.RoostTest;
import dev.roost.sync.Semaphore;
import dev.roost.testing.ScheduleFailure;
import dev.roost.testing.ScheduleMode;
import dev.roost.testing.Schedules;
import dev.roost.testing.Testing;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The samples in docs/schedules.md. */
class SchedulesTest {

  // @start region="code"
  static final class Sessions {
    final Map<String, String> open = new HashMap<>();
    int logins;

    String login(String user) throws InterruptedException {
      if (!open.containsKey(user)) {
        Roost.checkpoint(); // asks the database
        logins++;
        open.put(user, "session " + logins);
      }
      return open.get(user);
    }
  }

  // @end

  // @start region="body"
  static void loginTwice() throws InterruptedException {
    var sessions = new Sessions(); // everything is made anew each time
    Nursery.run(nursery -> {
      nursery.start("phone", () -> sessions.login("ada"));
      nursery.start("desk", () -> sessions.login("ada"));
    });
    assertThat(sessions.logins).isEqualTo(1);
  }

  // @end

  @Test
  void explore() {
    assertThatThrownBy(
            () -> {
              // @start region="explore"
              Schedules.explore(100, SchedulesTest::loginTwice);
              // @end
            })
        .isInstanceOf(ScheduleFailure.class);
    assertThatThrownBy(
            () -> {
              // @start region="replay"
              Schedules.replay("0.1", SchedulesTest::loginTwice);
              // @end
            })
        .isInstanceOf(ScheduleFailure.class);
    assertThatThrownBy(
            () -> {
              // @start region="functions"
              Schedules.exploreAll(SchedulesTest::loginTwice);
              Schedules.in(ScheduleMode.PCT, 200).firstSeed(17).run(SchedulesTest::loginTwice);
              // @end
            })
        .isInstanceOf(ScheduleFailure.class);
  }

  // @start region="junit"
  @RoostTest(mode = ScheduleMode.ALL)
  void permits_are_enough_in_every_order() throws Exception {
    var permits = new Semaphore(1);
    Nursery.run(nursery -> {
      for (int i = 0; i < 3; i++) {
        nursery.start(() -> {
          try (var _ = permits.acquire()) {
            Roost.checkpoint();
          }
        });
      }
    });
    assertThat(permits.available()).isEqualTo(1);
  }

  // @end

  @Test
  void cancelEverywhere() throws Exception {
    // @start region="cancel"
    Testing.cancelEverywhere(() -> {
      var permits = new Semaphore(1);
      try {
        try (var _ = permits.acquire()) {
          Roost.sleep(Duration.ofSeconds(1));
        }
      } finally {
        assertThat(permits.available()).isEqualTo(1); // not leaked, wherever it was cancelled
      }
    });
    // @end
  }
}
