package dev.roost.sync;

import java.io.Serial;

/**
 * A task ended while it owned a lock. What the lock guards may be half done, and nobody can release
 * it any more: those who wait and those who come get this.
 */
public class BrokenLockException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  /**
   * A lock is broken.
   *
   * @param message who broke it
   */
  public BrokenLockException(String message) {
    super(message);
  }
}
