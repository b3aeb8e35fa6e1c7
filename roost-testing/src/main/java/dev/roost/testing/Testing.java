package dev.roost.testing;

import dev.roost.AsyncRunnable;
import dev.roost.lowlevel.AllTasksBlocked;
import dev.roost.lowlevel.Checkpoints;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a test of concurrent code wants to wait for and to assert. */
public final class Testing {

  private Testing() {}

  /**
   * Waits until all other tasks of the run wait: what was started has got as far as it can. The
   * opposite of sleeping and hoping. A checkpoint.
   *
   * {@snippet file="dev/roost/testing/TestingSamples.java" region="waitAllTasksBlocked"}
   *
   * <p>A {@link MockClock} does not jump by itself while anybody waits here: sleepers count as
   * waiting. So do tasks in a {@code Blocking} section or waiting for the network, about which the
   * run knows nothing until they come back: give those time with {@link
   * #waitAllTasksBlocked(Duration)}.
   *
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static void waitAllTasksBlocked() throws InterruptedException {
    AllTasksBlocked.await(Duration.ZERO);
  }

  /**
   * Waits until all other tasks of the run have been waiting for a while, of real time whatever the
   * run's clock. Of several that wait here, the one with the shortest cushion wakes first, equal
   * ones wake together, and each wake-up starts the quiet time of the others anew. A checkpoint.
   *
   * @param cushion for how long nobody must have run; zero for no time at all
   * @throws InterruptedException if cancelled
   * @throws IllegalArgumentException if the cushion is negative
   * @throws IllegalStateException outside a run
   */
  public static void waitAllTasksBlocked(Duration cushion) throws InterruptedException {
    AllTasksBlocked.await(cushion);
  }

  /**
   * Runs code that must be a checkpoint: on its way it has to look for cancellation and to let
   * others run, at least once each. If it throws, it may have skipped its checkpoint, and what it
   * throws comes out. A checkpoint if the code keeps its promise.
   *
   * {@snippet file="dev/roost/testing/TestingSamples.java" region="assertCheckpoints"}
   *
   * @param body the code
   * @param <X> what it may throw
   * @throws X what the code throws
   * @throws InterruptedException if cancelled
   * @throws AssertionError if the code returned and was no checkpoint; says which half was missing
   * @throws IllegalStateException outside a run
   */
  public static <X extends Exception> void assertCheckpoints(AsyncRunnable<X> body)
      throws X, InterruptedException {
    Objects.requireNonNull(body, "Testing.assertCheckpoints: the body is null");
    Checkpoints.Counts before = Checkpoints.counts();
    body.run();
    Checkpoints.Counts after = Checkpoints.counts();
    boolean looked = after.cancelPoints() != before.cancelPoints();
    boolean gaveWay = after.schedulePoints() != before.schedulePoints();
    if (!looked || !gaveWay) {
      throw new AssertionError(
          "Testing.assertCheckpoints: expected a checkpoint, but the code returned and "
              + missing(looked, gaveWay)
              + ". Every path through an async function has to do both: call Roost.checkpoint(), or"
              + " the halves in Checkpoints, on the paths that need not wait.");
    }
  }

  private static String missing(boolean looked, boolean gaveWay) {
    if (looked) {
      return "never let other tasks run (it looked for cancellation)";
    }
    return gaveWay
        ? "never looked for cancellation (it let other tasks run)"
        : "neither looked for cancellation nor let other tasks run";
  }

  /**
   * Runs code that must not contain a checkpoint, however it ends.
   *
   * @param body the code
   * @param <X> what it may throw
   * @throws X what the code throws
   * @throws InterruptedException if the code throws it without having been at a checkpoint
   * @throws AssertionError if the code was at a checkpoint, or at half of one; what the code threw
   *     is its cause
   * @throws IllegalStateException outside a run
   */
  public static <X extends Exception> void assertNoCheckpoints(AsyncRunnable<X> body)
      throws X, InterruptedException {
    Objects.requireNonNull(body, "Testing.assertNoCheckpoints: the body is null");
    Checkpoints.Counts before = Checkpoints.counts();
    try {
      body.run();
    } catch (Throwable error) {
      AssertionError violation = violationSince(before);
      if (violation != null) {
        violation.initCause(error);
        throw violation;
      }
      throw error;
    }
    AssertionError violation = violationSince(before);
    if (violation != null) {
      throw violation;
    }
  }

  private static @Nullable AssertionError violationSince(Checkpoints.Counts before) {
    Checkpoints.Counts after = Checkpoints.counts();
    int looked = after.cancelPoints() - before.cancelPoints();
    int gaveWay = after.schedulePoints() - before.schedulePoints();
    if (looked == 0 && gaveWay == 0) {
      return null;
    }
    return new AssertionError(
        "Testing.assertNoCheckpoints: expected no checkpoint, but the code looked for cancellation "
            + times(looked)
            + " and let other tasks run "
            + times(gaveWay)
            + ". Roost.atomically(…) around the code throws at the checkpoint, and so shows where it"
            + " is.");
  }

  /**
   * Finds out what becomes of code that is cancelled: runs it once to its end, and then again and
   * again, cancelled a turn later each time, so that a cancellation is delivered at each of its
   * checkpoints. See {@link ScheduleMode#CANCELLATION}. To be called outside of runs.
   *
   * {@snippet file="dev/roost/testing/SchedulesSamplesTest.java" region="cancelEverywhere"}
   *
   * @param body what is tried; it makes what it works on anew each time, and asserts in {@code
   *     finally} blocks, or after a scope of its own, that nothing was leaked
   * @return how often it was run
   * @throws InterruptedException if the calling thread is interrupted
   * @throws ScheduleFailure if the code hangs, swallows the cancellation or throws something else;
   *     it names the checkpoint
   * @throws IllegalStateException inside a run
   */
  public static int cancelEverywhere(AsyncRunnable<?> body) throws InterruptedException {
    return Schedules.in(ScheduleMode.CANCELLATION, ScheduleSearch.DEFAULT_LIMIT).run(body);
  }

  private static String times(int n) {
    return n == 1 ? "once" : n + " times";
  }
}
