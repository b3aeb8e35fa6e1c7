package dev.roost.lowlevel;

import dev.roost.internal.Fiber;
import dev.roost.internal.Scheduler;
import java.util.Objects;

/**
 * Says that somebody outside the run is going to wake it, such as a signal handler or a callback of
 * a library. As long as one of these is open, a run whose tasks all wait is not taken for
 * deadlocked. Nothing here is a checkpoint.
 *
 * {@snippet file="dev/roost/lowlevel/LowlevelSamplesTest.java" region="outside-wakeup"}
 */
public final class OutsideWakeup implements AutoCloseable {

  private final Scheduler run;
  private boolean closed;

  private OutsideWakeup(Scheduler run) {
    this.run = run;
  }

  /**
   * Expects to be woken from outside, until the result is closed.
   *
   * @return to be closed in the same run when nothing is expected any more
   * @throws IllegalStateException outside a run
   */
  public static OutsideWakeup expect() {
    Scheduler run = Fiber.currentFiber().scheduler();
    run.outside().wakeups(+1);
    return new OutsideWakeup(run);
  }

  /**
   * Has an action done in the run, soon and between the steps of its tasks. From any thread, never
   * blocks. The action must not wait or throw; it may resume a {@link Suspension}.
   *
   * @param action the action
   * @return false if the run has ended, and it is not done
   */
  public boolean post(Runnable action) {
    Objects.requireNonNull(action, "OutsideWakeup.post: the action is null");
    return run.postUnlessFinished(action);
  }

  /**
   * Nothing is expected any more; nothing happens the second time.
   *
   * @throws IllegalStateException outside the run
   */
  @Override
  public void close() {
    run.ensureHolder("OutsideWakeup.close");
    if (!closed) {
      closed = true;
      run.outside().wakeups(-1);
    }
  }

  /** Whether it is still expected. */
  @Override
  public String toString() {
    return "OutsideWakeup[" + (closed ? "closed]" : "expected]");
  }
}
