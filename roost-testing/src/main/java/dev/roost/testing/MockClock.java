package dev.roost.testing;

import dev.roost.Deadlock;
import dev.roost.RunClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A clock for tests, under whose hands the real code runs in no time: sleeps, timeouts and
 * deadlines follow it, and it moves only as the test says. It begins at {@link Instant#EPOCH} and
 * stands still.
 *
 * {@snippet file="dev/roost/testing/TestingSamples.java" region="autojump"}
 *
 * <p>There are three ways to move it, and they go together:
 *
 * <ul>
 *   <li>{@link #jump} moves it by a given time, once.
 *   <li>{@link #autojump()} has it leap to the next deadline whenever every task of the run waits.
 *       Nobody leaps while a task is in {@link Testing#waitAllTasksBlocked()}, which comes first,
 *       or while a {@code Blocking} section runs, whose end might be what the others wait for.
 *   <li>{@link #rate} has it run along with the real time, faster or slower.
 * </ul>
 *
 * <p>While tasks wait for channels of the system, an autojump waits for some milliseconds of real
 * time without anything happening, so that what is in the kernel already comes first. Other threads
 * and machines it cannot see: give them {@link #autojump(Duration)}.
 *
 * <p>A run that nothing can ever wake fails at once with an {@code AssertionError} that shows its
 * tasks, instead of hanging: no task is ready, and no timer, descriptor, blocking section or {@link
 * dev.roost.lowlevel.OutsideWakeup} is pending. A task in {@code sleepForever} is no hope either,
 * unless a shutdown may come ({@code cancelOnShutdown}) or the run is in the background. A run that
 * has handed out its {@code Portal} is left alone, since a call may come; so is one with timers on
 * a clock that stands still, since any thread may move it.
 *
 * <p>Give it to a run with {@code Roost.with().clock(clock)}, or ask for one as a parameter of a
 * {@code @RoostTest}. It may serve several runs one after another, and goes on from where it was.
 * Runs at the same time may share one too; the first of them that has nothing to do makes an
 * autojump for all, so let a clock jump by itself in one run at a time.
 *
 * <p>All methods may be called from any thread, inside and outside of runs; none is a checkpoint.
 */
public final class MockClock implements RunClock {

  private static final long NEVER = Long.MAX_VALUE;

  /** As far as the clock goes: about 292 years. Later is "never" to a run. */
  private static final long LAST = Long.MAX_VALUE - 1;

  /** What the runs that use it at the moment want to hear. */
  private final List<Runnable> attached = new CopyOnWriteArrayList<>();

  private final Object lock = new Object();

  // ---- guarded by the lock: at realBase on System.nanoTime this clock showed base

  private long base;
  private long realBase = System.nanoTime();
  private double rate;
  private long autojumpNanos = NEVER;

  /** A clock that shows {@link Instant#EPOCH} and stands still. */
  public MockClock() {}

  /**
   * Has it leap to the next deadline as soon as all tasks of the run wait. The same as {@code
   * autojump(Duration.ZERO)}.
   *
   * @return this clock
   */
  public MockClock autojump() {
    return autojump(Duration.ZERO);
  }

  /**
   * Has it leap to the next deadline when all tasks of the run have waited for a while: for tests
   * that also talk to other threads or to the network, which the clock cannot see.
   *
   * @param threshold for how long, in real time, nothing must have happened; zero for at once
   * @return this clock
   * @throws IllegalArgumentException if the threshold is negative
   */
  public MockClock autojump(Duration threshold) {
    Objects.requireNonNull(threshold, "MockClock.autojump: the threshold is null");
    if (threshold.isNegative()) {
      throw new IllegalArgumentException(
          "MockClock.autojump: the threshold is negative ("
              + threshold
              + "). Zero means: as soon as all tasks wait.");
    }
    synchronized (lock) {
      autojumpNanos = saturated(threshold);
    }
    tellAll();
    return this;
  }

  /**
   * Has it run along with the real time from now on.
   *
   * @param virtualPerReal how many seconds it goes ahead in a second of real time; zero to stand
   *     still
   * @return this clock
   * @throws IllegalArgumentException if the rate is negative, infinite or not a number
   */
  public MockClock rate(double virtualPerReal) {
    if (!(virtualPerReal >= 0) || Double.isInfinite(virtualPerReal)) {
      throw new IllegalArgumentException(
          "MockClock.rate: the rate is "
              + virtualPerReal
              + ". Give the seconds of this clock for a second of real time, zero or more: a clock"
              + " never goes back.");
    }
    synchronized (lock) {
      rebase();
      rate = virtualPerReal;
    }
    tellAll();
    return this;
  }

  /**
   * Moves it ahead. What is due by then happens when the tasks concerned get their turns, so let
   * them have it before you look: {@link Testing#waitAllTasksBlocked()}.
   *
   * @param d how far; zero does nothing
   * @throws IllegalArgumentException if it is negative
   */
  public void jump(Duration d) {
    Objects.requireNonNull(d, "MockClock.jump: the duration is null");
    if (d.isNegative()) {
      throw new IllegalArgumentException(
          "MockClock.jump: the duration is negative (" + d + "). A clock never goes back.");
    }
    synchronized (lock) {
      rebase();
      base = plus(base, saturated(d));
    }
    tellAll();
  }

  /** The moment that it shows: {@link Instant#EPOCH} plus {@link #nanoTime()}. */
  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(nanoTime());
  }

  /** The moment that it shows, in nanoseconds since its beginning at zero. */
  @Override
  public long nanoTime() {
    synchronized (lock) {
      return now();
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>At least one nanosecond for a moment to come, so that nobody looks again and again in no
   * time.
   */
  @Override
  public long realNanosUntil(long moment) {
    synchronized (lock) {
      long now = now();
      if (moment <= now) {
        return 0;
      }
      if (rate == 0) {
        return NEVER;
      }
      double real = Math.ceil(((double) moment - now) / rate);
      return real >= LAST ? NEVER : Math.max(1, (long) real);
    }
  }

  @Override
  public long quietNanos() {
    synchronized (lock) {
      return autojumpNanos;
    }
  }

  @Override
  public void quiet(long earliest) {
    synchronized (lock) {
      if (autojumpNanos == NEVER) {
        return;
      }
      rebase();
      base = Math.max(base, Math.min(earliest, LAST));
    }
    if (attached.size() > 1) {
      tellAll(); // the run that calls looks at its timers anyway
    }
  }

  /** Fails the run at once, instead of letting it hang: {@inheritDoc} */
  @Override
  public void deadlocked(Deadlock deadlock) {
    throw new AssertionError("MockClock: nothing can ever wake this run: " + deadlock);
  }

  /** Nobody is expected to: a run in which all sleep for ever is a mistake in a test. */
  @Override
  public boolean mayBeCancelledFromOutside() {
    return false;
  }

  @Override
  public Runnable attach(Runnable moved) {
    Objects.requireNonNull(moved, "MockClock.attach: the callback is null");
    attached.add(moved);
    return () -> attached.remove(moved);
  }

  /** Outside the lock: the callbacks are other people's code. */
  private void tellAll() {
    attached.forEach(Runnable::run);
  }

  /** Under the lock. */
  private long now() {
    return rate == 0 ? base : plus(base, (long) ((System.nanoTime() - realBase) * rate));
  }

  /** Under the lock: makes this moment the one that the rate counts from. */
  private void rebase() {
    long real = System.nanoTime();
    base = rate == 0 ? base : plus(base, (long) ((real - realBase) * rate));
    realBase = real;
  }

  private static long plus(long moment, long span) {
    long sum = moment + span;
    return sum < moment ? LAST : Math.min(sum, LAST);
  }

  private static long saturated(Duration span) {
    try {
      return span.toNanos();
    } catch (ArithmeticException tooLong) {
      return NEVER;
    }
  }

  /** What it shows and how it moves. */
  @Override
  public String toString() {
    synchronized (lock) {
      StringBuilder text = new StringBuilder("MockClock[").append(Duration.ofNanos(now()));
      if (rate != 0) {
        text.append(", rate ").append(rate);
      }
      if (autojumpNanos != NEVER) {
        text.append(", autojump after ").append(Duration.ofNanos(autojumpNanos));
      }
      return text.append(']').toString();
    }
  }
}
