package dev.roost.channel;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What a task that selects gets, if some of what it waits for is served by other threads: whoever
 * makes the choice first serves it. The baton alone would not do, for those threads do not hold it.
 *
 * <p>Where two that select meet, both choices are made at once or none is. The monitors of the two
 * are taken in the order of their numbers, inside the lock of the channel where they meet, and
 * nothing else is taken inside them; so nobody waits in a circle.
 */
final class Choice {

  private static final AtomicLong NUMBERS = new AtomicLong();

  private final long number = NUMBERS.incrementAndGet();

  /** Guarded by the monitor. */
  private boolean made;

  /** Makes it; false if somebody else has. */
  synchronized boolean make() {
    boolean first = !made;
    made = true;
    return first;
  }

  synchronized boolean isMade() {
    return made;
  }

  /**
   * Makes both; false, and neither is changed, if one of them was made, or if they are the same.
   */
  static boolean makeBoth(Choice one, Choice other) {
    if (one == other) {
      return false;
    }
    Choice first = one.number < other.number ? one : other;
    Choice second = first == one ? other : one;
    synchronized (first) {
      synchronized (second) {
        if (first.made || second.made) {
          return false;
        }
        first.made = true;
        second.made = true;
        return true;
      }
    }
  }
}
