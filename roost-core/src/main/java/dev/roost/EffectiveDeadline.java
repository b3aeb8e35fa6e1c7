package dev.roost;

import dev.roost.internal.CancelNode;
import dev.roost.internal.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The earliest deadline of all scopes around a task, as far as shields let it see. */
final class EffectiveDeadline {

  /** Stands for: cancelled already. */
  private static final long PASSED = Long.MIN_VALUE;

  private EffectiveDeadline() {}

  static Optional<Instant> instant(TaskFiber me) {
    long earliest = of(me);
    if (earliest == Timer.NEVER) {
      return Optional.empty();
    }
    return Optional.of(earliest == PASSED ? Instant.MIN : me.run.instantAt(earliest));
  }

  static Optional<Duration> timeLeft(TaskFiber me) {
    long earliest = of(me);
    if (earliest == Timer.NEVER) {
      return Optional.empty();
    }
    long now = me.run.nanoTime();
    return Optional.of(earliest <= now ? Duration.ZERO : Duration.ofNanos(earliest - now));
  }

  private static long of(TaskFiber me) {
    long earliest = Timer.NEVER;
    for (CancelNode at = me.node(); at != null; at = at.shield() ? null : at.parent()) {
      if (at.cancelCalled()) {
        return PASSED;
      }
      earliest = Math.min(earliest, ((Scope) at).ownDeadline());
    }
    return earliest;
  }
}
