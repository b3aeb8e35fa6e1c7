package dev.roost.lowlevel;

import dev.roost.internal.Fiber;

/**
 * The two halves of a checkpoint, for primitives that try before they wait: look for cancellation,
 * do it if it can be done at once, then let others run.
 *
 * {@snippet file="dev/roost/CoreSamplesTest.java" region="parking-lot"}
 */
public final class Checkpoints {

  private Checkpoints() {}

  /**
   * Whether the caller is a task, or what stands in for one between the tasks, rather than a
   * foreign thread or code in a blocking section: for what can be used by both. Not a checkpoint.
   *
   * @return true if {@link #throwIfCancelled} and the like can be called
   */
  public static boolean isInTask() {
    return Fiber.currentFiberOrNull() != null;
  }

  /**
   * The first half: throws if the task is cancelled, having let others run; does nothing else.
   *
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run, or in {@code Roost.atomically}
   */
  public static void throwIfCancelled() throws InterruptedException {
    Fiber.currentFiber().checkCancelled();
  }

  /**
   * The second half: other tasks may run, within the checkpoint budget of the run. Cancellation is
   * not looked for, so that what was just done stands.
   *
   * @throws InterruptedException never; declared because it is a place where other tasks run
   * @throws IllegalStateException outside a run
   */
  @SuppressWarnings("RedundantThrows")
  public static void letOthersRun() throws InterruptedException {
    Fiber.currentFiber().pass();
  }

  /**
   * How often the current task has passed each half so far. Not a checkpoint.
   *
   * @return the counts
   * @throws IllegalStateException outside a run
   */
  public static Counts counts() {
    Fiber me = Fiber.currentFiber();
    return new Counts(me.cancelPoints(), me.schedulePoints());
  }

  /**
   * How often a task has passed each half of a checkpoint.
   *
   * @param cancelPoints how often it looked for cancellation
   * @param schedulePoints how often it let others run
   */
  public record Counts(int cancelPoints, int schedulePoints) {}
}
