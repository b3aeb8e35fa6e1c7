package dev.roost.sync;

import dev.roost.Task;
import dev.roost.lowlevel.Line;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Where tasks wait until what a {@link Lock} guards has changed. A task that waits gives the lock
 * away and has it again when it goes on. First come, first served.
 *
 * {@snippet file="dev/roost/sync/SyncSamplesTest.java" region="condition"}
 *
 * <p>Waits come back only because of a signal, a cancellation or a broken lock; still, look at what
 * you waited for in a loop: another task may have had the lock in between. If a wait with a signal
 * is cancelled before it has the lock again, the signal goes to the next one, so that none is lost.
 */
public final class Condition {

  private final Lock lock;
  private final Line<LockWaiter> waiting = new Line<>();

  /**
   * A condition that nobody waits for.
   *
   * @param lock guards what is waited for
   */
  public Condition(Lock lock) {
    this.lock = Objects.requireNonNull(lock, "Condition: the lock is null");
  }

  /**
   * Gives the lock away, waits for a signal, and takes the lock again. A checkpoint. The task owns
   * the lock when this returns, and also when it throws because it was cancelled; cancellation does
   * not cut short the wait for the lock.
   *
   * @throws InterruptedException if cancelled
   * @throws BrokenLockException if another task ended while it owned the lock; this one does not
   *     own it then
   * @throws IllegalStateException if the task does not own the lock, or outside a run
   */
  public void await() throws InterruptedException {
    Task me = lock.ensureOwner("Condition.await");
    LockWaiter waiter = new LockWaiter(lock, me, this);
    if (waiting.isEmpty()) {
      lock.awaited(this);
    }
    waiting.add(waiter);
    lock.handOver();
    try {
      waiter.await();
    } finally {
      lock.backFromCondition();
    }
  }

  /**
   * Wakes the task that has waited longest: it goes on once it has the lock. Not a checkpoint.
   *
   * @return true if there was one
   * @throws IllegalStateException if the task does not own the lock, or outside a run
   */
  public boolean signal() {
    return signal(1) == 1;
  }

  /**
   * Wakes several tasks, those first that have waited longest: they go on one after another as each
   * has the lock. Not a checkpoint.
   *
   * @param atMost how many at most
   * @return how many there were
   * @throws IllegalArgumentException if {@code atMost} is negative
   * @throws IllegalStateException if the task does not own the lock, or outside a run
   */
  public int signal(int atMost) {
    if (atMost < 0) {
      throw new IllegalArgumentException("Condition.signal: cannot wake " + atMost + " tasks.");
    }
    lock.ensureOwner("Condition.signal");
    int woken = 0;
    while (woken < atMost && wake(true)) {
      woken++;
    }
    return woken;
  }

  /**
   * Wakes all who wait, as {@link #signal(int)} does. Not a checkpoint.
   *
   * @return how many there were
   * @throws IllegalStateException if the task does not own the lock, or outside a run
   */
  public int signalAll() {
    lock.ensureOwner("Condition.signalAll");
    int woken = 0;
    while (wake(false)) {
      woken++;
    }
    return woken;
  }

  /** Has the first go on to wait for the lock, which somebody owns. */
  private boolean wake(boolean withSignal) {
    LockWaiter first = waiting.poll();
    if (first == null) {
      return false;
    }
    left();
    first.holdsSignal = withSignal;
    lock.queue(first);
    return true;
  }

  /** A waiter was cancelled: true if it has the lock at once, false if it waits for it. */
  boolean aborted(LockWaiter waiter) {
    if (waiting.remove(waiter)) {
      left();
      return lock.takeOrQueue(waiter);
    }
    if (waiter.holdsSignal) {
      wake(true);
    }
    return false;
  }

  private void left() {
    if (waiting.isEmpty()) {
      lock.noLongerAwaited(this);
    }
  }

  void breakDown(Supplier<BrokenLockException> error) {
    for (LockWaiter waiter; (waiter = waiting.poll()) != null; ) {
      waiter.fail(error.get());
    }
  }

  /**
   * The lock that guards what is waited for. Not a checkpoint.
   *
   * @return the lock given to the constructor
   */
  public Lock lock() {
    return lock;
  }

  /**
   * How it stands. Not a checkpoint.
   *
   * @return a snapshot
   */
  public Statistics statistics() {
    return new Statistics(waiting.size(), lock.statistics());
  }

  /**
   * How a condition stands.
   *
   * @param tasksWaiting how many tasks wait for a signal; not those that have one and wait for the
   *     lock
   * @param lock how its lock stands
   */
  public record Statistics(int tasksWaiting, Lock.Statistics lock) {}

  /** How many wait, and how the lock stands. */
  @Override
  public String toString() {
    return "Condition[" + waiting.size() + " waiting, " + lock + "]";
  }
}
