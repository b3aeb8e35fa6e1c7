package dev.roost.internal;

/**
 * How many things are going on outside a run that will wake it. Touched by the holder of the baton.
 */
public final class Outside {

  private int blocking;
  private int wakeups;

  Outside() {}

  /** A blocking section begins or ends: a virtual clock does not jump meanwhile. */
  public void blocking(int change) {
    blocking += change;
  }

  /** A wake-up is announced, or no longer. */
  public void wakeups(int change) {
    wakeups += change;
  }

  boolean isBlocking() {
    return blocking > 0;
  }

  boolean willWake() {
    return blocking > 0 || wakeups > 0;
  }
}
