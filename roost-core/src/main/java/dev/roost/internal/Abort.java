package dev.roost.internal;

/**
 * What a waiting fiber has to undo when it is cancelled. Its {@code toString} says what the fiber
 * waits for: the task tree prints it.
 */
public interface Abort {

  /**
   * Tries to call the wait off. Called at most once for each wait, by the holder of the baton; must
   * neither wait nor throw.
   *
   * @param fiber the fiber that waits
   * @param cancellation what the fiber will throw; keep it to throw it later if the wait cannot be
   *     called off now
   * @return true if the wait is over and nobody will resume the fiber any more; false if somebody
   *     still will
   */
  boolean abort(Fiber fiber, Throwable cancellation);

  /** What the fiber waits for, as an object: a lock, a channel. */
  default Object awaited() {
    return this;
  }
}
