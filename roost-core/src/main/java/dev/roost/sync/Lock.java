package dev.roost.sync;

import dev.roost.CheckReturnValue;
import dev.roost.Held;
import dev.roost.Limiter;
import dev.roost.Task;
import dev.roost.lowlevel.Line;
import dev.roost.lowlevel.RunBinding;
import dev.roost.lowlevel.TaskEndHook;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One task at a time, across checkpoints. (Between two checkpoints a task is alone anyway.) First
 * come, first served: who releases it hands it to the task that has waited longest, and cannot take
 * it again before that one.
 *
 * {@snippet file="dev/roost/sync/SyncSamplesTest.java" region="lock"}
 *
 * <p>A lock belongs to the task that took it. It is not reentrant, and only the owner can release
 * it. If the owner ends without releasing it, the lock is broken: those who wait and those who come
 * get {@link BrokenLockException}.
 *
 * <p>Made anywhere, bound to the first run that uses it.
 *
 * <pre>
 *                acquire, tryAcquire                      the owner ends
 *     FREE --------------------------------&gt; OWNED ---------------------&gt; BROKEN
 *       ^                                     | ^
 *       +--- release, nobody waits -----------+ +-- release, somebody waits: the first becomes the owner
 * </pre>
 */
public final class Lock implements Held {

  private final RunBinding binding = new RunBinding();
  private final Line<LockWaiter> waiting = new Line<>();
  private final TaskEndHook ownerEnds = new TaskEndHook(this::breakDown);

  /** The conditions of this lock that tasks wait for, so that they hear of its breaking. */
  private @Nullable Set<Condition> awaited;

  /** Who holds it, or held it when it broke; null while it is free. */
  private @Nullable Task owner;

  private boolean broken;

  /** A lock that is free. */
  public Lock() {}

  /**
   * Takes the lock, and waits until it is free. A checkpoint.
   *
   * @return the permit; closing it releases the lock, never waits, and does nothing the second time
   * @throws InterruptedException if cancelled; the lock was not taken then
   * @throws BrokenLockException if a task has ended while it owned the lock, also while this one
   *     waits
   * @throws IllegalStateException if the task owns the lock already, or outside a run
   */
  @CheckReturnValue
  public Limiter.Permit acquire() throws InterruptedException {
    binding.startCheckpoint("Lock.acquire");
    Task me = Task.current();
    if (owner == null) {
      owner = me;
      ownerEnds.attach();
      binding.endCheckpoint();
    } else {
      ensureUsable("Lock.acquire", me);
      LockWaiter waiter = new LockWaiter(this, me, null);
      waiting.add(waiter);
      waiter.await();
      ownerEnds.attach();
    }
    return new LockPermit(this);
  }

  /**
   * Takes the lock if it is free. Not a checkpoint.
   *
   * @return the permit, empty if another task owns the lock
   * @throws BrokenLockException if a task has ended while it owned the lock
   * @throws IllegalStateException if the task owns the lock already, or outside a run
   */
  @CheckReturnValue
  public Optional<Limiter.Permit> tryAcquire() {
    binding.check("Lock.tryAcquire");
    Task me = Task.current();
    if (owner != null) {
      ensureUsable("Lock.tryAcquire", me);
      return Optional.empty();
    }
    owner = me;
    ownerEnds.attach();
    return Optional.of(new LockPermit(this));
  }

  private void ensureUsable(String operation, Task me) {
    if (broken) {
      throw brokenDown();
    }
    if (owner == me) {
      throw new IllegalStateException(
          operation
              + ": "
              + me
              + " owns this lock already, and it is not reentrant. Take it once, in the outermost method, and call"
              + " methods that expect it to be held.");
    }
  }

  /**
   * Releases the lock; the task that has waited longest owns it from this moment. Closing the
   * permit does the same. Not a checkpoint.
   *
   * @throws IllegalStateException if the task does not own the lock, or outside a run
   */
  public void release() {
    ensureOwner("Lock.release");
    handOver();
  }

  /** The current task, which owns the lock. */
  Task ensureOwner(String operation) {
    binding.check(operation);
    Task me = Task.current();
    if (owner != me) {
      throw new IllegalStateException(
          operation
              + ": "
              + me
              + " does not own this lock; "
              + (owner == null ? "nobody does" : owner + " does")
              + (broken ? ", which has ended" : "")
              + ". Only the task that took a lock may use it so.");
    }
    return me;
  }

  /** Gives the lock of the current task to the one that has waited longest. */
  void handOver() {
    ownerEnds.detach();
    LockWaiter next = waiting.poll();
    if (next == null) {
      owner = null;
    } else {
      owner = next.task;
      next.granted();
    }
  }

  /** A waiter waits for the lock, which somebody owns, and for nothing else from now on. */
  void queue(LockWaiter waiter) {
    waiting.add(waiter);
  }

  /** Like {@link #queue}, but the lock may be free: true if the waiter has it at once. */
  boolean takeOrQueue(LockWaiter waiter) {
    if (owner == null) {
      owner = waiter.task;
      return true;
    }
    queue(waiter);
    return false;
  }

  /** A waiter that wants the lock no more. */
  void leave(LockWaiter waiter) {
    waiting.remove(waiter);
  }

  /**
   * The current task has come out of a wait for a condition; it owns the lock unless that is
   * broken.
   */
  void backFromCondition() {
    if (!broken) {
      ownerEnds.attach();
    }
  }

  void awaited(Condition condition) {
    if (awaited == null) {
      awaited = new LinkedHashSet<>();
    }
    awaited.add(condition);
  }

  void noLongerAwaited(Condition condition) {
    if (awaited != null) {
      awaited.remove(condition);
    }
  }

  private void breakDown() {
    broken = true;
    for (LockWaiter waiter; (waiter = waiting.poll()) != null; ) {
      waiter.fail(brokenDown());
    }
    if (awaited != null) {
      awaited.forEach(condition -> condition.breakDown(this::brokenDown));
      awaited = null;
    }
  }

  private BrokenLockException brokenDown() {
    return new BrokenLockException(
        "This lock is broken: "
            + owner
            + " ended while it owned it, so what it guards may be half done. Release it whatever happens: try (var _ ="
            + " lock.acquire()) { … }.");
  }

  /**
   * Whether a task owns it, or owned it when it ended. Not a checkpoint.
   *
   * @return true if it cannot be taken now
   */
  public boolean isLocked() {
    return owner != null;
  }

  /**
   * Who owns it. Not a checkpoint.
   *
   * @return the owner; the task that ended without releasing it, if it is broken; empty if it is
   *     free
   */
  public Optional<Task> owner() {
    return Optional.ofNullable(owner);
  }

  /** The {@link #owner}. Not a checkpoint. */
  @Override
  public List<Task> holders() {
    return owner == null ? List.of() : List.of(owner);
  }

  /**
   * How it stands. Not a checkpoint.
   *
   * @return a snapshot
   */
  public Statistics statistics() {
    return new Statistics(owner != null, owner(), broken, waiting.size());
  }

  /**
   * How a lock stands.
   *
   * @param locked whether it cannot be taken now
   * @param owner who owns it
   * @param broken whether the owner has ended
   * @param tasksWaiting how many tasks wait for it
   */
  public record Statistics(
      boolean locked, Optional<Task> owner, boolean broken, int tasksWaiting) {}

  /** Who owns it, and how many wait. */
  @Override
  public String toString() {
    String state = owner == null ? "free" : (broken ? "broken by " : "owned by ") + owner;
    return "Lock[" + state + (waiting.isEmpty() ? "" : ", " + waiting.size() + " waiting") + "]";
  }
}
