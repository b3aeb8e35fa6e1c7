package dev.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.sync.Event;
import dev.roost.testing.MockClock;
import dev.roost.testing.ScheduleMode;
import dev.roost.testing.Testing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests that hang. */
class RoostTestTimeoutTest {

  private static final List<String> seen = new ArrayList<>();

  @BeforeEach
  void forget() {
    seen.clear();
    Impatience.reset();
  }

  /** When all tasks wait, something happens. */
  private static void whenAllWait(Nursery nursery, Runnable then) {
    nursery.start(
        "alarm",
        () -> {
          Testing.waitAllTasksBlocked();
          then.run();
          Roost.sleepForever();
        });
  }

  @RoostTest(timeout = "10s")
  @ExtendWith(Impatience.class)
  static class HangingCases {
    @Test
    void hangs(Nursery nursery) throws InterruptedException {
      whenAllWait(nursery, Impatience::timeUp);
      var never = new Event();
      nursery.start("first", never::await);
      nursery.start(
          "second", () -> Nursery.run(inner -> inner.start("grandchild", Roost::sleepForever)));
      try {
        never.await();
      } finally {
        seen.add("unwound");
      }
    }

    @AfterEach
    void after() throws InterruptedException {
      Roost.checkpoint(); // the test was cancelled, not this
      seen.add("after");
    }
  }

  @Test
  void a_test_that_hangs_is_cancelled_and_shows_its_tasks() {
    Throwable failure = Cases.failure(HangingCases.class);

    assertThat(failure)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not finished after PT10S of real time")
        .hasMessageContaining("main: waiting for ")
        .hasMessageContaining("at dev.roost.junit.RoostTestTimeoutTest$HangingCases.hangs(")
        .hasMessageContaining("├─ first: waiting for ")
        .hasMessageContaining("└─ second: waiting for ")
        .hasMessageContaining("   └─ grandchild: waiting for ");
    assertThat(seen).containsExactly("unwound", "after");
  }

  @RoostTest(timeout = "10s")
  @ExtendWith(Impatience.class)
  static class StandingCases {
    @Test
    void hangs(MockClock clock, Nursery nursery) throws InterruptedException {
      clock.jump(Duration.ofSeconds(1));
      whenAllWait(nursery, Impatience::timeUp);
      Roost.sleep(Duration.ofSeconds(1));
    }
  }

  @Test
  void a_test_that_waits_for_a_clock_that_stands_still_is_told_so() {
    assertThat(Cases.failure(StandingCases.class))
        .hasMessageContaining("Its MockClock[PT1S] stands still")
        .hasMessageContaining("until somebody calls jump");
  }

  @RoostTest(timeout = "10s")
  @ExtendWith(Impatience.class)
  static class HoggingCases {
    @Test
    void hogs() throws InterruptedException {
      Thread me = Thread.currentThread();
      Thread.ofPlatform()
          .start(() -> {
            while (me.getState() != Thread.State.WAITING) {
              Thread.yield();
            }
            Impatience.timeUp();
          });
      new CountDownLatch(1).await(); // with the baton in its hand
    }
  }

  @Test
  void a_test_that_blocks_its_run_is_interrupted() {
    Impatience.expectHog();
    Throwable failure = Cases.failure(HoggingCases.class);

    assertThat(failure)
        .hasMessageContaining("main: running")
        .hasMessageContaining("HoggingCases.hogs(")
        .hasMessageNotContaining("left behind");
  }

  @RoostTest(timeout = "10s")
  @ExtendWith(Impatience.class)
  static class StuckCases {
    private static CountDownLatch interrupted;
    private static CountDownLatch release;
    private static volatile boolean released;

    @Test
    void ignores_everything() {
      Impatience.timeUp();
      while (!released) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        if (Thread.interrupted()) {
          seen.add("interrupted");
          interrupted.countDown();
        }
      }
      release.countDown();
    }

    @AfterEach
    void after() {
      seen.add("after");
    }

