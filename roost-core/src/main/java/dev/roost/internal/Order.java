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

  /** Those who are ready, in the order in which they became so; two of them at least. */
  interface Ready {
    int size();

    /** How many of the first have not had their turns in this round yet; at least one. */
    int inRound();

    Fiber get(int index);
  }

  /** Draws from those in the round. What is no choice takes nothing from the random numbers. */
  static Order random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return ready -> ready.inRound() == 1 ? 0 : random.nextInt(ready.inRound());
  }
}
