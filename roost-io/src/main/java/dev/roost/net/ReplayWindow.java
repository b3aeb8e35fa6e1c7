package dev.roost.net;

/**
 * Which records came already, after RFC 6347, section 4.1.2.6: the highest number, and which of the
 * 63 before it. What is older than that counts as a repetition. The numbers grow from epoch to
 * epoch.
 */
final class ReplayWindow {

  private static final int SIZE = Long.SIZE;

  private long highest = -1;

  /** Bit n: highest - n came. */
  private long came;

  /** Whether this number comes for the first time; from now on it has come. */
  boolean isNew(long number) {
    long ahead = number - highest;
    if (ahead > 0) {
      came = ahead >= SIZE ? 1 : (came << ahead) | 1;
      highest = number;
      return true;
    }
    if (ahead <= -SIZE) {
      return false;
    }
    long bit = 1L << -ahead;
    if ((came & bit) != 0) {
      return false;
    }
    came |= bit;
    return true;
  }
}
