package dev.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.CancelScope;
import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.sync.Event;
import dev.roost.sync.Semaphore;
import dev.roost.testing.ScheduleMode;
import dev.roost.testing.Testing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ways to search for bad orders that are not mere seeds. */
class RoostTestModesTest {

  private static final List<String> seen = new ArrayList<>();

  @BeforeEach
  void forget() {
    seen.clear();
  }

  private static String order(int tasks, int turns) throws InterruptedException {
    var order = new StringBuilder();
    Nursery.run(nursery -> {
      for (int i = 0; i < tasks; i++) {
        int n = i;
        nursery.start(
            "task " + n,
            () -> {
              for (int turn = 0; turn < turns; turn++) {
                order.append(n);
                Roost.checkpoint();
              }
            });
      }
    });
    return order.toString();
  }

  @RoostTest(mode = ScheduleMode.ALL)
  static class AllCases {
    @Test
    void test() throws InterruptedException {
      seen.add(order(3, 1));
    }
  }

  @Test
  void all_tries_all_orders() {
    Cases.runWell(AllCases.class, 1);

    // The turns in which the tasks end have an order too.
    assertThat(seen).hasSize(36).contains("012", "021", "102", "120", "201", "210");
  }

  @Test
  void a_schedule_of_the_configuration_is_the_only_one() {
    Cases.runWell(AllCases.class, 1, "roost.schedule", "0.2-1.1");

    assertThat(seen).containsExactly("210");
  }

  @RoostTest(mode = ScheduleMode.ALL, schedules = 5)
  static class TooManyCases {
    @Test
    void test() throws InterruptedException {
      seen.add(order(3, 1));
    }
  }

  @Test
  void too_many_orders_fail_the_test() {
    assertThat(Cases.failure(TooManyCases.class))
        .hasMessageContaining("more than 5 orders of turns, too many to try all");
    assertThat(seen).hasSize(5);
  }

  @RoostTest(mode = ScheduleMode.ALL)
  static class FailingCases {
    @Test
    void test() throws InterruptedException {
      String order = order(3, 1);
      seen.add(order);
      assertThat(order.indexOf('2')).isGreaterThanOrEqualTo(order.indexOf('1'));
    }
  }

  @Test
  void a_failure_names_the_schedule_and_the_turns_that_mattered() {
    var failure = Cases.failure(FailingCases.class);

    assertThat(failure)
        .hasMessageContaining(
            "Failed under the schedule 0.2; to replay it: @RoostTest(schedule = \"0.2\"), or"
                + " -Droost.schedule=0.2: ")
        .hasMessageContaining("choice 0: task 2 (at its beginning) went before task 0");
    seen.clear();

    var replayed = Cases.failure(FailingCases.class, "roost.schedule", "0.2");

    assertThat(seen).containsExactly("201");
    assertThat(Cases.stackTrace(replayed)).contains("The test ran under the schedule 0.2");
  }

  @RoostTest(schedule = "0.1")
  static class ScheduleCases {
    @Test
    void test() throws InterruptedException {
      seen.add(order(3, 1));
    }
  }

  @Test
  void the_attribute_gives_one_order() {
    Cases.runWell(ScheduleCases.class, 1);

    assertThat(seen).containsExactly("102");
  }

  @Test
  void a_schedule_that_is_none_is_refused() {
    assertThat(Cases.failure(ScheduleCases.class, "roost.schedule", "tuesday"))
        .hasMessageContaining("\"tuesday\" is no schedule");
  }

  @RoostTest(mode = ScheduleMode.PCT, schedules = 30)
  static class PctCases {
    @Test
    void test() throws InterruptedException {
      String order = order(2, 4);
      seen.add(order);
      assertThat(order).doesNotStartWith("111");
    }
  }

  @Test
  void pct_lets_a_task_get_ahead_and_names_the_seed() {
    var failure = Cases.failure(PctCases.class);
    int tried =
        seen.indexOf(seen.stream().filter(o -> o.startsWith("111")).findFirst().orElseThrow());
    assertThat(failure)
        .hasMessageContaining("@RoostTest(seed = " + tried + ", mode = PCT)")
        .hasMessageContaining("The order of turns that this comes down to: -Droost.schedule=");
    seen.clear();

    Cases.failure(PctCases.class, "roost.seed", "" + tried);

    assertThat(seen).singleElement().asString().startsWith("111");
  }

  @RoostTest(mode = ScheduleMode.PCT)
  static class OnePctCases {
    @Test
    void test() throws InterruptedException {
      seen.add(order(2, 2));
    }
  }

  @Test
  void pct_without_a_number_is_one_schedule() {
    Cases.runWell(OnePctCases.class, 1);

    assertThat(seen).hasSize(1);
  }

  @RoostTest(mode = ScheduleMode.CANCELLATION, autojump = true)
  static class CancelledCases {
    private final Semaphore permits = new Semaphore(1);

