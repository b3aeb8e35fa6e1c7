package dev.roost;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs that live and die together, each on a platform thread of its own.
 *
 * <pre>
 *   caller:  perform: starts all ... joins all -----------------------------+--> values, or errors
 *                |                      | interrupted: cancels all          |
 *   run:         +--> executes -------> ended; failed: cancels all the others
 * </pre>
 *
 * <p>What the threads write of themselves the caller reads after it has joined them.
 */
final class RunGroup<T extends @Nullable Object> {

  private final String operation;

  /** Who waits for all of them. */
  private final Thread caller;

  private final List<Run> runs = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final @Nullable Object[] values;

  /** What runs threw, in the order in which they failed. */
  private final List<Throwable> errors = new CopyOnWriteArrayList<>();

  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final AtomicInteger succeeded = new AtomicInteger();

  RunGroup(String operation, int n, RunOptions options, Runs.ValueBody<T> body) {
    this.operation = operation;
    this.caller = Thread.currentThread();
    this.values = new @Nullable Object[n];
    for (int i = 0; i < n; i++) {
      int index = i;
      AsyncRunnable<Exception> main = () -> values[index] = body.call(index);
      Run run = new Run(options.name(options.name() + "-" + i), main, false);
      runs.add(run);
      threads.add(
          Thread.ofPlatform().daemon().name("roost-" + run.name).unstarted(() -> execute(run)));
    }
  }

  private void execute(Run run) {
    try {
      if (!run.execute(caller)) {
        succeeded.incrementAndGet();
      }
    } catch (Throwable error) {
      if (!(error instanceof InterruptedException) || !cancelled.get()) {
        errors.add(error);
        cancel("the run " + run.name + " failed: " + error);
      }
    }
  }

  private void cancel(String reason) {
    if (cancelled.compareAndSet(false, true)) {
      CancelCause cause = new CancelCause.Own(reason);
      runs.forEach(run -> run.scheduler.post(() -> run.root.cancel(cause)));
    }
  }

  /** Asks all of them to stop in order; whoever asks cancels them when the time is up. */
  void softCancel() {
    Duration forEver = Duration.ofNanos(Long.MAX_VALUE);
    String by = "by the task that waits in " + operation;
    runs.forEach(
        run -> run.scheduler.post(() -> run.root.softCancel(forEver, forEver.toNanos(), by)));
  }

  /** Executes all of them. Blocks the calling thread, which holds no baton. */
  RunGroup<T> perform() throws InterruptedException {
    boolean interrupted = false;
    try {
      threads.forEach(Thread::start);
    } catch (Throwable noThread) {
      errors.add(noThread);
      cancel("there is no thread for another run: " + noThread);
    }
    for (Thread thread : threads) {
      interrupted |= awaitEnd(thread);
    }
    end(interrupted);
    return this;
  }

  /** True if this thread was interrupted meanwhile. */
  private boolean awaitEnd(Thread thread) {
    boolean interrupted = false;
    for (; ; ) {
      try {
        thread.join(); // returns at once if it was never started
        return interrupted;
      } catch (InterruptedException e) {
        interrupted = true;
        cancel("the thread that waits for the runs was interrupted");
      }
    }
  }

  private void end(boolean interrupted) throws InterruptedException {
    List<Throwable> failures =
        errors.stream().filter(error -> !(error instanceof InterruptedException)).toList();
    if (failures.isEmpty() && interrupted && succeeded.get() < runs.size()) {
      throw new InterruptedException(
          operation + ": the thread was interrupted. All runs have ended.");
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!failures.isEmpty()) {
      throw new ExceptionGroup(
          operation + ": " + failures.size() + " of " + runs.size() + " runs failed", failures);
    }
    if (!errors.isEmpty()) {
      throw (InterruptedException) errors.getFirst(); // a body threw one of its own
    }
  }

  /** What they returned. */
  @SuppressWarnings({"unchecked", "NullAway"}) // T itself says whether a value may be null
  List<T> values() throws InterruptedException {
    if (succeeded.get() < runs.size()) {
      throw new InterruptedException(operation + ": a run was shut down before it had a result");
    }
    List<T> results = new ArrayList<>();
    for (Object value : values) {
      results.add((T) value);
    }
    return results;
  }
}
