package dev.roost.lowlevel;

import dev.roost.internal.EndHook;
import dev.roost.internal.Fiber;
import java.util.Objects;

/**
 * Something to be done if a task ends: how a lock learns that its owner went away without releasing
 * it. Attaching and detaching cost a few writes, so that it can be done for each acquisition.
 * Nothing here is a checkpoint.
 */
public final class TaskEndHook {

  private final EndHook hook;

  /**
   * A hook that is attached to no task yet.
   *
   * @param whenEnded what to do; runs as the last thing that the task does, with the task still
   *     current; must neither wait nor throw
   */
  public TaskEndHook(Runnable whenEnded) {
    Objects.requireNonNull(whenEnded, "TaskEndHook: what to do is null");
    hook =
        new EndHook() {
          @Override
          protected void ended() {
            whenEnded.run();
          }
        };
  }

  /**
   * Waits for the end of the current task, and no longer for that of another. When it has come the
   * hook is detached.
   *
   * @throws IllegalStateException outside a run
   */
  public void attach() {
    hook.attach(Fiber.currentFiber());
  }

  /**
   * Waits for nobody's end any more; nothing happens if it was not attached. To be called in the
   * run where it was attached.
   */
  public void detach() {
    hook.detach();
  }
}
