package dev.roost;

/** Bounds how many do something at once. {@code dev.roost.sync.CapacityLimiter} is one. */
public interface Limiter {

  /**
   * Takes a permit, and waits until there is one. A checkpoint.
   *
   * @return the permit; close it to give it back
   * @throws InterruptedException if cancelled; no permit was taken then
   */
  Permit acquire() throws InterruptedException;

  /** What was taken; given back by closing it, which never waits. */
  interface Permit extends AutoCloseable {

    /** Gives the permit back. Not a checkpoint. */
    @Override
    void close();
  }
}
