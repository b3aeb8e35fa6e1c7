package dev.roost.sync;

import dev.roost.Limiter;

/**
 * What the owner of a lock closes. Stays good over a wait for a condition, which gives the lock
 * away and takes it again.
 */
final class LockPermit implements Limiter.Permit {

  private final Lock lock;
  private boolean closed;

  LockPermit(Lock lock) {
    this.lock = lock;
  }

  @Override
  public void close() {
    if (!closed) {
      lock.release();
      closed = true;
    }
  }

  @Override
  public String toString() {
    return closed ? "Permit[closed]" : "Permit[" + lock + "]";
  }
}
