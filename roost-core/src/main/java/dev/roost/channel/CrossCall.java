package dev.roost.channel;

import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.Line;
import dev.roost.lowlevel.OutsideWakeup;
import dev.roost.lowlevel.Suspension;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A task or a thread that sends to a channel between runs, or receives from it, and waits. */
abstract class CrossCall<T> extends CrossWaiter<T> {

  private CrossCall(
      CrossChannel<T> channel, Line<CrossWaiter<T>> line, Object end, @Nullable T item) {
    super(channel, line, end, item, null);
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
  static <T> CrossCall<T> enlist(
      CrossChannel<T> channel,
      Line<CrossWaiter<T>> line,
      Object end,
      @Nullable T item,
      boolean inTask) {
    CrossCall<T> waiter =
        inTask ? new OfTask<>(channel, line, end, item) : new OfThread<>(channel, line, end, item);
    line.add(waiter);
    return waiter;
  }

  /** Waits until it was served, and gives what it got. */
  final @Nullable T await(String operation) throws InterruptedException {
    awaitWakeUp(operation);
    RuntimeException error = error();
    if (error != null) {
      throw error;
    }
    return result();
  }

  abstract void awaitWakeUp(String operation) throws InterruptedException;

  private static final class OfTask<T> extends CrossCall<T> implements Suspension.AbortHandler {

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

  private static final class OfThread<T> extends CrossCall<T> {

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
