package dev.roost.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncRunnable;
import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.Deadlock;
import dev.roost.Instrument;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.junit.RoostTest;
import dev.roost.sync.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The virtual clock. */
class MockClockTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration AGES = Duration.ofSeconds(Long.MAX_VALUE);

  // ---- outside of runs

  @Test
  void a_new_clock_stands_still_at_zero() {
    var clock = new MockClock();

    assertThat(clock.nanoTime()).isZero();
    assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
    assertThat(clock.realNanosUntil(1)).isEqualTo(Long.MAX_VALUE);
    assertThat(clock.quietNanos()).isEqualTo(Long.MAX_VALUE);
    assertThat(clock).hasToString("MockClock[PT0S]");
  }

  @Test
  void a_jump_moves_it() {
    var clock = new MockClock();

    clock.jump(SECOND);
    clock.jump(Duration.ZERO);
    clock.jump(HOUR);

    assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plus(SECOND).plus(HOUR));
    assertThat(clock.nanoTime()).isEqualTo(SECOND.plus(HOUR).toNanos());
  }

  @Test
  void it_goes_as_far_as_it_can_and_never_back() {
    var clock = new MockClock();

    clock.jump(AGES);
    long far = clock.nanoTime();
    clock.jump(HOUR);
    clock.rate(1e300);

    assertThat(clock.nanoTime()).isEqualTo(far).isEqualTo(Long.MAX_VALUE - 1);
    assertThat(clock.realNanosUntil(far)).isZero();
  }

  @Test
  void mistakes_are_explained() {
    var clock = new MockClock();
    var minus = Duration.ofNanos(-1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> clock.jump(minus))
        .withMessageContaining("MockClock.jump: the duration is negative (PT-0.000000001S)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> clock.autojump(minus))
        .withMessageContaining("MockClock.autojump: the threshold is negative");
    for (double rate : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> clock.rate(rate))
          .withMessageContaining("the rate is " + rate);
    }
    assertThatNullPointerException().isThrownBy(() -> clock.jump(null));
    assertThatNullPointerException().isThrownBy(() -> clock.autojump(null));
    assertThatNullPointerException().isThrownBy(() -> clock.attach(null));
    assertThat(clock.nanoTime()).isZero();
  }

  @Test
  void with_a_rate_it_runs_along() {
    var clock = new MockClock().rate(1_000_000);
    long before = System.nanoTime();
    long seen = clock.nanoTime();

    long later = clock.nanoTime();

    assertThat(later).isGreaterThanOrEqualTo(seen);
    assertThat(clock.realNanosUntil(clock.nanoTime() + DAY.toNanos()))
        .isBetween(1L, DAY.toNanos() / 1_000_000 + 1);
    clock.rate(0);
    long stopped = clock.nanoTime();
    assertThat(clock.nanoTime()).isEqualTo(stopped);
    assertThat((double) stopped).isLessThanOrEqualTo((System.nanoTime() - before + 1e9) * 1e6);
    assertThat(new MockClock().rate(2)).asString().contains(", rate 2.0");
  }

  @Test
  void the_wait_for_a_moment_to_come_is_never_zero() {
    var clock = new MockClock().rate(1e12);

    assertThat(clock.realNanosUntil(Long.MAX_VALUE - 1)).isPositive();
    assertThat(new MockClock().rate(1e-12).realNanosUntil(Long.MAX_VALUE - 1))
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whoever_is_attached_hears_of_every_move() {
    var clock = new MockClock();
    var heard = new AtomicInteger();
    Runnable detach = clock.attach(heard::incrementAndGet);

    clock.jump(SECOND);
    clock.rate(1);
    clock.autojump(SECOND);
    assertThat(heard).hasValue(3);
    assertThat(clock.quietNanos()).isEqualTo(SECOND.toNanos());
    assertThat(clock).asString().endsWith(", autojump after PT1S]");

    detach.run();
    clock.jump(SECOND);
    assertThat(heard).hasValue(3);
  }

  @Test
  void quiet_moves_it_only_if_it_may_jump_and_only_ahead() {
    var clock = new MockClock();
    clock.quiet(5);
    assertThat(clock.nanoTime()).isZero();

    clock.autojump();
    clock.quiet(5);
    clock.quiet(3);
    assertThat(clock.nanoTime()).isEqualTo(5);
  }

  @Test
  void runs_that_share_a_clock_hear_of_the_jumps_of_others() {
    var clock = new MockClock().autojump();
    var heard = new AtomicInteger();
    clock.attach(heard::incrementAndGet);
    clock.attach(heard::incrementAndGet);

    clock.quiet(5);

    assertThat(heard).hasValue(2);
  }

  // ---- in runs

  /** A clock with autojump, on which much time takes none. */
  @RoostTest(autojump = true)
  void autojump_makes_sleeps_exact_and_instant() throws Exception {
    long real = System.nanoTime();
    Instant start = Roost.now();

    for (Duration d : new Duration[] {SECOND, HOUR, DAY.multipliedBy(365)}) {
      Instant before = Roost.now();
      Roost.sleep(d);
      assertThat(Roost.now()).isEqualTo(before.plus(d));
    }

    assertThat(start).isEqualTo(Instant.EPOCH);
    assertThat(System.nanoTime() - real).isLessThan(TimeUnit.SECONDS.toNanos(30));
  }

  @RoostTest(autojump = true)
  void autojump_goes_from_deadline_to_deadline() throws Exception {
    var woken = new ArrayList<String>();
    Nursery.run(nursery -> {
      for (int seconds : new int[] {30, 10, 20, 10}) {
        nursery.start(() -> {
          Roost.sleep(Duration.ofSeconds(seconds));
          woken.add(seconds + " at " + Roost.now().getEpochSecond());
        });
      }
    });

    assertThat(woken).containsExactly("10 at 10", "10 at 10", "20 at 20", "30 at 30");
  }

  @RoostTest
  void autojump_can_be_turned_on_while_all_tasks_sleep(MockClock clock) throws Exception {
    Thread other = Thread.ofPlatform().unstarted(clock::autojump);
    Nursery.run(nursery -> {
      nursery.start(() -> Roost.sleep(HOUR));
      Testing.waitAllTasksBlocked();
      other.start();
    });
    assertThat(Roost.now()).isEqualTo(Instant.EPOCH.plus(HOUR));
    other.join();
  }

  @Test
  void autojump_waits_for_its_threshold() throws Exception {
    var threshold = Duration.ofMillis(30);
    long real = System.nanoTime();

    Roost.with().clock(new MockClock().autojump(threshold)).run(() -> Roost.sleep(HOUR));

    assertThat(System.nanoTime() - real).isGreaterThanOrEqualTo(threshold.toNanos());
  }

  @RoostTest(autojump = true)
  void autojump_gives_way_to_waiting_until_all_are_blocked() throws Exception {
    var order = new ArrayList<String>();
    Nursery.run(nursery -> {
      nursery.start(() -> {
        Roost.sleep(SECOND);
        order.add("sleeper");
      });
      Testing.waitAllTasksBlocked(Duration.ofMillis(20));
      order.add("waiter");
      assertThat(Roost.now()).isEqualTo(Instant.EPOCH);
    });

    assertThat(order).containsExactly("waiter", "sleeper");
  }

  @RoostTest(autojump = true)
  void autojump_waits_while_a_blocking_section_runs() throws Exception {
    var inside = new CountDownLatch(1);
    Nursery.run(nursery -> {
      var timeout = CancelScope.moveOnAfter(HOUR);
      nursery.start(() -> {
        boolean finished =
            timeout.run(
                () -> Blocking.run(() -> assertThat(inside.await(1, TimeUnit.MINUTES)).isTrue()));
        assertThat(finished).isTrue();
      });
      Testing.waitAllTasksBlocked(Duration.ofMillis(20));
      assertThat(Roost.now()).isEqualTo(Instant.EPOCH);
      inside.countDown();
    });
  }

  @RoostTest
  void a_jump_from_inside_wakes_those_who_are_due(MockClock clock) throws Exception {
    var woken = new ArrayList<Integer>();
    Nursery.run(nursery -> {
      for (int seconds : new int[] {3, 1, 2}) {
        nursery.start(() -> {
          Roost.sleep(Duration.ofSeconds(seconds));
          woken.add(seconds);
        });
      }
      Testing.waitAllTasksBlocked();
      clock.jump(Duration.ofSeconds(2));
      Testing.waitAllTasksBlocked();
      assertThat(woken).containsExactlyInAnyOrder(1, 2);
      clock.jump(SECOND.minusNanos(1));
      Testing.waitAllTasksBlocked();
      assertThat(woken).hasSize(2);
      clock.jump(Duration.ofNanos(1));
    });
    assertThat(woken).containsExactlyInAnyOrder(1, 2, 3).endsWith(3);
  }

  @RoostTest
  void a_jump_from_another_thread_wakes_a_run_that_waits(MockClock clock) throws Exception {
    Thread other = Thread.ofPlatform().start(() -> clock.jump(HOUR));

    Roost.sleepUntil(Instant.EPOCH.plus(HOUR));

    assertThat(Roost.now()).isEqualTo(Instant.EPOCH.plus(HOUR));
    other.join();
  }

  @RoostTest
  void a_jump_from_a_blocking_section_counts(MockClock clock) throws Exception {
    boolean finished =
        CancelScope.moveOnAfter(HOUR)
            .run(() -> {
              Blocking.run(() -> clock.jump(DAY));
              Roost.checkpoint();
            });

    assertThat(finished).isFalse();
  }

  @RoostTest
  void with_a_rate_hours_pass_by_themselves(MockClock clock) throws Exception {
    Thread other = Thread.ofPlatform().start(() -> clock.rate(3600 * 1000));

    Roost.sleep(HOUR); // a millisecond

    assertThat(Roost.now()).isAfterOrEqualTo(Instant.EPOCH.plus(HOUR));
    other.join();
  }

  @RoostTest
  void deadlines_stay_far_away_while_it_stands_still(MockClock clock) throws Exception {
    var event = new Event();
    boolean finished =
        CancelScope.moveOnAfter(Duration.ofNanos(1))
            .run(() ->
                Nursery.run(nursery -> {
                  nursery.start(event::await);
                  Testing.waitAllTasksBlocked(Duration.ofMillis(5));
                  event.set();
                }));

    assertThat(finished).isTrue();
    assertThat(clock.nanoTime()).isZero();
  }

  @Test
  void it_goes_on_from_run_to_run() throws Exception {
    var clock = new MockClock().autojump();

    for (int run = 1; run <= 3; run++) {
      Roost.with().clock(clock).run(() -> Roost.sleep(HOUR));
      assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plus(HOUR.multipliedBy(run)));
    }
  }

  @Test
  void only_the_clock_of_its_own_run_is_moved() throws Exception {
    var clock = new MockClock().autojump();
    var other = new MockClock();

    Roost.with()
        .clock(clock)
        .run(() -> {
          Blocking.run(() -> Roost.with().clock(other).run(Roost::checkpoint));
          Roost.sleep(HOUR);
        });

    assertThat(other.nanoTime()).isZero();
  }

  @RoostTest(autojump = true)
  void a_sleep_for_ages_is_no_deadline() throws Exception {
    boolean finished = CancelScope.moveOnAfter(HOUR).run(() -> Roost.sleep(AGES));

    assertThat(finished).isFalse();
    assertThat(Roost.now()).isEqualTo(Instant.EPOCH.plus(HOUR));
  }

  // ---- nothing can wake the run

  @Test
  void deadlock_behind_shields_fails_the_run_and_unwinds_it() {
    List<String> unwound = new ArrayList<>();
    AsyncRunnable<RuntimeException> waits =
        () -> {
          try (Closing _ = () -> unwound.add("closed")) {
            CancelScope.create().shielded().run(() -> new Event().await());
            Roost.checkpoint();
            unwound.add("went on");
          }
        };

    assertThatThrownBy(() ->
            Roost.with()
                .clock(new MockClock().autojump())
                .run(() ->
                    Nursery.run(nursery -> {
                      nursery.start("other", waits);
                      waits.run();
                    })))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("MockClock: nothing can ever wake this run")
        .hasMessageContaining("other waits for an event");
    assertThat(unwound).containsExactly("closed", "closed");
  }

  @Test
  void deadlock_in_the_clean_up_after_one_fails_the_run() {
    var scope = CancelScope.create();
    var way =
        new Instrument() {
          @Override
          public void deadlocked(Deadlock deadlock) {
            scope.cancel("there is a way out");
          }
        };

    assertThatThrownBy(() ->
            Roost.with()
                .clock(new MockClock().autojump())
                .instrument(way)
                .run(() -> {
                  boolean whole = scope.run(() -> new Event().await());
                  assertThat(whole).isFalse();
                  new Event().await(); // and into the next one
                }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("MockClock: nothing can ever wake this run");
  }

  private interface Closing extends AutoCloseable {
    @Override
    void close();
  }
}
