package dev.roost.testing;

import dev.roost.CancelScope;
import dev.roost.Cancelled;
import dev.roost.Deadlock;
import dev.roost.Instrument;
import dev.roost.Portal;
import dev.roost.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Watches one run under a schedule: ends a body that stands still or goes on for ever, and cancels
 * it at a given step.
 *
 * <pre>
 *   (no body) --- begin ---> WATCHING --- end ---> (no body)
 *                               | deadlock, too many steps: the scope of the body is cancelled
 *                               | the given step: likewise, with a reason to know it by
 *                               | waits without end after that: onStuck
 * </pre>
 *
 * Touched by the holder of the baton.
 */
final class Watch implements Instrument {

  static final String REASON = "the schedule cancels here, to see what happens";

  private static final int MOST_STEPS = 100_000;
  private static final int FRAMES = 8;

  /** After which step to cancel; 0 for before the first, negative for never. */
  private final int cancelAt;

  private final Runnable onStuck;

  private @Nullable CancelScope scope;
  private int steps;
  private boolean cancels;
  private boolean injected;
  private @Nullable ScheduleError ending;

  private @Nullable Task cancelledTask;
  private List<String> cancelledIn = List.of();
  private boolean delivered;
  private boolean swallowing;
  private final List<String> leftOpen = new ArrayList<>();

  Watch(int cancelAt, Runnable onStuck) {
    this.cancelAt = cancelAt;
    this.onStuck = onStuck;
  }

  /** A body begins, inside a scope; it may be cancelled at the given step, or not. */
  void begin(CancelScope around, boolean mayCancel) {
    scope = around;
    cancels = mayCancel && !injected;
    if (cancelAt == 0 && cancels) {
      inject(around);
    }
  }

  void end() {
    scope = null;
  }

  /** What is wrong with a run that ended. */
  @Nullable ScheduleError leak() {
    return leftOpen.isEmpty()
        ? null
        : new ScheduleError(
            ScheduleError.Kind.LEAK,
            "Left open, and closed by the run at its end: "
                + String.join(", ", leftOpen)
                + ". Use try-with-resources."
                + (delivered ? " A cancellation was delivered in " + place() : ""));
  }

  /** Why it ended the body, if it did. */
  @Nullable ScheduleError ending() {
    return ending;
  }

  /** Whether the step to cancel after was reached. */
  boolean injected() {
    return injected;
  }

  /** Where the cancellation was delivered first. */
  String place() {
    Task task = cancelledTask;
    return task == null
        ? ""
        : "task " + task.name() + "\n    at " + String.join("\n    at ", cancelledIn);
  }

  /**
   * What is wrong with a body that ended.
   *
   * @param completed whether it returned by itself
   * @param error what it threw
   */
  @Nullable Throwable verdict(boolean completed, @Nullable Throwable error) {
    ScheduleError found = ending;
    if (found != null) {
      if (error != null) {
        found.addSuppressed(error);
      }
      return found;
    }
    if (!cancels || !injected || !delivered) {
      return error;
    }
    if (swallowing) {
      return new ScheduleError(
          ScheduleError.Kind.SWALLOWED,
          "The cancellation is swallowed again and again. Let InterruptedException out of the loop"
              + " that catches it. It was first delivered in "
              + place());
    }
    if (error != null) {
      return new ScheduleError(
          ScheduleError.Kind.OTHER_ERROR,
          "Cancelled, the body throws something else: "
              + error
              + "\nThe cancellation was delivered in "
              + place(),
          error);
    }
    if (completed) {
      return new ScheduleError(
          ScheduleError.Kind.SWALLOWED,
          "The cancellation was swallowed: the body went on and returned. Clean up in finally, or"
              + " catch InterruptedException and throw it on. It was delivered in "
              + place());
    }
    return null;
  }

  private void inject(CancelScope into) {
    injected = true;
    into.cancel(REASON);
  }

  private void giveUp(ScheduleError why) {
    CancelScope body = scope;
    if (body != null && ending == null) {
      ending = why;
      body.cancel("the schedule found that the body does not end");
    }
  }

  // ---- events

  @Override
  public void afterStep(Task task) {
    CancelScope body = scope;
    if (body == null) {
      return;
    }
    steps++;
    if (steps == cancelAt && cancels) {
      if (task.status().equals("running")) { // it enters a blocking section: cancel it inside
        injected = true;
        Portal.current()
            .post(() -> body.cancel(REASON)); // from here on a deadlock is none for sure
      } else {
        inject(body);
      }
    } else if (steps == MOST_STEPS) {
      giveUp(
          new ScheduleError(
              ScheduleError.Kind.ENDLESS,
              "The body goes on and on: "
                  + MOST_STEPS
                  + " turns were taken. Does a task wait for another one in a loop of"
                  + " checkpoints?"));
    }
  }

  @Override
  public void deadlocked(Deadlock deadlock) {
    giveUp(
        new ScheduleError(
            ScheduleError.Kind.DEADLOCK,
            "Deadlock"
                + (injected ? " after a cancellation, which was delivered in " + place() : "")
                + ": "
                + deadlock));
  }

  @Override
  public void beforeIoWait(@Nullable Duration timeout) {
    if (timeout == null && ending != null) {
      onStuck.run();
    }
  }

  @Override
  public void cancelDelivered(Task task, Cancelled cancelled) {
    if (!delivered && injected && cancelled.reason().filter(REASON::equals).isPresent()) {
      delivered = true;
      cancelledTask = task;
      cancelledIn = Places.frames(task.stackTrace(), FRAMES);
    }
  }

  @Override
  public void leftOpen(String what, @Nullable Throwable openedAt) {
    leftOpen.add(what);
  }

  @Override
  public void cancellationSwallowed(Task task, Cancelled cancelled) {
    swallowing = true;
  }
}
