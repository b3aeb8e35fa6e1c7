package dev.roost.internal;

import java.util.SplittableRandom;

/**
 * Decides which of the fibers that are ready gets the next turn, in a run that is not first in,
 * first out. Asked by the holder of the baton, and only where there is a choice.
 */
@FunctionalInterface
public interface Order {

  /** The index of the one whose turn it is. */
  int next(Ready ready);

  /**
   * Whether the others are to stay in the order in which they became ready, however many they are.
   * Where chance decides, any order is as good, and in a crowd it takes less time.
   */
  default boolean keepsOrderInCrowds() {
    return true;
  }

  /** Those who are ready, in the order in which they became so; two of them at least. */
  interface Ready {
    int size();

    /** How many of the first have not had their turns in this round yet; at least one. */
    int inRound();

    Fiber get(int index);
  }

  /** Draws from those in the round. What is no choice takes nothing from the random numbers. */
  static Order random(long seed) {
    return new Drawn(new SplittableRandom(seed));
  }

  /** Of equal chances. */
  record Drawn(SplittableRandom random) implements Order {

    @Override
    public int next(Ready ready) {
      return ready.inRound() == 1 ? 0 : random.nextInt(ready.inRound());
    }

    @Override
    public boolean keepsOrderInCrowds() {
      return false;
    }
  }
}
