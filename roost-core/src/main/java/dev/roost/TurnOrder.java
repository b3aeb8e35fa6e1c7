package dev.roost;

/**
 * Decides which of the tasks that are ready gets the next turn: for tools that look for the order
 * in which a program fails. {@link RunOptions#seed} and first in, first out are enough for all
 * else.
 *
 * {@snippet file="dev/roost/TurnOrderTest.java" region="last-first"}
 *
 * <p>It is called by whichever thread holds the run's baton, in the middle of a scheduling step: it
 * must be quick and must not wait, and may read tasks. If it throws, or answers with an index that
 * there is not, the run is cancelled and ends with that error. One that remembers something is for
 * one run.
 */
@FunctionalInterface
public interface TurnOrder {

  /**
   * Chooses. Asked only where there is a choice.
   *
   * @param ready the tasks that are ready, two at least; to be read during this call only
   * @return the index of the task whose turn it is, from 0
   */
  int next(ReadyTasks ready);

  /** The tasks that are ready, in the order in which they became so. */
  interface ReadyTasks {

    /**
     * How many they are.
     *
     * @return the number, 2 at least
     */
    int size();

    /**
     * How many of them, from the first on, have not had their turn in this round yet. Whoever
     * chooses among these keeps the promise that every ready task gets a turn before any gets a
     * second one.
     *
     * @return the number, 1 at least
     */
    int inRound();

    /**
     * One of them.
     *
     * @param index from 0
     * @return the task
     */
    Task task(int index);
  }
}
