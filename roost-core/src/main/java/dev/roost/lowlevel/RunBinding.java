package dev.roost.lowlevel;

import dev.roost.internal.Fiber;
import dev.roost.internal.Handles;
import dev.roost.internal.Scheduler;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Binds an object to the first run that uses it, so that use from another run or a foreign thread
 * fails loudly instead of corrupting it. Nothing here is a checkpoint.
 */
public final class RunBinding {

  private static final VarHandle RUN = Handles.of(MethodHandles.lookup(), "run", Scheduler.class);

  /** Written once, through RUN. */
  @SuppressWarnings("UnusedVariable")
  private @Nullable Scheduler run;

  /** An object that no run has used yet. */
  public RunBinding() {}

  /**
   * Makes sure that the caller is a task of the run that the object is bound to; binds it if it is
   * not bound yet.
   *
   * @param operation what was called, for the message
   * @throws IllegalStateException outside a run, in another run, or in a blocking section
   */
  public void check(String operation) {
    Scheduler bound = run;
    if (bound == null) {
      bound = bind();
    }
    bound.ensureHolder(operation);
  }

  /** Two runs may come at the same moment: one of them is the first. */
  private Scheduler bind() {
    Scheduler mine = Fiber.currentFiber().scheduler();
    Scheduler first = (Scheduler) RUN.compareAndExchange(this, null, mine);
    return first == null ? mine : first;
  }

  /**
   * {@link #check} and the first half of a checkpoint at once: throws if the task is cancelled,
   * having let others run. What a fast path begins with.
   *
   * @param operation what was called, for the message
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run, in another run, in a blocking section, or in
   *     {@code Roost.atomically}
   */
  public void startCheckpoint(String operation) throws InterruptedException {
    Scheduler bound = run;
    if (bound == null) {
      bound = bind();
    }
    bound.ensureHolder(operation).checkCancelled();
  }

  /**
   * The second half of a checkpoint, after {@link #startCheckpoint} in the same task: other tasks
   * may run, within the checkpoint budget of the run. Cancellation is not looked for, so that what
   * was just done stands.
   *
   * @throws InterruptedException never; declared because it is a place where other tasks run
   * @throws IllegalStateException before the first {@link #startCheckpoint}
   */
  @SuppressWarnings("RedundantThrows")
  public void endCheckpoint() throws InterruptedException {
    Scheduler bound = run;
    Fiber me = bound == null ? null : bound.current();
    if (me == null) {
      throw new IllegalStateException(
          "RunBinding.endCheckpoint: no task has begun a checkpoint here. Call startCheckpoint first, in the same task.");
    }
    me.pass();
  }
}
