package dev.roost.lowlevel;

import dev.roost.internal.Abort;
import dev.roost.internal.Fiber;
import dev.roost.internal.StackRoom;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One wait of one task: the primitive below all others. The task awaits it, and some other task of
 * the run resumes it, once.
 *
 * {@snippet file="dev/roost/CoreSamplesTest.java" region="suspension"}
 *
 * <pre>
 *   NEW --- await ---> WAITING --- resume, fail ---> RESUMED
 *    |                    | cancelled: the abort handler is asked, once
 *    |                    +-- true ----> ABORTED     (await throws the cancellation)
 *    |                    +-- false ---> WAITING     (whoever resumes it later decides)
 *    +--- resume, fail before await ---> RESUMED     (await does not wait)
 * </pre>
 *
 * <p>After Trio's {@code wait_task_rescheduled}.
 *
 * @param <T> what the wait gives
 */
public final class Suspension<T extends @Nullable Object> {

  /** Calls a wait off. */
  @FunctionalInterface
  public interface AbortHandler {

    /**
     * Tries to call the wait off, because the task is cancelled. Called at most once for each wait,
     * synchronously; must not wait, throw, enter or leave scopes.
     *
     * @param cancellation what the task is to throw; if the wait cannot be called off now, keep it,
     *     to give it to {@link Suspension#fail} when it ends because of it
     * @return true if it was called off, and nobody will resume the suspension; false if somebody
     *     still will
     */
    boolean abort(Throwable cancellation);
  }

  private enum State {
    NEW,
    WAITING,
    RESUMED,
    ABORTED
  }

  private final Fiber fiber;
  private final Object waitingFor;
  private State state = State.NEW;
  private boolean taken;
  private @Nullable Object early;
  private boolean earlyFailure;

  private Suspension(Fiber fiber, Object waitingFor) {
    this.fiber = fiber;
    this.waitingFor = waitingFor;
  }

  /**
   * A wait of the current task. Not a checkpoint.
   *
   * @param <T> what the wait gives
   * @return a new suspension, for this task to await
   * @throws IllegalStateException outside a run, or in {@code Roost.atomically}
   */
  public static <T extends @Nullable Object> Suspension<T> create() {
    return create("a suspension to be resumed");
  }

  /**
   * A wait of the current task for something that has a name. Not a checkpoint. It makes sure that
   * there is room on the stack for getting in line and waiting: so make it before you change
   * anything, and await it in the same method or close to it.
   *
   * @param waitingFor what the task waits for; the task tree prints its {@code toString}
   * @param <T> what the wait gives
   * @return a new suspension, for this task to await
   * @throws IllegalStateException outside a run, or in {@code Roost.atomically}
   */
  public static <T extends @Nullable Object> Suspension<T> create(Object waitingFor) {
    Objects.requireNonNull(waitingFor, "Suspension.create: what the task waits for is null");
    Fiber me = Fiber.currentFiber();
    me.ensureMayWait();
    StackRoom.forAWait(me);
    return new Suspension<>(me, waitingFor);
  }

  /**
   * Waits until resumed. A checkpoint.
   *
   * @param abort asked to call the wait off when the task is cancelled, also if it is already
   * @return the value given to {@link #resume}
   * @throws InterruptedException if cancelled and called off, or as given to {@link #fail}
   * @throws IllegalStateException if it was awaited before, or by another task than the one that
   *     made it
   */
  @SuppressWarnings({"unchecked", "NullAway"}) // resume takes a T
  public T await(AbortHandler abort) throws InterruptedException {
    Objects.requireNonNull(abort, "Suspension.await: the abort handler is null");
    if (Fiber.currentFiber() != fiber) {
      throw new IllegalStateException(
          "Suspension.await: "
              + Fiber.currentFiber()
              + " awaits a suspension made by "
              + fiber
              + ". Each task makes its own.");
    }
    if (state == State.RESUMED && !taken) {
      taken = true;
      fiber.pass();
      if (earlyFailure) {
        throw dev.roost.internal.Sneaky.asInterrupted((Throwable) Objects.requireNonNull(early));
      }
      return (T) early;
    }
    if (state != State.NEW) {
      throw new IllegalStateException(
          "Suspension.await was called twice. Make a new suspension for each wait.");
    }
    taken = true;
    state = State.WAITING;
    try {
      return (T) fiber.suspend(new Wait(abort));
    } finally {
      if (state == State.WAITING) {
        state = State.ABORTED;
      }
    }
  }

  /**
   * Ends the wait with a value. Not a checkpoint.
   *
   * @param value what {@link #await} returns
   * @throws IllegalStateException if it was resumed or called off before, or outside the run
   */
  public void resume(T value) {
    if (end("resume")) {
      fiber.resume(value);
    } else {
      early = value;
    }
  }

  /**
   * Ends the wait with an error. Not a checkpoint.
   *
   * @param error what {@link #await} throws, as it is
   * @throws IllegalStateException if it was resumed or called off before, or outside the run
   */
  public void fail(Throwable error) {
    Objects.requireNonNull(error, "Suspension.fail: the error is null");
    if (end("fail")) {
      fiber.fail(error);
    } else {
      early = error;
      earlyFailure = true;
    }
  }

  /** True if the task waits already. */
  private boolean end(String operation) {
    fiber.scheduler().ensureHolder("Suspension." + operation);
    StackRoom.forAChange(fiber);
    State before = state;
    if (before == State.RESUMED || before == State.ABORTED) {
      throw new IllegalStateException(
          "Suspension."
              + operation
              + ": the wait of "
              + fiber
              + " has ended already ("
              + (before == State.RESUMED ? "it was resumed before" : "it was cancelled")
              + "). Resume it once, and have its abort handler forget it.");
    }
    state = State.RESUMED;
    return before == State.WAITING;
  }

  /**
   * Whether the task waits and can be resumed.
   *
   * @return true from {@link #await} on until it is resumed or called off
   */
  public boolean isWaiting() {
    return state == State.WAITING;
  }

  /** Who is asked to call the wait off, and what the task tree prints. */
  private final class Wait implements Abort {

    private final AbortHandler handler;

    Wait(AbortHandler handler) {
      this.handler = handler;
    }

    @Override
    public boolean abort(Fiber aborted, Throwable cancellation) {
      boolean over = handler.abort(cancellation);
      if (over && state == State.WAITING) {
        state = State.ABORTED;
      }
      return over;
    }

    @Override
    public Object awaited() {
      return waitingFor;
    }

    @Override
    public String toString() {
      return waitingFor.toString();
    }
  }
}
