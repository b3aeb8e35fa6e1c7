package dev.roost;

import dev.roost.internal.Timer;
import java.time.Duration;

/** The time after a soft cancel, at whose end the scope is cancelled for good. */
final class Grace extends Timer {

  private final Scope scope;
  private final Duration length;
  private final long nanos;
  private final String by;
  private long end = NEVER;

  Grace(Scope scope, Duration length, long nanos, String by) {
    this.scope = scope;
    this.length = length;
    this.nanos = nanos;
    this.by = by;
  }

  long nanos() {
    return nanos;
  }

  long end() {
    return end;
  }

  boolean endsBefore(Grace other) {
    return end <= other.end;
  }

  void begin(Run run, Scope in) {
    end = Times.plus(run.nanoTime(), nanos);
    run.scheduler.timers().set(this, end);
    in.graceBegan(this, run);
    if (nanos == 0) {
      run.scheduler.timers().remove(this);
      fire();
    }
  }

  @Override
  protected void fire() {
    scope.cancel(
        new CancelCause.Own("the grace of " + length + " after a soft cancel " + by + " is over"));
  }
}
