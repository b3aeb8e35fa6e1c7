package dev.roost.junit;

import java.lang.System.Logger.Level;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The seed that {@code roost.seed=random} stands for: one for all tests of this JVM, and logged.
 */
final class RandomSeed {

  /** Short enough to be typed. */
  static final long VALUE = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);

  static {
    System.getLogger("dev.roost.junit")
        .log(
            Level.INFO,
            "Roost: roost.seed=random has drawn "
                + VALUE
                + "; to replay it: -Droost.seed="
                + VALUE);
  }

  private RandomSeed() {}
}
