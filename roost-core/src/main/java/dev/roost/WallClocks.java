package dev.roost;

import dev.roost.internal.Fiber;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which {@link WallClock} a task has. Touched by the holder of the baton. */
final class WallClocks {

  private static final TaskLocal<WallClock> CURRENT = TaskLocal.create();

  /** Whether any task of the run has ever had one: nobody else is to pay for them. */
  private boolean used;

  /** To run something by a clock, in the current task. */
  static TaskLocal.Where<WallClock> where(WallClock clock) {
    TaskFiber.current().run.wallClocks.used = true;
    return CURRENT.where(clock);
  }

  boolean used() {
    return used;
  }

  /** What a moment of the run is to the task that asks; also outside the run. */
  Instant shown(Instant moment) {
    WallClock clock = current();
    return clock == null ? moment : clock.shown(moment);
  }

  /** What the task that asks means by a moment. */
  Instant moment(Instant shown) {
    WallClock clock = current();
    return clock == null ? shown : clock.moment(shown);
  }

  private @Nullable WallClock current() {
    return used && Fiber.currentFiberOrNull() instanceof TaskFiber me
        ? (WallClock) me.locals.get(CURRENT)
        : null;
  }
}
