package dev.roost.sync;

import dev.roost.CheckReturnValue;
import dev.roost.Held;
import dev.roost.Limiter;
import dev.roost.Task;
import dev.roost.lowlevel.Line;
import dev.roost.lowlevel.RunBinding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Many readers or one writer. First come, first served: a writer that waits stops readers that come
 * after it, so that it gets its turn, and readers that wait behind it get theirs together.
 *
 * {@snippet file="dev/roost/sync/SyncSamplesTest.java" region="read-write-lock"}
 *
 * <p>A task that reads or writes cannot take the lock a second time, in either way, and only it can
 * release it. If it ends without that, the lock is broken: those who wait and those who come get
 * {@link BrokenLockException}.
 *
 * <p>Made anywhere, bound to the first run that uses it. Invariant: whoever is first in line could
 * not be let in.
 */
public final class ReadWriteLock implements Held {

  private final RunBinding binding = new RunBinding();
  private final Line<ReadWriteWaiter> waiting = new Line<>();
  private final Map<Task, ReadWritePermit> readers = new LinkedHashMap<>();
  private @Nullable ReadWritePermit writer;

  /** Who ended without releasing it. */
  private @Nullable Task brokenBy;

  /** A lock that is free. */
  public ReadWriteLock() {}

  /**
   * Takes the lock for reading, and waits while a task writes, or waits to write. A checkpoint.
   *
   * @return the permit; closing it releases the lock, never waits, and does nothing the second time
   * @throws InterruptedException if cancelled; the lock was not taken then
   * @throws BrokenLockException if a task has ended while it owned the lock, also while this one
   *     waits
   * @throws IllegalStateException if the task owns the lock already, or outside a run
   */
  @CheckReturnValue
  public Limiter.Permit acquireRead() throws InterruptedException {
    return acquire("ReadWriteLock.acquireRead", false);
  }

  /**
   * Takes the lock for writing, and waits until it is free. A checkpoint.
   *
   * @return the permit; closing it releases the lock, never waits, and does nothing the second time
   * @throws InterruptedException if cancelled; the lock was not taken then
   * @throws BrokenLockException if a task has ended while it owned the lock, also while this one
   *     waits
   * @throws IllegalStateException if the task owns the lock already, or outside a run
   */
  @CheckReturnValue
  public Limiter.Permit acquireWrite() throws InterruptedException {
    return acquire("ReadWriteLock.acquireWrite", true);
  }

  /**
   * Takes the lock for reading if that needs no waiting. Not a checkpoint.
   *
   * @return the permit, empty if a task writes or waits to write
   * @throws BrokenLockException if a task has ended while it owned the lock
   * @throws IllegalStateException if the task owns the lock already, or outside a run
   */
  @CheckReturnValue
  public Optional<Limiter.Permit> tryAcquireRead() {
    return tryAcquire("ReadWriteLock.tryAcquireRead", false);
  }

  /**
   * Takes the lock for writing if it is free. Not a checkpoint.
   *
   * @return the permit, empty if another task has the lock
   * @throws BrokenLockException if a task has ended while it owned the lock
   * @throws IllegalStateException if the task owns the lock already, or outside a run
   */
  @CheckReturnValue
  public Optional<Limiter.Permit> tryAcquireWrite() {
    return tryAcquire("ReadWriteLock.tryAcquireWrite", true);
  }

  private Limiter.Permit acquire(String operation, boolean writes) throws InterruptedException {
    binding.startCheckpoint(operation);
    ReadWritePermit permit = new ReadWritePermit(this, Task.current(), writes);
    ensureUsable(operation, permit.task);
    if (waiting.isEmpty() && admits(writes)) {
      grant(permit);
      permit.ownerEnds.attach();
      binding.endCheckpoint();
    } else {
      ReadWriteWaiter waiter = new ReadWriteWaiter(permit);
      waiting.add(waiter);
      waiter.await();
      permit.ownerEnds.attach();
    }
    return permit;
  }

