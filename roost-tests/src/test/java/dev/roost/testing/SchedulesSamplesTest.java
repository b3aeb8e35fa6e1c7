package dev.roost.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.sync.Semaphore;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** The samples in the Javadoc of schedules. */
class SchedulesSamplesTest {

  private static final class Account {
    int balance;

    void deposit(int amount) throws InterruptedException {
      int before = balance;
      Roost.checkpoint(); // asks the auditor
      balance = before + amount;
    }
  }

  @Test
  void explore() {
    assertThatThrownBy(
            () -> {
              // @start region="explore"
              Schedules.explore(
                  100,
                  () -> {
                    var account = new Account(); // a new one each time
                    Nursery.run(nursery -> {
                      nursery.start("one", () -> account.deposit(1));
                      nursery.start("two", () -> account.deposit(2));
                    });
                    assertThat(account.balance).isEqualTo(3); // fails: a deposit is lost
                  });
              // @end
            })
        .isInstanceOf(ScheduleFailure.class);
  }

  @Test
  void schedule() throws InterruptedException {
    var order = new ArrayList<String>();
    // @start region="schedule"
    var schedule = Schedule.random(17);
    schedule
        .in(Roost.with().clock(new MockClock().autojump()))
        .run(() ->
            schedule.run(() ->
                Nursery.run(nursery -> {
                  nursery.start(() -> order.add("one"));
                  nursery.start(() -> order.add("two"));
                })));
    String again = schedule.code(); // for Schedule.of
    // @end
    assertThat(order).containsExactlyInAnyOrder("one", "two");
    assertThat(again).isEqualTo(order.getFirst().equals("one") ? "fifo" : "0.1");
  }

  @Test
  void cancelEverywhere() throws InterruptedException {
    // @start region="cancelEverywhere"
    Testing.cancelEverywhere(() -> {
      var permits = new Semaphore(1);
      try {
        try (var _ = permits.acquire()) {
          Roost.sleep(Duration.ofSeconds(1));
        }
      } finally {
        assertThat(permits.available()).isEqualTo(1);
      }
    });
    // @end
  }

  @Test
  void check() throws InterruptedException {
    // @start region="check"
    Schedules.in(ScheduleMode.CANCELLATION, 1_000)
        .run(
            () -> new Semaphore(1),
            permits -> {
              try (var _ = permits.acquire()) {
                Roost.sleep(Duration.ofSeconds(1));
              }
            },
            permits -> assertThat(permits.available()).isEqualTo(1));
    // @end
  }
}
