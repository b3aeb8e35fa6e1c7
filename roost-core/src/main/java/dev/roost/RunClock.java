package dev.roost;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The clock of a run: every sleep, timeout and deadline inside follows it. The system's by default;
 * tests give a virtual one ({@code MockClock}). Implement it for a clock of your own.
 */
public interface RunClock extends InstantSource {

  /**
   * The system's clock: wall-clock time at the start of the run, monotonic from there on.
   *
   * @return the default clock
   */
  static RunClock system() {
    return SystemRunClock.INSTANCE;
  }

  /** The moment as an instant; read once by each run, which then follows {@link #nanoTime()}. */
  @Override
  Instant instant();

  /**
   * The moment in nanoseconds from an arbitrary origin. Never goes back.
   *
   * @return nanoseconds
   */
  long nanoTime();

  /**
   * How long a run that has nothing to do should wait for this clock to reach a moment.
   *
   * @param moment a value of {@link #nanoTime()} that is still to come
   * @return real nanoseconds; {@code Long.MAX_VALUE} if waiting does not help, because the clock
   *     only moves when told to
   */
  default long realNanosUntil(long moment) {
    return Math.max(0, moment - nanoTime());
  }

  /**
   * After how long a time without anything to do {@link #quiet} is called.
   *
   * @return real nanoseconds; {@code Long.MAX_VALUE} for never
   */
  default long quietNanos() {
    return Long.MAX_VALUE;
  }

  /**
   * Told that the run has had nothing to do for {@link #quietNanos()} and has timers pending; no
   * blocking section is running. A virtual clock may jump now.
   *
   * @param earliest the moment of the earliest timer
   */
  default void quiet(long earliest) {}

  /**
   * Told that a run can never go on: all its tasks wait for what only they could do, no instrument
   * has woken one, and nobody outside has its portal. What this throws ends the run: it is
   * cancelled, and {@code run} throws that error. Does nothing unless overridden.
   *
   * @param deadlock who waits for what and for whom
   */
  default void deadlocked(Deadlock deadlock) {}

  /**
   * Whether somebody outside may be expected to end a run with this clock, by an interrupt or the
   * like. Then a run with a task in {@link Roost#sleepForever} is not taken for deadlocked: that
   * task may be waiting for just that. A clock for tests says no.
   *
   * @return true unless overridden
   */
  default boolean mayBeCancelledFromOutside() {
    return true;
  }

  /**
   * A run begins to use this clock. A clock that can be moved by other threads tells the run when
   * that happened.
   *
   * @param moved to be called after the clock was moved, from any thread
   * @return to be called when the run has ended
   */
  default Runnable attach(Runnable moved) {
    return () -> {};
  }
}
