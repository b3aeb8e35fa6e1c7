package dev.roost.channel;

import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.Line;
import dev.roost.lowlevel.OutsideWakeup;
import dev.roost.lowlevel.Suspension;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A task or a thread that waits at a channel between runs.
 *
 * <pre>
 *                        serve, fail (whoever serves it, under the lock, having taken it out of line)
 *   IN LINE ---------------------------------------------------&gt; OVER --- its own thread hears of it
 *      |  cancelled, interrupted: takes itself out of line, under the lock
 *      +---------------------------------------------------------&gt; WITHDRAWN: nothing has happened
 * </pre>
 *
 * <p>Both ways out of IN LINE are taken under the lock of the channel, so exactly one is taken.
 */
abstract class CrossWaiter<T> extends Line.Place {

  private final CrossChannel<T> channel;
  private final Line<CrossWaiter<T>> line;
  final Object end;

  // ---- guarded by the lock; what came of it is read by the waiter when it has been woken

  private @Nullable T item;
  private @Nullable RuntimeException error;

  private CrossWaiter(
      CrossChannel<T> channel, Line<CrossWaiter<T>> line, Object end, @Nullable T item) {
    this.channel = channel;
    this.line = line;
    this.end = end;
    this.item = item;
  }

  /** Begins a call: true if it is made by a task, and a checkpoint. */
  static boolean begin(String operation) throws InterruptedException {
    if (Checkpoints.isInTask()) {
      Checkpoints.throwIfCancelled();
      return true;
    }
    if (Thread.interrupted()) {
      throw interrupted(operation);
    }
    return false;
  }

  private static InterruptedException interrupted(String operation) {
    return new InterruptedException(operation + ": the thread was interrupted. Nothing was done.");
  }

  /** A waiter for the caller, in line; to be made under the lock. */
  static <T> CrossWaiter<T> enlist(
      CrossChannel<T> channel,
      Line<CrossWaiter<T>> line,
      Object end,
      @Nullable T item,
      boolean inTask) {
    CrossWaiter<T> waiter =
        inTask ? new OfTask<>(channel, line, end, item) : new OfThread<>(channel, line, end, item);
    line.add(waiter);
    return waiter;
  }

  /** What a sender brings. */
  final T item() {
    return Objects.requireNonNull(item);
  }

  /** Ends the wait; it is out of line. For a receiver: null at the end of the channel. */
  final void serve(@Nullable T result) {
    item = result;
    wake();
  }

  /** Ends the wait with an error; it is out of line. */
  final void fail(RuntimeException thrown) {
    error = thrown;
    wake();
  }

  /** Takes it out of line; false if it was served before. */
  final boolean withdraw() {
    channel.lock.lock();
    try {
      return line.remove(this);
    } finally {
      channel.lock.unlock();
    }
  }

  /** Has the waiter go on; called under the lock, by any thread. */
  abstract void wake();

  /** Waits until it was served, and gives what it got. */
  final @Nullable T await(String operation) throws InterruptedException {
    awaitWakeUp(operation);
    if (error != null) {
      throw error;
    }
    return item;
  }

  abstract void awaitWakeUp(String operation) throws InterruptedException;

  private static final class OfTask<T> extends CrossWaiter<T> implements Suspension.AbortHandler {

    private final Suspension<@Nullable Void> suspension;
    private final OutsideWakeup wakeup;

    OfTask(CrossChannel<T> channel, Line<CrossWaiter<T>> line, Object end, @Nullable T item) {
      super(channel, line, end, item);
      this.suspension = Suspension.create(end); // first: it may refuse
      this.wakeup = OutsideWakeup.expect();
    }

    @Override
    void wake() {
      var _ = // the run cannot have ended: this task waits in it
          wakeup.post(() -> {
            wakeup.close();
            suspension.resume(null);
          });
    }

    @Override
    void awaitWakeUp(String operation) throws InterruptedException {
      suspension.await(this);
    }

    @Override
    public boolean abort(Throwable cancellation) {
      boolean inTime = withdraw();
      if (inTime) {
        wakeup.close();
      }
      return inTime;
    }
  }

  private static final class OfThread<T> extends CrossWaiter<T> {

    private final Thread thread = Thread.currentThread();
    private volatile boolean woken;

    OfThread(CrossChannel<T> channel, Line<CrossWaiter<T>> line, Object end, @Nullable T item) {
      super(channel, line, end, item);
    }

    @Override
    void wake() {
      woken = true;
      LockSupport.unpark(thread);
    }

    @Override
    void awaitWakeUp(String operation) throws InterruptedException {
      boolean tooLate = false;
      while (!woken) {
        LockSupport.park(this);
        if (Thread.interrupted()) {
          if (withdraw()) {
            throw interrupted(operation);
          }
          tooLate = true;
        }
      }
      if (tooLate) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
