package dev.roost;

/**
 * Bounds how many do something at once. {@code dev.roost.sync.CapacityLimiter} is one.
 *
 * {@snippet file="dev/roost/sync/SyncSamplesTest.java" region="limiter"}
 */
public interface Limiter {

  /**
   * Takes a permit for the current task, and waits until there is one. A checkpoint.
   *
   * @return the permit; close it to give it back
   * @throws InterruptedException if cancelled; no permit was taken then
   * @throws IllegalStateException outside a run
   */
  @CheckReturnValue
  Permit acquire() throws InterruptedException;

  /**
   * Takes a permit for something other than the current task, which may outlive it or have another
   * permit already: a blocking section is one. A limiter that does not mind who has its permits
   * need not implement this. A checkpoint.
   *
   * @param borrower what the permit is for; statistics may name it
   * @return the permit; close it to give it back
   * @throws InterruptedException if cancelled; no permit was taken then
   * @throws IllegalStateException outside a run
   */
  @CheckReturnValue
  default Permit acquireFor(Object borrower) throws InterruptedException {
    return acquire();
  }

  /** What was taken; given back by closing it, which never waits. */
  interface Permit extends AutoCloseable {

    /**
     * Gives the permit back; nothing happens the second time. Not a checkpoint.
     *
     * @throws IllegalStateException outside the run that it was taken in
     */
    @Override
    void close();
  }
}
