package dev.roost.internal;

/** What the scheduler needs to know of a run's clock. */
public interface TimeSource {

  /** The moment, in nanoseconds from an arbitrary origin; never goes back. */
  long nanoTime();

  /**
   * How long to wait in real nanoseconds until the clock may have reached {@code moment}; {@link
   * Timer#NEVER} if no amount of waiting helps.
   */
  long realNanosUntil(long moment);

  /**
   * For how long, in real nanoseconds, nothing must have happened before {@link #quiet} is called;
   * {@link Timer#NEVER} for never.
   */
  long quietNanos();

  /**
   * Told that nothing happened for {@link #quietNanos}: a virtual clock may jump to {@code
   * earliest}.
   */
  void quiet(long earliest);
}
