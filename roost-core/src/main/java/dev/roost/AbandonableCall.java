package dev.roost;

import dev.roost.internal.Abort;
import dev.roost.internal.Fiber;
import dev.roost.internal.StackRoom;
import org.jspecify.annotations.Nullable;

/**
 * One blocking section on a helper thread, which is left behind when the task is cancelled. The
 * permit is given back when the code has really ended, so that a limiter counts abandoned code too.
 *
 * <p>The helper is a platform thread, made for this call: what has to be abandoned is most often
 * code that blocks in the system, such as looking up a name, and would keep a carrier of virtual
 * threads from all others.
 *
 * <p>Touched by the holder of the baton, except for what the helper thread does: it runs the code,
 * and posts what came of it.
 */
final class AbandonableCall<T extends @Nullable Object> implements Abort {

  private final TaskFiber fiber;
  private final Limiter.@Nullable Permit permit;
  private boolean abandoned;

  /** Written by the helper, and read after it has posted that it has ended. */
  private @Nullable T value;

  AbandonableCall(TaskFiber fiber, Limiter.@Nullable Permit permit) {
    this.fiber = fiber;
    this.permit = permit;
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // the helper posts what the code returned
  <X extends Exception> T call(AsyncCallable<T, X> code) throws X, InterruptedException {
    try {
      StackRoom.forAWait(fiber);
      start(fiber.run.withContext(() -> value = code.call()));
    } catch (Throwable error) {
      giveBackPermit();
      throw error;
    }
    return (T) fiber.suspend(this);
  }

  private void start(AsyncRunnable<?> code) {
    Thread.ofPlatform()
        .daemon()
        .name("roost-abandonable-" + fiber.name())
        .start(() -> runOnHelper(code));
    fiber.run.scheduler.outside().blocking(+1);
  }

  private void runOnHelper(AsyncRunnable<?> code) {
    Throwable error = null;
    try {
      code.run();
    } catch (Throwable t) {
      error = t;
    }
    Run run = fiber.run;
    Throwable failure = error;
    Thread helper = Thread.currentThread();
    if (!run.postUnlessFinished(() -> ended(helper, failure)) && failure != null) {
      run.report(failure, where());
    }
  }

  private void giveBackPermit() {
    if (permit != null) {
      permit.close();
    }
  }

  private void ended(Thread helper, @Nullable Throwable error) {
    fiber.run.scheduler.ending(helper);
    giveBackPermit();
    if (!abandoned) {
      fiber.run.scheduler.outside().blocking(-1);
      if (error == null) {
        fiber.resume(value);
      } else {
        fiber.fail(error);
      }
    } else if (error != null) {
      fiber.run.instruments.errorDropped(error, where());
    }
  }

  private String where() {
    return "abandoned blocking code of " + fiber;
  }

  @Override
  public boolean abort(Fiber aborted, Throwable cancellation) {
    abandoned = true;
    fiber.run.scheduler.outside().blocking(-1);
    return true;
  }

  @Override
  public String toString() {
    return "blocking code on a helper thread";
  }
}
