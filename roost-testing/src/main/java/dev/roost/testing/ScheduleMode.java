package dev.roost.testing;

/** Which orders of tasks to try when a program is looked through for bad ones. */
public enum ScheduleMode {

  /**
   * Draws from a seed whose turn it is, among those who have not had theirs in the round: each
   * ready task gets a turn before any gets a second one, as in every run.
   */
  RANDOM,

  /**
   * Gives each task a priority drawn from a seed, has the ready task of the highest priority run
   * turn after turn, and at a few moments, drawn as well, puts it last. So one task may get far
   * ahead of another, which bugs with few events in the wrong order need: a bug of depth <i>d</i>,
   * in a program of <i>n</i> tasks and <i>k</i> turns, is found by each schedule with a probability
   * of at least 1/(<i>n k</i><sup><i>d</i>-1</sup>). After Burckhardt, Kothari, Musuvathi and
   * Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS
   * 2010.
   *
   * <p>A ready task is overtaken at most 64 times, as often as the checkpoint budget of an ordinary
   * run allows, so that one that waits in a loop for another comes to its end.
   */
  PCT,

  /**
   * Tries all orders in which each ready task gets a turn before any gets a second one; those first
   * that differ from first come, first served in the fewest turns. For small tests: the number of
   * orders grows exponentially.
   */
  ALL,

  /**
   * Keeps to first come, first served, and cancels: before the first turn, then after the first,
   * after the second, and so on, each time from the start. So a cancellation is delivered at each
   * checkpoint in turn. A test fails if it hangs then, throws something else, or swallows the
   * cancellation.
   */
  CANCELLATION
}
