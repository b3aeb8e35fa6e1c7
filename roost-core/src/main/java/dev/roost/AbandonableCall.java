package dev.roost;

import dev.roost.internal.Abort;
import dev.roost.internal.Fiber;
import org.jspecify.annotations.Nullable;

/**
 * One blocking section on a helper thread, which is left behind when the task is cancelled. The
 * permit is given back when the code has really ended, so that a limiter counts abandoned code too.
 *
 * <p>Touched by the holder of the baton, except for what the helper thread does: it runs the code,
 * and posts what came of it.
 */
final class AbandonableCall<T extends @Nullable Object> implements Abort {

  private final TaskFiber fiber;
  private final Limiter.@Nullable Permit permit;
  private boolean abandoned;

  AbandonableCall(TaskFiber fiber, Limiter.@Nullable Permit permit) {
    this.fiber = fiber;
    this.permit = permit;
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // the helper posts what the code returned
  <X extends Exception> T call(AsyncCallable<T, X> code) throws X, InterruptedException {
    Run run = fiber.run;
    run.scheduler.blockingElsewhere(+1);
    Thread.ofVirtual()
        .name("roost-abandonable-" + fiber.name())
        .start(() -> {
          T value = null;
          Throwable error = null;
          try {
            value = code.call();
          } catch (Throwable t) {
            error = t;
          }
          T result = value;
          Throwable failure = error;
          if (!run.postUnlessFinished(() -> ended(result, failure)) && failure != null) {
            run.report(failure, where());
          }
        });
    return (T) fiber.suspend(this);
  }

  private void ended(@Nullable T value, @Nullable Throwable error) {
    if (permit != null) {
      permit.close();
    }
    if (!abandoned) {
      fiber.run.scheduler.blockingElsewhere(-1);
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
    fiber.run.scheduler.blockingElsewhere(-1);
    return true;
  }

  @Override
  public String toString() {
    return "blocking code on a helper thread";
  }
}
