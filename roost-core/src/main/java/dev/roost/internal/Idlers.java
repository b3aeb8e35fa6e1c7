package dev.roost.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * The fibers that wait until nobody else of the run has anything to do for a while of real time:
 * the one with the shortest cushion wakes first, equal ones together, and each wake-up starts the
 * quiet time of the others anew.
 */
public final class Idlers {

  private final List<Idler> waiting = new ArrayList<>();

  Idlers() {}

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  long shortestNanos() {
    long shortest = Timer.NEVER;
    for (Idler idler : waiting) {
      shortest = Math.min(shortest, idler.cushionNanos);
    }
    return shortest;
  }

  void wakeShortest() {
    long shortest = shortestNanos();
    waiting.removeIf(idler -> {
      if (idler.cushionNanos != shortest) {
        return false;
      }
      idler.fiber.resume(null);
      return true;
    });
  }

  /** Waits until all other fibers have been waiting for that long. A checkpoint. */
  public void await(Fiber fiber, long cushionNanos) throws InterruptedException {
    StackRoom.forAWait(fiber);
    Idler idler = new Idler(fiber, cushionNanos);
    waiting.add(idler);
    fiber.suspend(idler);
  }

  private final class Idler implements Abort {
    final Fiber fiber;
    final long cushionNanos;

    Idler(Fiber fiber, long cushionNanos) {
      this.fiber = fiber;
      this.cushionNanos = cushionNanos;
    }

    @Override
    public boolean abort(Fiber aborted, Throwable cancellation) {
      waiting.remove(this);
      return true;
    }

    @Override
    public String toString() {
      return "all other tasks to be blocked";
    }
  }
}
