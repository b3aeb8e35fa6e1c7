package dev.roost.internal;

/**
 * Something that happens at a moment of the run's clock. A timer knows its place in the heap, so
 * that taking it out or moving it costs a few comparisons and leaves no garbage behind: opening and
 * closing a timeout that never fires is by far the commonest use.
 */
public abstract class Timer {

  /** The deadline that never comes. */
  public static final long NEVER = Long.MAX_VALUE;

  /** The moment, in nanoseconds of the run's clock. Written by {@link Timers} alone. */
  long when = NEVER;

  /** Breaks ties: of two equal deadlines the one that was set first fires first. */
  long order;

  /** The place in the heap, or -1 while it is in none. */
  int index = -1;

  /**
   * Called by the baton's holder when the moment has come, after the timer was taken out of the
   * heap. Never throws.
   */
  protected abstract void fire();

  /** The moment that was set last, whether it has come or not. */
  public final long moment() {
    return when;
  }

  /** Whether the timer waits in a heap. */
  public final boolean isPending() {
    return index >= 0;
  }
}
