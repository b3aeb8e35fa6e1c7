package dev.roost.sync;

import dev.roost.lowlevel.Line;
import dev.roost.lowlevel.RunBinding;
import dev.roost.lowlevel.Suspension;

/**
 * Where tasks wait for each other: when so many have come, all go on, and the barrier is ready for
 * the next so many.
 *
 * {@snippet file="dev/roost/sync/SyncSamplesTest.java" region="barrier"}
 *
 * <p>A task that is cancelled while it waits was never there: the others go on waiting. Made
 * anywhere, bound to the first run that uses it.
 */
public final class Barrier {

  private final RunBinding binding = new RunBinding();
  private final Line<Waiter> waiting = new Line<>();
  private final int parties;

  /**
   * A barrier where nobody waits.
   *
   * @param parties how many tasks must come before they go on
   * @throws IllegalArgumentException if it is less than one
   */
  public Barrier(int parties) {
    if (parties < 1) {
      throw new IllegalArgumentException(
          "Barrier: expected at least one party, but got " + parties + ".");
    }
    this.parties = parties;
  }

  /**
   * Waits until enough tasks are here. A checkpoint.
   *
   * @return how many came after this one, of those that went on together: zero for the last, as
   *     with {@link java.util.concurrent.CyclicBarrier}
   * @throws InterruptedException if cancelled; this task does not count then
   * @throws IllegalStateException outside a run
   */
  public int await() throws InterruptedException {
    binding.startCheckpoint("Barrier.await");
    if (waiting.size() + 1 < parties) {
      Waiter waiter = new Waiter(this);
      waiting.add(waiter);
      return waiter.suspension.await(waiter);
    }
    int after = parties - 1;
    for (Waiter waiter; (waiter = waiting.poll()) != null; after--) {
      waiter.suspension.resume(after);
    }
    binding.endCheckpoint();
    return after;
  }

  /**
   * How many tasks must come. Not a checkpoint.
   *
   * @return the number given to the constructor
   */
  public int parties() {
    return parties;
  }

  /**
   * How it stands. Not a checkpoint.
   *
   * @return a snapshot
   */
  public Statistics statistics() {
    return new Statistics(parties, waiting.size());
  }

  /**
   * How a barrier stands.
   *
   * @param parties how many tasks must come
   * @param tasksWaiting how many wait for the others
   */
  public record Statistics(int parties, int tasksWaiting) {}

  /** How many of how many are here. */
  @Override
  public String toString() {
    return "Barrier[" + waiting.size() + " of " + parties + " waiting]";
  }

  private static final class Waiter extends Line.Place implements Suspension.AbortHandler {
    final Barrier barrier;
    final Suspension<Integer> suspension;

    Waiter(Barrier barrier) {
      this.barrier = barrier;
      this.suspension = Suspension.create(barrier);
    }

    @Override
    public boolean abort(Throwable cancellation) {
      barrier.waiting.remove(this);
      return true;
    }
  }
}
