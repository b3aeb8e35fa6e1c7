package dev.roost.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.roost.AsyncRunnable;
import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.lowlevel.Suspension;
import dev.roost.net.TcpListener;
import dev.roost.sync.Event;
import dev.roost.sync.Semaphore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchedulesTest {

  private final Set<String> orders = new HashSet<>();

  /** Some tasks with some checkpoints each; its order is added at the end. */
  private AsyncRunnable<InterruptedException> tasks(int tasks, int turns) {
    return () -> {
      var order = new StringBuilder();
      Nursery.run(nursery -> {
        for (int t = 0; t < tasks; t++) {
          int me = t;
          nursery.start(
              "task " + t,
              () -> {
                for (int turn = 0; turn < turns; turn++) {
                  if (turn > 0) {
                    Roost.checkpoint();
                  }
                  order.append(me);
                }
              });
        }
      });
      orders.add(order.toString());
    };
  }

  private static ScheduleFailure failure(ScheduleMode mode, int limit, AsyncRunnable<?> body) {
    return catchThrowableOfType(ScheduleFailure.class, () -> Schedules.in(mode, limit).run(body));
  }

  // ---- which orders

  @Test
  void all_orders_are_tried_once_each() throws InterruptedException {
    assertThat(Schedules.exploreAll(tasks(3, 1))).isEqualTo(6);
    assertThat(orders).containsExactlyInAnyOrder("012", "021", "102", "120", "201", "210");
  }

  @Test
  void all_means_all_in_which_each_gets_a_turn_before_any_gets_two() throws InterruptedException {
    assertThat(Schedules.exploreAll(tasks(2, 2))).isEqualTo(4);
    assertThat(orders).containsExactlyInAnyOrder("0101", "0110", "1001", "1010");
  }

  @Test
  void too_many_orders_are_an_error_that_says_so() {
    assertThatThrownBy(() -> Schedules.in(ScheduleMode.ALL, 100).run(tasks(6, 1)))
        .isInstanceOf(AssertionError.class)
        .isNotInstanceOf(ScheduleFailure.class)
        .hasMessageContaining("more than 100 orders of turns, too many to try all")
        .hasMessageContaining("fewer tasks, fewer checkpoints");
    assertThat(orders).hasSize(100);
  }

  @Test
  void exactly_as_many_orders_as_the_limit_are_not_too_many() throws InterruptedException {
    assertThat(Schedules.in(ScheduleMode.ALL, 24).run(tasks(4, 1))).isEqualTo(24);
    assertThatThrownBy(() -> Schedules.in(ScheduleMode.ALL, 23).run(tasks(4, 1)))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void random_orders_are_those_of_the_seeds() throws InterruptedException {
    assertThat(Schedules.in(ScheduleMode.RANDOM, 1).firstSeed(17).run(tasks(5, 2))).isEqualTo(1);
    tasks17(Roost.with().clock(new MockClock()).checkpointBudget(1).seed(17));
    assertThat(orders).hasSize(1);
    Schedules.explore(30, tasks(5, 2));
    assertThat(orders).hasSizeGreaterThan(20);
  }

  private void tasks17(dev.roost.RunOptions options) throws InterruptedException {
    options.run(tasks(5, 2));
  }

  @Test
  void pct_lets_one_task_get_far_ahead() throws InterruptedException {
    Schedules.in(ScheduleMode.PCT, 30).run(tasks(2, 6));

    assertThat(orders).contains("000000111111", "111111000000");
    assertThat(orders).anyMatch(order -> order.matches("0+1+0+1+") || order.matches("1+0+1+0+"));
  }

  @Test
  void pct_is_the_same_for_the_same_seed() throws InterruptedException {
    Schedules.in(ScheduleMode.PCT, 1).firstSeed(3).run(tasks(4, 4));
    Schedules.in(ScheduleMode.PCT, 1).firstSeed(3).run(tasks(4, 4));

    assertThat(orders).hasSize(1);
  }

  @Test
  void pct_overtakes_a_task_64_times_at_most() throws InterruptedException {
    Schedules.in(ScheduleMode.PCT, 20).run(tasks(2, 200));

    assertThat(orders).allMatch(order -> !order.replaceAll("0+$", "").contains("0".repeat(68)));
    assertThat(orders).anyMatch(order -> order.contains("0".repeat(60)));
  }

  @Test
  void options_of_the_runs_can_be_changed() throws InterruptedException {
    var clock = new MockClock();
    Schedules.in(ScheduleMode.RANDOM, 1)
        .options(options -> options.clock(clock).name("mine"))
        .run(() -> clock.jump(Duration.ofSeconds(5)));

    assertThat(clock.nanoTime()).isEqualTo(5_000_000_000L);
  }

  // ---- failures

  /** Fails only if the last task comes first, the first one second, and so on. */
  private static final AsyncRunnable<InterruptedException> RARE =
      () -> {
        var order = new ArrayList<Integer>();
        Nursery.run(nursery -> {
          for (int t = 0; t < 8; t++) {
            int me = t;
            nursery.start("task " + t, () -> order.add(me));
          }
        });
        if (order.indexOf(5) < order.indexOf(2)) {
          throw new IllegalStateException("5 before 2");
        }
      };

  @Test
  void a_failure_is_shrunk_to_the_turns_that_matter() {
    var failure = failure(ScheduleMode.RANDOM, 20, RARE);

    assertThat(failure)
        .hasMessageContaining("IllegalStateException: 5 before 2")
        .hasMessageContaining("1 of 7 choices were not first come, first served")
        .hasMessageContaining("task 5 (at its beginning) went before task")
        .hasMessageContaining("Schedules.replay(\"" + failure.schedule() + "\", body)")
        .hasMessageContaining("-Droost.schedule=" + failure.schedule())
        .hasMessageContaining("The last turns there was a choice about: task")
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThat(failure.schedule()).matches("\\d\\.\\d");
    assertThatThrownBy(() -> Schedules.replay(failure.schedule(), RARE))
        .isInstanceOf(ScheduleFailure.class)
        .hasMessageContaining("Failed with the schedule that was given")
        .hasMessageContaining("5 before 2");
  }

  @Test
  void all_finds_the_failure_with_the_fewest_turns_out_of_order() {
    assertThat(failure(ScheduleMode.ALL, 1_000, RARE).schedule()).doesNotContain("-");
  }

  @Test
  void a_failure_tells_where_the_tasks_were() {
    assertThatThrownBy(() -> Schedules.replay("2.1", SchedulesTest::inOrder))
        .isInstanceOf(ScheduleFailure.class)
        .message()
        .containsPattern(
            "choice 2: b \\(at .*SchedulesTest.java:\\d+\\)\\) went before a \\(at .*Test.java");
  }

  private static void inOrder() throws InterruptedException {
    var order = new StringBuilder();
    Nursery.run(nursery -> {
      for (String name : List.of("a", "b")) {
        nursery.start(
            name,
            () -> {
              Roost.checkpoint();
              order.append(name);
            });
      }
    });
    assertThat(order.toString()).isEqualTo("ab");
  }

  @Test
  void a_failure_that_does_not_repeat_is_told_as_such() {
    var runs = new AtomicInteger();
    var failure =
        failure(
            ScheduleMode.RANDOM,
            10,
            () -> {
              tasks(3, 1).run();
              if (runs.incrementAndGet() == 3) {
                throw new IllegalStateException("the third time");
              }
            });

    assertThat(failure)
        .hasMessageContaining("seed 2, schedule 3")
        .hasMessageContaining("does not make it fail again")
        .hasMessageContaining("random numbers");
  }

  @Test
  void a_code_that_is_none_is_refused() {
    assertThatThrownBy(() -> Schedules.replay("3:1", () -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"3:1\" is no schedule")
        .hasMessageContaining("such as \"3.1-7.2\"");
  }

  @Test
  void a_code_that_does_not_fit_the_body_is_as_close_as_can_be() throws InterruptedException {
    Schedules.replay("0.9-50.1", tasks(2, 1));

    assertThat(orders).containsExactly("01");
  }

  @Test
  void the_property_replays_one_schedule_alone() throws InterruptedException {
    System.setProperty("roost.schedule", "0.2-1.1");
    try {
      assertThat(Schedules.in(ScheduleMode.RANDOM, 50).run(tasks(3, 1))).isEqualTo(1);
    } finally {
      System.clearProperty("roost.schedule");
    }
    assertThat(orders).containsExactly("210");
  }

  @Test
  void a_schedule_is_for_one_run() {
    var schedule = Schedule.fifo();
    schedule.in(Roost.with());

    assertThatThrownBy(() -> schedule.in(Roost.with()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Schedule: Schedule[fifo] was used before. Make a new one for each run.");
  }

  @Test
  void numbers_that_make_no_sense_are_refused() {
    assertThatThrownBy(() -> Schedules.explore(0, () -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Try at least 1");
    assertThatThrownBy(() -> Schedule.pct(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the depth is 0");
    assertThatThrownBy(() -> Schedule.cancelling(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the step is -1");
  }

  @Test
  void a_search_inside_a_run_is_refused() {
    assertThatThrownBy(() -> Roost.run(() -> Schedules.explore(1, () -> {})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("call it from a plain test method");
  }

  @Test
  void an_interrupt_ends_the_search() {
    Thread.currentThread().interrupt();

    // Not a wait inside the run, which might be found dead before the interrupt arrives.
    var never = new CountDownLatch(1);
    assertThatThrownBy(() -> Schedules.explore(1, () -> Blocking.run(() -> never.await())))
        .isInstanceOf(InterruptedException.class);
  }

  // ---- bodies that do not end

  @Test
  void deadlock_is_a_failure_that_shows_the_tasks() {
    assertThat(failure(ScheduleMode.RANDOM, 1, () -> new Event().await()))
        .hasMessageContaining("Deadlock")
        .hasMessageContaining("main: waiting for");
  }

  @Test
  void error_in_the_clean_up_of_a_deadlock_is_kept() {
    var failure =
        failure(
            ScheduleMode.RANDOM,
            1,
            () -> {
              try {
                new Event().await();
              } finally {
                throwIllegalState();
              }
            });

    assertThat(failure.getCause().getSuppressed())
        .singleElement()
        .isInstanceOf(IllegalStateException.class);
  }

  private static void throwIllegalState() {
    throw new IllegalStateException("in the clean-up");
  }

  @Test
  void deadlock_behind_a_shield_is_one_too() {
    assertThat(
            failure(
                ScheduleMode.RANDOM,
                1,
                () -> CancelScope.create().shielded().run(() -> new Event().await())))
        .hasMessageContaining("Deadlock: ");
  }

  @Test
  void hang_that_cannot_be_cancelled_is_left_behind() {
    assertThat(
            failure(
                ScheduleMode.RANDOM, 1, () -> Suspension.<Void>create().await(suspension -> false)))
        .hasMessageContaining("does not react to its cancellation");
  }

  @Test
  void run_that_takes_too_long_is_given_up() {
    var failure =
        catchThrowableOfType(
            ScheduleFailure.class,
            () ->
                Schedules.in(ScheduleMode.RANDOM, 1)
                    .patience(Duration.ofMillis(20))
                    .run(() -> Blocking.run(() -> new CountDownLatch(1).await())));

    assertThat(failure).hasMessageContaining("Not finished after PT0.02S of real time");
  }

  // ---- cancellation

  @Test
  void cancellation_reaches_each_checkpoint() throws InterruptedException {
    var reached = new ArrayList<Integer>();
    int runs =
        Testing.cancelEverywhere(() -> {
          int at = 0;
          try {
            for (; at < 4; at++) {
              Roost.checkpoint();
            }
          } finally {
            reached.add(at);
          }
        });

    // The first run is not cancelled, the last one has ended before. The first checkpoint has it
    // twice: when it begins, and while it lets others run.
    assertThat(reached).containsExactly(4, 0, 0, 1, 2, 3, 4);
    assertThat(runs).isEqualTo(reached.size());
  }

  @Test
  void blocking_sections_are_interrupted() throws InterruptedException {
    var interrupted = new AtomicInteger();
    Testing.cancelEverywhere(() ->
        Blocking.run(() -> {
          if (Thread.interrupted()) {
            interrupted.incrementAndGet();
            throw new InterruptedException();
          }
        }));

    assertThat(interrupted.get()).isEqualTo(1);
  }

  @Test
  void failure_names_the_checkpoint() {
    var failure =
        failure(
            ScheduleMode.CANCELLATION,
            100,
            () -> {
              Roost.checkpoint();
              try {
                Roost.sleep(Duration.ofSeconds(1));
              } catch (InterruptedException tooGeneral) {
                Roost.now();
              }
            });

    assertThat(failure.schedule()).isEqualTo("c2");
    assertThat(failure.getMessage())
        .contains("The cancellation was swallowed")
        .containsPattern("task main\\s+at dev.roost.Roost.sleep\\(")
        .containsPattern("at .*failure_names_the_checkpoint.*SchedulesTest.java:\\d+");
  }

  @Test
  void what_is_checked_afterwards_is_not_cancelled() throws InterruptedException {
    var checks = new AtomicInteger();
    int runs =
        Schedules.in(ScheduleMode.CANCELLATION, 100)
            .run(
                () -> new Semaphore(1),
                permits -> {
                  try (var _ = permits.acquire()) {
                    Roost.checkpoint();
                  }
                },
                permits -> {
                  permits.acquire().close();
                  Roost.checkpoint();
                  checks.incrementAndGet();
                });

    assertThat(checks.get()).isEqualTo(runs);
  }

  @Test
  void check_that_hangs_is_a_failure() {
    assertThatThrownBy(() ->
            Schedules.in(ScheduleMode.CANCELLATION, 100)
                .run(
                    () -> new Semaphore(1),
                    permits -> {
                      var permit = permits.acquire();
                      Roost.checkpoint();
                      permit.close();
                    },
                    permits -> permits.acquire().close()))
        .isInstanceOf(ScheduleFailure.class)
        .hasMessageContaining("Deadlock after a cancellation, which was delivered in task main");
  }

  @Test
  void stream_that_is_left_open_is_a_failure() {
    assertThat(
            failure(
                ScheduleMode.CANCELLATION,
                100,
                () -> {
                  var listener = listen();
                  Roost.checkpoint();
                  listener.close();
                }))
        .hasMessageContaining("Left open, and closed by the run at its end: TcpListener[127.0.0.1:")
        .hasMessageContaining("A cancellation was delivered in task main");
  }

  private static TcpListener listen() throws IOException {
    return TcpListener.open(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
  }

  // ---- the log tells of deadlocks and open streams, as it should

  private static final Logger LOGGER = Logger.getLogger("dev.roost");
  private final Level before = LOGGER.getLevel();

  SchedulesTest() {
    LOGGER.setLevel(Level.OFF);
  }

  @AfterEach
  void be_as_before() {
    LOGGER.setLevel(before);
  }
}
