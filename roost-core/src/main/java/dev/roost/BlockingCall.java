package dev.roost;

import dev.roost.internal.StackRoom;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One blocking section in place.
 *
 * <pre>
 *   (baton held) -- leaveForBlocking --> INSIDE -- the code ended --> returnFromBlocking --> (baton held)
 *                                          | cancelled, by the holder of the baton:
 *                                          +-- interrupt the thread, or start the action; once
 * </pre>
 *
 * Invariant: the thread is interrupted only by a holder of the baton while the section has not got
 * it back, so that clearing the status after that leaves none behind.
 */
final class BlockingCall {

  private final TaskFiber fiber;
  private final BlockingSection how;

  /**
   * What the section throws if its code failed because of the cancellation; written by the holder
   * of the baton.
   */
  private @Nullable Throwable cancellation;

  private @Nullable Thread acting;

  /**
   * Set by the task's thread: what is cancelled from here on has nothing to do with what the code
   * came to.
   */
  private volatile boolean codeEnded;

  BlockingCall(TaskFiber fiber, BlockingSection how) {
    this.fiber = fiber;
    this.how = how;
  }

  @SuppressWarnings("NullAway") // T itself says whether the value may be null
  <T extends @Nullable Object, X extends Exception> T call(AsyncCallable<T, X> code)
      throws X, InterruptedException {
    T value = null;
    Throwable error = null;
    StackRoom.forASwitch(fiber);
    fiber.blockingCall = this;
    fiber.scheduler().leaveForBlocking(fiber);
    try {
      value = code.call();
    } catch (Throwable t) {
      error = t;
    }
    codeEnded = true;
    fiber.scheduler().returnFromBlocking(fiber);
    if (acting != null && acting.isAlive()) {
      awaitAction(acting); // or it might cancel what the code's successor does
    }
    fiber.blockingCall = null;
    Bodies.throwIfAny(error == null ? null : resultOf(error));
    return value;
  }

  /** What the section throws when its code threw: the cancellation, if it comes from that. */
  private Throwable resultOf(Throwable error) {
    Throwable cancelled = cancellation;
    if (cancelled == null || (how.instead() == null && !Interruptions.causedBy(error))) {
      return error;
    }
    if (cancelled.getCause() == null) {
      cancelled.initCause(error);
    }
    return cancelled;
  }

  /** Called by the holder of the baton, when the fiber is cancelled while inside. */
  void cancelled() {
    if (how.uninterruptible() || codeEnded || cancellation != null) {
      return;
    }
    cancellation = fiber.scope().cancellationFor(fiber);
    SyncRunnable<?> instead = how.instead();
    if (instead == null) {
      Objects.requireNonNull(fiber.thread()).interrupt();
    } else {
      acting = Thread.ofVirtual().name("roost-cancel-action").start(() -> act(instead));
    }
  }

  private void act(SyncRunnable<?> instead) {
    try {
      instead.run();
    } catch (Throwable error) {
      fiber.run.report(error, "the onCancel action of a blocking section of " + fiber);
    }
  }

  private void awaitAction(Thread action) {
    fiber.scheduler().leaveForBlocking(fiber);
    while (action.isAlive()) {
      try {
        action.join();
      } catch (InterruptedException e) {
        Thread.onSpinWait(); // a stray interrupt: nobody but Roost may, and it is done here
      }
    }
    fiber.scheduler().returnFromBlocking(fiber);
  }
}