    @AfterEach
    void after_with_a_parameter(Nursery nursery) {
      seen.add("after with " + nursery);
    }
  }

  @Test
  void a_test_that_ignores_its_cancellation_is_left_behind() throws InterruptedException {
    StuckCases.interrupted = Impatience.expectStuck();
    StuckCases.release = new CountDownLatch(1);
    StuckCases.released = false;

    Throwable failure = Cases.failure(StuckCases.class);

    assertThat(failure).hasMessageContaining("left behind").hasMessageContaining("is not run");
    assertThat(Cases.stackTrace(failure)).contains("hangs, and was left behind");
    assertThat(seen).containsExactly("interrupted");
    StuckCases.released = true;
    StuckCases.release.await();
  }

  @RoostTest
  @ExtendWith(Impatience.class)
  static class InterruptedCases {
    @Test
    void hangs(Nursery nursery) throws InterruptedException {
      whenAllWait(nursery, Impatience::interruptJUnit);
      try {
        Roost.sleepForever();
      } finally {
        seen.add("unwound");
      }
    }

    @AfterEach
    void after() {
      seen.add("after");
    }
  }

  @Test
  void an_interrupt_of_junit_cancels_the_run_and_shows_its_tasks() {
    Throwable failure = Cases.failure(InterruptedCases.class);

    assertThat(failure)
        .isInstanceOf(InterruptedException.class)
        .hasMessageContaining("JUnit interrupted the test")
        .hasMessageContaining("main: waiting for ");
    assertThat(seen).containsExactly("unwound", "after");
  }

  @RoostTest
  static class JUnitTimeoutCases {
    @Test
    @Timeout(value = 1, unit = TimeUnit.MILLISECONDS, threadMode = ThreadMode.SAME_THREAD)
    void hangs() throws InterruptedException {
      Roost.sleepForever();
    }

    @AfterEach
    void after() {
      seen.add("after");
    }
  }

  @Test
  void a_timeout_of_junit_cancels_the_run() {
    assertThat(Cases.failure(JUnitTimeoutCases.class)).isInstanceOf(TimeoutException.class);
    assertThat(seen).containsExactly("after");
  }

  @RoostTest
  static class JUnitTimeoutElsewhereCases {
    @Test
    @Timeout(value = 1, unit = TimeUnit.MILLISECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
    void hangs() throws InterruptedException {
      Roost.sleepForever();
    }

    @AfterEach
    void after() {
      seen.add("after");
    }
  }

  @Test
  void a_timeout_of_junit_on_a_thread_of_its_own_does_so_too() {
    assertThat(Cases.failure(JUnitTimeoutElsewhereCases.class))
        .isInstanceOf(TimeoutException.class);
    assertThat(seen).containsExactly("after");
  }

  @RoostTest
  static class ConfiguredCases {
    @Test
    void hangs() throws InterruptedException {
      Roost.sleepForever();
    }
  }

  @Test
  void the_timeout_can_be_configured_for_all() {
    assertThat(Cases.failure(ConfiguredCases.class, "roost.timeout", "PT0.001S"))
        .hasMessageContaining("not finished after PT0.001S");
  }

  @RoostTest(timeout = "1ms")
  static class FailingCleanupCases {
    @Test
    void hangs() throws InterruptedException {
      try {
        Roost.sleepForever();
      } finally {
        cleanUp();
      }
    }

    private static void cleanUp() {
      throw new IllegalStateException("while unwinding");
    }
  }

  @Test
  void an_error_while_it_unwinds_hangs_on_the_failure() {
    assertThat(Cases.failure(FailingCleanupCases.class).getSuppressed())
        .extracting(Throwable::getMessage)
        .contains("while unwinding");
  }

  @RoostTest
  @ExtendWith(Impatience.class)
  static class CrowdedCases {
    @Test
    void hangs(Nursery nursery) throws InterruptedException {
      whenAllWait(nursery, Impatience::timeUp);
      for (int i = 0; i < 300; i++) {
        nursery.start("child " + i, Roost::sleepForever);
      }
      Roost.sleepForever();
    }
  }

  @Test
  void the_picture_of_a_crowd_ends_somewhere() {
    assertThat(Cases.failure(CrowdedCases.class))
        .hasMessageContaining("├─ child 42: ")
        .hasMessageEndingWith("… and more\n");
  }

  @RoostTest
  static class SelfInterruptingCases {
    @BeforeEach
    void before() {
      Thread.currentThread().interrupt();
    }

    @Test
    void test() throws InterruptedException {
      Roost.checkpoint();
      Thread.currentThread().interrupt();
    }

    @AfterEach
    void after() throws InterruptedException {
      Roost.checkpoint();
    }
  }

  @Test
  void an_interrupt_status_left_behind_does_no_harm() {
    Cases.runWell(SelfInterruptingCases.class, 1);
  }

  @Test
  void junit_need_not_wait_for_what_it_interrupts_twice() throws InterruptedException {
    var released = new AtomicBoolean();
    var thrown = new AtomicReference<Throwable>();
    var run = new TestRun(settings(), new Trials.Trial(null, null));
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              thrown.set(catchThrowable(() -> run.call(Job.Kind.TEST, pester(released))));
              released.set(true);
            });

    caller.join();

    assertThat(thrown.get())
        .isInstanceOf(InterruptedException.class)
        .hasMessageContaining("left behind");
    assertThat(run.usable()).isFalse();
  }

  /** Interrupts the thread that calls this, again and again. */
  private static Job.Action<Object> pester(AtomicBoolean until) {
    Thread caller = Thread.currentThread();
    return () -> {
      while (!until.get()) {
        caller.interrupt();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
      return "done";
    };
  }

  @Test
  void a_run_that_has_ended_takes_no_more_jobs() throws Throwable {
    var run = new TestRun(settings(), new Trials.Trial(null, null));
    run.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> run.call(Job.Kind.TEST, () -> null))
        .withMessageContaining("has ended already");
  }

  private static TestSettings settings() {
    return new TestSettings(
        "a test",
        false,
        false,
        1,
        null,
        List.of(),
        false,
        ScheduleMode.RANDOM,
        1,
        null,
        Duration.ofMinutes(1),
        true,
        Patience.REAL);
  }
}