    @Test
    void test() throws InterruptedException {
      try (var _ = permits.acquire()) {
        seen.add("has it");
        Roost.sleep(Duration.ofSeconds(1));
        seen.add("slept");
      }
    }

    @AfterEach
    void permit_is_back() {
      assertThat(permits.available()).isEqualTo(1);
    }
  }

  @Test
  void cancellation_is_delivered_at_each_checkpoint() {
    Cases.runWell(CancelledCases.class, 1);

    assertThat(seen).containsExactly("has it", "slept", "has it", "has it", "has it", "slept");
  }

  @RoostTest(mode = ScheduleMode.CANCELLATION, autojump = true)
  static class LeakingCases {
    private final Semaphore permits = new Semaphore(1);

    @Test
    void test() throws InterruptedException {
      var permit = permits.acquire();
      Roost.sleep(Duration.ofSeconds(1));
      permit.close();
    }

    @AfterEach
    void permit_is_back() {
      assertThat(permits.available()).isEqualTo(1);
    }
  }

  @Test
  void leak_of_a_cancelled_test_is_found() {
    assertThat(Cases.failure(LeakingCases.class))
        .hasMessageContaining("Failed under the schedule c1")
        .hasMessageContaining("@RoostTest(schedule = \"c1\")");
  }

  @RoostTest(schedules = 5)
  static class FirstOrderCases {
    private final List<Integer> order = new ArrayList<>();

    @Test
    void fails_unless_first_come_first_served(Nursery nursery) throws InterruptedException {
      for (int i = 0; i < 6; i++) {
        int n = i;
        nursery.start("task " + n, () -> order.add(n));
      }
      Testing.waitAllTasksBlocked();
    }

    @AfterEach
    void look() {
      seen.add(order.toString());
      assertThat(order).isSorted();
    }
  }

  @Test
  void failure_of_the_first_order_is_shrunk_too() {
    var failure = Cases.failure(FirstOrderCases.class);

    assertThat(failure)
        .hasMessageContaining("Failed with seed 0; to replay it: @RoostTest(seed = 0)")
        .hasMessageContaining("\n1 of ")
        .hasMessageContaining("(at its beginning) went before task ");
    var named =
        Pattern.compile("comes down to: -Droost.schedule=(\\d+\\.\\d+)\n")
            .matcher(failure.getMessage());
    assertThat(named.find()).as(failure.getMessage()).isTrue();
    var last = seen.getLast();
    seen.clear();

    Cases.failure(FirstOrderCases.class, "roost.schedule", named.group(1));

    assertThat(seen).containsExactly(last);
  }

  @RoostTest(schedules = 5)
  static class FickleCases {
    private static int runs;

    @Test
    void fails_once() throws InterruptedException {
      order(3, 1);
      assertThat(++runs).isGreaterThan(1);
    }
  }

  @Test
  void failure_that_does_not_repeat_is_said_to_depend_on_something_else() {
    FickleCases.runs = 0;

    assertThat(Cases.failure(FickleCases.class))
        .hasMessageContaining("Failed with seed 0")
        .hasMessageContaining("The same order of turns does not make it fail again");
  }

  @RoostTest(mode = ScheduleMode.RANDOM, schedules = 5, autojump = true)
  static class DeadlockCases {
    @Test
    void test() throws InterruptedException {
      new Event().await();
    }
  }

  @Test
  void deadlock_fails_at_once() {
    assertThat(Cases.failure(DeadlockCases.class))
        .hasMessageContaining("Deadlock: ")
        .hasMessageContaining("main waits for an event")
        .cause()
        .isNotInstanceOf(ExceptionGroup.class); // it is told once
  }

  @RoostTest(mode = ScheduleMode.CANCELLATION)
  static class HangingCleanUpCases {
    @Test
    void test() throws InterruptedException {
      var flushed = new Event();
      Nursery.run(nursery -> {
        nursery.start(
            "flusher",
            () -> {
              Roost.checkpoint();
              flushed.set();
            });
        try {
          Roost.checkpoint();
        } finally {
          CancelScope.create().shielded().run(flushed::await);
        }
      });
    }
  }

  @Test
  void a_clean_up_that_hangs_behind_a_shield_fails_at_once() {
    assertThat(Cases.failure(HangingCleanUpCases.class))
        .hasMessageContaining("Deadlock after a cancellation")
        .hasMessageContaining("main waits for an event");
  }

  @RoostTest(schedules = 5)
  static class AbortedCases {
    private static int runs;

    @Test
    void test() {
      Assumptions.assumeTrue(++runs < 3);
    }
  }

  @Test
  void assumption_that_does_not_hold_in_one_schedule_ends_the_search() {
    AbortedCases.runs = 0;
    Cases.run(AbortedCases.class).testEvents().assertStatistics(stats -> stats.aborted(1));
  }
}
