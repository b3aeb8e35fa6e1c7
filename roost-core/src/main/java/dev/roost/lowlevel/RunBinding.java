package dev.roost.lowlevel;

import dev.roost.internal.Fiber;
import dev.roost.internal.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Binds an object to the first run that uses it, so that use from another run or a foreign thread fails loudly instead of
 * corrupting it. Nothing here is a checkpoint.
 */
public final class RunBinding {

  private @Nullable Scheduler run;

  /** An object that no run has used yet. */
  public RunBinding() {}

  /**
   * Makes sure that the caller is a task of the run that the object is bound to; binds it if it is not bound yet.
   *
   * @param operation what was called, for the message
   * @throws IllegalStateException outside a run, in another run, or in a blocking section
   */
  public void check(String operation) {
    Scheduler bound = run;
    if (bound == null) {
      run = Fiber.currentFiber().scheduler();
    } else {
      bound.ensureHolder(operation);
    }
  }
}
