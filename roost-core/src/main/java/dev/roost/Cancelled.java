package dev.roost;

import java.time.Instant;
import java.util.Optional;

/**
 * Thrown by a checkpoint whose scope is cancelled. It travels up to the block of the outermost
 * cancelled scope that is visible from there, which catches it; nobody else should, except to clean
 * up and throw it on.
 *
 * <p>One is made for each delivery, so that others may hang suppressed errors on it. It has no
 * stack trace of its own unless the system property {@code roost.debug} is {@code true}, because
 * making one for each of 100,000 cancelled tasks is most of the cost of a cancellation.
 */
public final class Cancelled extends InterruptedException {

  private static final long serialVersionUID = 1;
  private static final boolean DEBUG = Boolean.getBoolean("roost.debug");

  private final transient Scope scope;

  Cancelled(Scope scope) {
    this.scope = scope;
  }

  /**
   * The reason given to {@link CancelScope#cancel(String)}, or the one that Roost gives when it
   * cancels by itself.
   *
   * @return the reason, empty if none was given
   */
  public Optional<String> reason() {
    return scope.reason();
  }

  /**
   * Whether a deadline that passed is the cause, rather than a call of {@code cancel}.
   *
   * @return true if it was a deadline
   */
  public boolean byDeadline() {
    return scope.cancelledByDeadline();
  }

  /**
   * The deadline that passed.
   *
   * @return the moment on the run's clock, empty unless {@link #byDeadline()}
   */
  public Optional<Instant> deadline() {
    return byDeadline() ? scope.deadline() : Optional.empty();
  }

  /** What was cancelled, by whom or by which deadline, and why. */
  @Override
  public String getMessage() {
    return scope.describeCancellation();
  }

  @Override
  @SuppressWarnings(
      "UnsynchronizedOverridesSynchronized") // it is not shared yet: called by the constructor
  public Throwable fillInStackTrace() {
    return DEBUG ? super.fillInStackTrace() : this;
  }
}
