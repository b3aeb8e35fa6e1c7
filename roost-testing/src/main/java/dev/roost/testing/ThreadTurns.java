package dev.roost.testing;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** The turns of a {@link ThreadTest}: like a {@link Sequencer}, for any thread. */
final class ThreadTurns {

  private final Duration limit;

  // ---- guarded by this

  private final Set<Integer> claimed = new TreeSet<>();
  private int next;
  private boolean taken;

  ThreadTurns(Duration limit) {
    this.limit = limit;
  }

  Taken at(int position) throws InterruptedException {
    if (position < 0) {
      throw new IllegalArgumentException(
          "ThreadTest.at: the position is " + position + ". Positions count from 0.");
    }
    synchronized (this) {
      if (!claimed.add(position)) {
        throw new IllegalStateException(
            "ThreadTest.at: position "
                + position
                + " was used before. Each position is for one block, once.");
      }
    }
    OffTheBaton.run(() -> await(position));
    return new Taken(position);
  }

  private synchronized void await(int position) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (next != position) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError(
            "ThreadTest.at("
                + position
                + "): the turn did not come within "
                + limit
                + ". Position "
                + next
                + (taken ? " was taken and not closed." : " was never taken."));
      }
      wait(left / 1_000_000 + 1);
    }
    taken = true;
  }

  private synchronized void end(int position) {
    if (next == position) {
      next++;
      taken = false;
      notifyAll();
    }
  }

  /** A turn that has come. */
  final class Taken implements ThreadTest.Turn {
    private final int position;

    private Taken(int position) {
      this.position = position;
    }

    @Override
    public void close() {
      end(position);
    }

    /** The position. */
    @Override
    public String toString() {
      return "Turn[" + position + "]";
    }
  }
}
