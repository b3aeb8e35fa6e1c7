package dev.roost.lowlevel;

import dev.roost.internal.Fiber;
import java.time.Duration;
import java.util.Objects;

/**
 * Waits until nobody else in the run has anything to do: what the test kit's {@code
 * waitAllTasksBlocked} is made of.
 */
public final class AllTasksBlocked {

  private AllTasksBlocked() {}

  /**
   * Waits until all other tasks have been waiting for a time. The shortest cushion wakes first,
   * equal ones together, and each wake-up starts the quiet time of the others anew. A virtual clock
   * does not jump while anybody waits here. A checkpoint.
   *
   * @param cushion the quiet time, in real time; zero for none
   * @throws InterruptedException if cancelled
   * @throws IllegalArgumentException if the cushion is negative
   * @throws IllegalStateException outside a run
   */
  public static void await(Duration cushion) throws InterruptedException {
    Objects.requireNonNull(cushion, "AllTasksBlocked.await: the cushion is null");
    if (cushion.isNegative()) {
      throw new IllegalArgumentException(
          "AllTasksBlocked.await: the cushion is negative (" + cushion + ").");
    }
    Fiber me = Fiber.currentFiber();
    me.checkCancelled();
    me.scheduler().idlers().await(me, saturated(cushion));
  }

  private static long saturated(Duration span) {
    try {
      return span.toNanos();
    } catch (ArithmeticException forAges) {
      return Long.MAX_VALUE;
    }
  }
}
