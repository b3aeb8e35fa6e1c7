package dev.roost;

import dev.roost.internal.Timer;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The deadline of one scope: as it was said, and from the entry on as a moment of the run's clock.
 */
final class ScopeDeadline {

  private static final long NONE = -1;

  /** What was said last, if it was a time from the entry or from a call, or {@link #NONE}. */
  private long timeoutNanos = NONE;

  /** What was said last, if it was a moment. */
  private @Nullable Instant at;

  /** What came of it; {@link Timer#NEVER} before the entry. */
  private long moment = Timer.NEVER;

  void relative(long nanos) {
    timeoutNanos = nanos;
    at = null;
  }

  void absolute(Instant instant) {
    timeoutNanos = NONE;
    at = instant;
  }

  void clear() {
    timeoutNanos = NONE;
    at = null;
  }

  boolean isSet() {
    return timeoutNanos != NONE || at != null;
  }

  /** Fixes the moment from what was said last; a relative one counts from {@code now}. */
  long resolve(Run run, long now) {
    if (timeoutNanos != NONE) {
      moment = Times.plus(now, timeoutNanos);
    } else {
      moment = at == null ? Timer.NEVER : run.nanosAt(at);
    }
    return moment;
  }

  long moment() {
    return moment;
  }

  /** The moment, also before the entry if it does not depend on it. */
  long moment(Run run) {
    return moment != Timer.NEVER || at == null ? moment : run.nanosAt(at);
  }

  /** The moment as an instant; {@code run} is null before the entry. */
  Optional<Instant> instant(@Nullable Run run) {
    if (run == null || moment == Timer.NEVER) {
      return Optional.ofNullable(at);
    }
    return Optional.of(at == null || run.wallClocks.used() ? run.instantAt(moment) : at);
  }

  /** In parentheses, as it was said; nothing if there is none. */
  @Override
  public String toString() {
    if (timeoutNanos != NONE) {
      return "(" + Times.text(timeoutNanos) + ")";
    }
    return at == null ? "" : "(" + at + ")";
  }
}
