package dev.roost;

import dev.roost.internal.Sneaky;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * One call through a portal: the body of a task on the one side, a thread that waits on the other.
 *
 * <pre>
 *   caller:  perform --- posts start --- waits ------------------------+--> result, error
 *                            |             | interrupted: posts cancel |
 *   run:                     +--> task: run -----------> ended --------+
 * </pre>
 *
 * <p>What came of it is written by the holder of the baton before the latch is opened, and read by
 * the caller after that.
 */
final class PortalCall<T extends @Nullable Object>
    implements AsyncRunnable<RuntimeException>, Wrapping {

  private final Run run;
  private final String operation;
  private final AsyncCallable<T, ?> task;
  private final @Nullable TaskFiber caller;
  private final CountDownLatch over = new CountDownLatch(1);

  // ---- touched by the holder of the baton until it is over

  private final Scope scope = new Scope(ScopeKind.PORTAL);

  /** The task, in the context that the calling thread had. */
  private final AsyncRunnable<?> body;

  private @Nullable T value;
  private boolean returned;
  private @Nullable Throwable error;

  PortalCall(Run run, String operation, AsyncCallable<T, ?> task, @Nullable TaskFiber caller) {
    this.run = run;
    this.operation = operation;
    this.task = task;
    this.caller = caller;
    this.body = run.withContext(() -> value = task.call());
  }

  /** The task of the run that calls from inside a blocking section; null for a foreign thread. */
  @Nullable TaskFiber caller() {
    return caller;
  }

  @Override
  public Object wrapped() {
    return task;
  }

  // ---- the caller's side

  /** Does the call; never on a thread that holds a baton. */
  @SuppressWarnings("NullAway") // T itself says whether the value may be null
  T perform() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException(
          operation + ": the thread was interrupted before the call. Nothing was started.");
    }
    if (!run.postUnlessFinished(() -> run.portals.start(this))) {
      throw finished();
    }
    try {
      over.await();
    } catch (InterruptedException e) {
      run.scheduler.post(
          () -> scope.cancel(new CancelCause.Own("the thread that waits for it was interrupted")));
      awaitWhatever();
      throw interrupted();
    }
    if (returned) {
      return value;
    }
    throw Bodies.rethrow(
        Objects.requireNonNull(error)); // only the interruption cuts it short without
  }

  private void awaitWhatever() {
    for (; ; ) {
      try {
        over.await();
        return;
      } catch (InterruptedException e) {
        Thread.onSpinWait(); // a second one says nothing new: the task is being cancelled
      }
    }
  }

  private InterruptedException interrupted() {
    InterruptedException interrupted =
        new InterruptedException(
            operation
                + ": the thread was interrupted. The task in the run "
                + run.name
                + " was cancelled and has ended.");
    if (error != null) {
      interrupted.addSuppressed(error);
    }
    return interrupted;
  }

  RunFinishedException finished() {
    return new RunFinishedException(
        operation
            + ": the run "
            + run.name
            + " has ended, or is about to"
            + run.root.reason().map(reason -> " (" + reason + ")").orElse("")
            + ". A portal works as long as its run does.");
  }

  // ---- the run's side

  @Override
  public void run() throws InterruptedException {
    try {
      returned = scope.facade().run(body);
    } catch (Exception e) { // with its own type to the caller
      throw Sneaky.asInterrupted(e);
    }
  }

  /** Nobody will run it. */
  void refused() {
    error = finished();
    over.countDown();
  }

  /**
   * The task has ended; {@code runEnds} if those of foreign threads are cancelled because the run
   * is about to end.
   */
  void ended(@Nullable Throwable thrown, boolean runEnds) {
    error = thrown;
    if (thrown != null && caller == null && runEnds && Cancellations.holds(thrown)) {
      RunFinishedException finished = finished();
      Throwable besides = Cancellations.strip(thrown);
      if (besides != null) {
        finished.addSuppressed(besides);
      }
      error = finished;
    }
    over.countDown();
  }
}
