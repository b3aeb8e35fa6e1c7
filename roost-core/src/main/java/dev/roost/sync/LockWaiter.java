package dev.roost.sync;

import dev.roost.Task;
import dev.roost.lowlevel.Line;
import dev.roost.lowlevel.Suspension;
import org.jspecify.annotations.Nullable;

/**
 * A task that waits for a lock, or for a condition first and then for its lock.
 *
 * <pre>
 *   acquire ------------------------------+
 *                                         v
 *   await --> IN THE CONDITION'S --> IN THE LOCK'S ---- its turn ---> owner; throws the
 *                   LINE    signal       LINE                         cancellation, if any
 *                    |                    ^  |
 *                    +--- cancelled ------+  | cancelled: acquire leaves the line at once;
 *                         (remembered)       v await stays, passes on its signal, remembers
 * </pre>
 */
final class LockWaiter extends Line.Place implements Suspension.AbortHandler {

  final Lock lock;
  final Task task;

  /**
   * What it waits for, or waited for before it waits for the lock; null if it wants nothing but the
   * lock.
   */
  final @Nullable Condition condition;

  private final Suspension<@Nullable Void> suspension;

  /** Whether it got a signal that another could use in its place. */
  boolean holdsSignal;

  private @Nullable Throwable cancellation;

  LockWaiter(Lock lock, Task task, @Nullable Condition condition) {
    this.lock = lock;
    this.task = task;
    this.condition = condition;
    this.suspension = Suspension.create(condition == null ? lock : condition);
  }

  /**
   * Waits for its turn. When this returns or throws, bar a broken lock, the task owns the lock
   * unless it left the line.
   */
  void await() throws InterruptedException {
    suspension.await(this);
  }

  /** It owns the lock now. */
  void granted() {
    Throwable remembered = cancellation;
    if (remembered == null) {
      suspension.resume(null);
    } else {
      suspension.fail(remembered);
    }
  }

  /** It will never own the lock. */
  void fail(RuntimeException error) {
    suspension.fail(error);
  }

  @Override
  public boolean abort(Throwable cancelled) {
    if (condition == null) {
      lock.leave(this);
      return true;
    }
    cancellation = cancelled;
    return condition.aborted(this);
  }
}