  private Optional<Limiter.Permit> tryAcquire(String operation, boolean writes) {
    binding.check(operation);
    ReadWritePermit permit = new ReadWritePermit(this, Task.current(), writes);
    ensureUsable(operation, permit.task);
    if (!waiting.isEmpty() || !admits(writes)) {
      return Optional.empty();
    }
    grant(permit);
    permit.ownerEnds.attach();
    return Optional.of(permit);
  }

  private void ensureUsable(String operation, Task me) {
    if (brokenBy != null) {
      throw broken(brokenBy);
    }
    if (owns(me)) {
      throw new IllegalStateException(
          operation
              + ": "
              + me
              + " "
              + (readers.containsKey(me) ? "reads" : "writes")
              + " under this lock already, and it is not reentrant; nor can a reader become a writer. Release it first.");
    }
  }

  private boolean owns(Task task) {
    return (writer != null && writer.task == task) || readers.containsKey(task);
  }

  private boolean admits(boolean writes) {
    return writer == null && (!writes || readers.isEmpty());
  }

  private void grant(ReadWritePermit permit) {
    if (permit.writes) {
      writer = permit;
    } else {
      readers.put(permit.task, permit);
    }
  }

  /** The current task gives the lock back. */
  void release(ReadWritePermit permit) {
    binding.check("ReadWriteLock.release");
    Task me = Task.current();
    if (me != permit.task) {
      throw new IllegalStateException(
          "ReadWriteLock.release: "
              + me
              + " closes the permit of "
              + permit.task
              + ". Only the task that took a lock may"
              + " release it.");
    }
    permit.ownerEnds.detach();
    if (permit.writes) {
      writer = null;
    } else {
      readers.remove(me);
    }
    admit();
  }

  /** A waiter wants the lock no more; those behind it may be let in now. */
  void leave(ReadWriteWaiter waiter) {
    waiting.remove(waiter);
    admit();
  }

  private void admit() {
    for (ReadWriteWaiter next; (next = waiting.first()) != null && admits(next.permit.writes); ) {
      waiting.remove(next);
      grant(next.permit);
      next.granted();
    }
  }

  /** The owner of a permit has ended without closing it. */
  void breakDown(Task owner) {
    brokenBy = owner;
    for (ReadWriteWaiter waiter; (waiter = waiting.poll()) != null; ) {
      waiter.fail(broken(owner));
    }
  }

  private static BrokenLockException broken(Task owner) {
    return new BrokenLockException(
        "This lock is broken: "
            + owner
            + " ended while it owned it, so what it guards may be half done. Release it whatever happens: try (var _ ="
            + " lock.acquireWrite()) { … }, and acquireRead likewise.");
  }

  /** Who writes, or who reads. Not a checkpoint. */
  @Override
  public List<Task> holders() {
    return writer == null ? List.copyOf(readers.keySet()) : List.of(writer.task);
  }

  /**
   * How it stands. Not a checkpoint.
   *
   * @return a snapshot
   */
  public Statistics statistics() {
    int writersWaiting = 0;
    for (ReadWriteWaiter waiter : waiting.toList()) {
      writersWaiting += waiter.permit.writes ? 1 : 0;
    }
    return new Statistics(
        Optional.ofNullable(writer).map(permit -> permit.task),
        readers.size(),
        brokenBy != null,
        waiting.size() - writersWaiting,
        writersWaiting);
  }

  /**
   * How a lock for readers and writers stands.
   *
   * @param writer who writes
   * @param readers how many read
   * @param broken whether a task ended while it owned the lock
   * @param readersWaiting how many tasks wait to read
   * @param writersWaiting how many tasks wait to write
   */
  public record Statistics(
      Optional<Task> writer, int readers, boolean broken, int readersWaiting, int writersWaiting) {}

  /** Who owns it, and how many wait. */
  @Override
  public String toString() {
    String state =
        brokenBy != null
            ? "broken by " + brokenBy
            : writer != null
                ? "written by " + writer.task
                : readers.isEmpty() ? "free" : readers.size() + " reading";
    return "ReadWriteLock["
        + state
        + (waiting.isEmpty() ? "" : ", " + waiting.size() + " waiting")
        + "]";
  }
}
