package dev.roost;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A block of work that can be cancelled as one, by a deadline or by a call.
 *
 * {@snippet file="dev/roost/CoreSamplesTest.java" region="move-on"}
 *
 * <p>While a scope is cancelled, every checkpoint inside it throws {@link Cancelled}, until the
 * block is left; the block catches it. A scope is used for one block only. It belongs to the task
 * that entered it and to the children of the nurseries opened inside it.
 */
public final class CancelScope {

  final Scope scope;

  CancelScope(Scope scope) {
    this.scope = scope;
  }

  // ---- making one

  /**
   * A scope without a deadline. Can be made anywhere, also outside a run.
   *
   * @return a new scope
   */
  public static CancelScope create() {
    return new Scope(ScopeKind.CREATE).facade();
  }

  /**
   * A scope that cuts its block short after a time; the block then ends quietly, and {@link #run}
   * returns false.
   *
   * @param timeout how long after the block was entered; zero is an expired scope
   * @return a new scope
   * @throws IllegalArgumentException if the timeout is negative
   */
  public static CancelScope moveOnAfter(Duration timeout) {
    return after(ScopeKind.MOVE_ON, timeout);
  }

  /**
   * A scope that cuts its block short at a moment.
   *
   * @param deadline the moment, on the run's clock ({@link Roost#now()})
   * @return a new scope
   */
  public static CancelScope moveOnAt(Instant deadline) {
    return at(ScopeKind.MOVE_ON_AT, deadline);
  }

  /**
   * Like {@link #moveOnAfter}, but a block that was cut short ends with {@link
   * DeadlineExceededException}.
   *
   * @param timeout how long after the block was entered; zero is an expired scope
   * @return a new scope that throws
   * @throws IllegalArgumentException if the timeout is negative
   */
  public static FailScope failAfter(Duration timeout) {
    return new FailScope(after(ScopeKind.FAIL, timeout));
  }

  /**
   * Like {@link #moveOnAt}, but a block that was cut short ends with {@link
   * DeadlineExceededException}.
   *
   * @param deadline the moment, on the run's clock ({@link Roost#now()})
   * @return a new scope that throws
   */
  public static FailScope failAt(Instant deadline) {
    return new FailScope(at(ScopeKind.FAIL_AT, deadline));
  }

  /**
   * A shielded scope with a timeout, for clean-up in {@code finally} that has to wait for
   * something.
   *
   * {@snippet file="dev/roost/CoreSamplesTest.java" region="cleanup"}
   *
   * @param atMost how long the clean-up may take
   * @return a new, shielded scope
   * @throws IllegalArgumentException if the time is negative
   */
  public static CancelScope cleanup(Duration atMost) {
    return after(ScopeKind.CLEANUP, atMost).shielded();
  }

  /**
   * A scope for work that waits for more work: it is cancelled as soon as a scope around it is
   * {@linkplain #softCancel asked to stop}.
   *
   * @return a new scope
   */
  public static CancelScope untilStopping() {
    return new Scope(ScopeKind.UNTIL_STOPPING).facade();
  }

  private static CancelScope after(ScopeKind kind, Duration timeout) {
    Scope scope = new Scope(kind);
    scope.setTimeout(Times.timeout(timeout, kind.text));
    return scope.facade();
  }

  private static CancelScope at(ScopeKind kind, Instant deadline) {
    Scope scope = new Scope(kind);
    scope.setDeadline(Objects.requireNonNull(deadline, () -> kind.text + ": the deadline is null"));
    return scope.facade();
  }

  // ---- the block

  /**
   * Runs the body inside this scope. Not a checkpoint itself.
   *
   * @param body the block
   * @param <X> what the body may throw
   * @return true if the body ended normally, false if it was cut short by this scope
   * @throws X what the body throws
   * @throws InterruptedException what the body throws: a scope further out was cancelled
   * @throws ExceptionGroup what is left after the cancellations were taken out of a group, or hung
   *     on one
   * @throws IllegalStateException if the scope was entered before, or outside a run
   */
  public <X extends Exception> boolean run(AsyncRunnable<X> body) throws X, InterruptedException {
    Objects.requireNonNull(body, "CancelScope.run: the body is null");
    TaskFiber me = TaskFiber.current();
    scope.enter(me);
    Throwable thrown = null;
    try {
      body.run();
    } catch (Throwable t) {
      thrown = t;
    }
    Throwable left = scope.leave(me, thrown);
    Bodies.throwIfAny(left);
    return thrown == null;
  }

  /**
   * Runs the body inside this scope and gives its value. Not a checkpoint itself.
   *
   * @param body the block; its value must not be null
   * @param <T> the value
   * @param <X> what the body may throw
   * @return the value, empty if the body was cut short by this scope
   * @throws X what the body throws
   * @throws InterruptedException what the body throws: a scope further out was cancelled
   * @throws ExceptionGroup as for {@link #run}
   * @throws NullPointerException if the body gives null, which could not be told from being cut
   *     short
   * @throws IllegalStateException if the scope was entered before, or outside a run
   */
  public <T, X extends Exception> Optional<T> call(AsyncCallable<T, X> body)
      throws X, InterruptedException {
    Objects.requireNonNull(body, "CancelScope.call: the body is null");
    TaskFiber me = TaskFiber.current();
    scope.enter(me);
    T value = null;
    Throwable thrown = null;
    try {
      value =
          Objects.requireNonNull(
              body.call(),
              "CancelScope.call: the body returned null, which could not be told from being cut short. Use run, or"
                  + " return an Optional.");
    } catch (Throwable t) {
      thrown = t;
    }
    Throwable left = scope.leave(me, thrown);
    Bodies.throwIfAny(left);
    return thrown == null ? Optional.ofNullable(value) : Optional.empty();
  }

  // ---- cancelling

  /**
   * Cancels the block: every checkpoint inside throws from now on. Idempotent; may be called before
   * the block is entered, and after it has ended, when it has no effect. Not a checkpoint.
   *
   * @throws IllegalStateException if called on a thread or in a run where the scope does not live
   */
  public void cancel() {
    scope.ensureMayChange("cancel");
    scope.cancel(new CancelCause.Call(null, callerName()));
  }

  /**
   * Cancels the block and says why; the first reason stays.
   *
   * @param reason can be read from the {@link Cancelled} that results
   * @throws IllegalStateException if called on a thread or in a run where the scope does not live
   */
  public void cancel(String reason) {
    Objects.requireNonNull(
        reason, "CancelScope.cancel: the reason is null; leave it out if there is none");
    scope.ensureMayChange("cancel");
    scope.cancel(new CancelCause.Call(reason, callerName()));
  }

  /**
   * Asks for an orderly stop: at once cancels every block inside that was opened with {@link
   * #untilStopping()}; all else goes on until it ends by itself or the grace is over, when the
   * scope is cancelled for good. Asked again, the earlier end counts. Not a checkpoint.
   *
   * @param graceTime how long the work inside may go on; before the entry, counted from the entry
   * @throws IllegalArgumentException if the grace is negative
   * @throws IllegalStateException if called on a thread or in a run where the scope does not live
   */
  public void softCancel(Duration graceTime) {
    long nanos = Times.timeout(graceTime, "CancelScope.softCancel");
    scope.ensureMayChange("softCancel");
    scope.softCancel(graceTime, nanos, "by " + callerName());
  }

  /**
   * Whether the code that asks was asked to stop by a soft cancel that is visible from here. Not a
   * checkpoint.
   *
   * @return true from the soft cancel on
   * @throws IllegalStateException outside a run
   */
  public static boolean stopping() {
    return TaskFiber.current().scope().stopping();
  }

  // ---- what became of it

  /**
   * Whether the scope is cancelled: by a call, or because its deadline has passed (looked at while
   * asked, until the block has ended).
   *
   * @return true once cancelled
   */
  public boolean cancelCalled() {
    return scope.askCancelCalled();
  }

  /**
   * Whether the block ended by catching this scope's cancellation.
   *
   * @return true after a block that was cut short
   */
  public boolean cancelledCaught() {
    return scope.caught();
  }

  /**
   * Why the scope was cancelled.
   *
   * @return the reason given to {@link #cancel(String)}, or Roost's own words where it cancelled by
   *     itself; empty if there is none
   */
  public Optional<String> reason() {
    return scope.reason();
  }

  /**
   * Whether the scope is cancelled because its deadline has passed, rather than by a call or a
   * failure.
   *
   * @return true if the deadline was first
   */
  public boolean cancelledByDeadline() {
    return scope.cancelledByDeadline();
  }

  /**
   * The deadline of this scope alone.
   *
   * @return the moment on the run's clock; empty if there is none, or if it is relative to an entry
   *     that is still to come
   */
  public Optional<Instant> deadline() {
    return scope.deadline();
  }

  /**
   * Moves the deadline, also past or before now; a scope that is cancelled stays so. Not a
   * checkpoint.
   *
   * @param moment the new deadline, on the run's clock
   * @throws IllegalStateException if called on a thread or in a run where the scope does not live
   */
  public void setDeadline(Instant moment) {
    Objects.requireNonNull(
        moment, "CancelScope.setDeadline: the moment is null; use clearDeadline() for none");
    scope.ensureMayChange("setDeadline");
    scope.setDeadline(moment);
  }

  /**
   * Takes the deadline away. Not a checkpoint.
   *
   * @throws IllegalStateException if called on a thread or in a run where the scope does not live
   */
  public void clearDeadline() {
    scope.ensureMayChange("clearDeadline");
    scope.clearDeadline();
  }

  /**
   * Moves the deadline to a time from now; before the block is entered, to a time from the entry.
   * Not a checkpoint.
   *
   * @param fromNow how long; zero expires the scope
   * @throws IllegalArgumentException if the time is negative
   * @throws IllegalStateException if called on a thread or in a run where the scope does not live
   */
  public void setTimeout(Duration fromNow) {
    long nanos = Times.timeout(fromNow, "CancelScope.setTimeout");
    scope.ensureMayChange("setTimeout");
    scope.setTimeout(nanos);
  }

  /**
   * Whether the scope hides what is cancelled outside it.
   *
   * @return true while it is shielded
   */
  public boolean shield() {
    return scope.shield();
  }

  /**
   * Hides cancellation that comes from outside this scope, or stops hiding it, which delivers what
   * is pending. The scope's own deadline and cancel are never hidden. Not a checkpoint.
   *
   * @param on whether to hide it
   * @throws IllegalStateException if called on a thread or in a run where the scope does not live
   */
  public void setShield(boolean on) {
    scope.ensureMayChange("setShield");
    scope.setShield(on);
  }

  /**
   * Sets the shield.
   *
   * @return this scope
   */
  public CancelScope shielded() {
    setShield(true);
    return this;
  }

  // ---- about the scopes around the caller

  /**
   * The earliest deadline that is in force where the caller is: of all scopes around it, as far as
   * shields let it see. The start of the epoch's lowest instant ({@link Instant#MIN}) if it is
   * cancelled already. Not a checkpoint.
   *
   * @return the moment on the run's clock, empty if there is none
   * @throws IllegalStateException outside a run
   */
  public static Optional<Instant> currentEffectiveDeadline() {
    return EffectiveDeadline.instant(TaskFiber.current());
  }

  /**
   * How long the caller may still take: until {@link #currentEffectiveDeadline()}. Not a
   * checkpoint.
   *
   * @return the time left, zero if it is cancelled or the deadline has passed, empty if there is no
   *     deadline
   * @throws IllegalStateException outside a run
   */
  public static Optional<Duration> timeLeft() {
    return EffectiveDeadline.timeLeft(TaskFiber.current());
  }

  // ---- words

  /**
   * Gives the scope a name, for messages: what a {@link Cancelled} or a {@link
   * DeadlineExceededException} says names the scope that it belongs to, and a name tells it from
   * others of the same kind. Not a checkpoint.
   *
   * {@snippet file="dev/roost/CoreSamplesTest.java" region="named"}
   *
   * @param name says what is limited, such as "payment"
   * @return this
   */
  public CancelScope named(String name) {
    scope.setName(Objects.requireNonNull(name, "CancelScope.named: the name is null"));
    return this;
  }

  /**
   * The name given to it. Not a checkpoint.
   *
   * @return the name, empty if it was given none
   */
  public Optional<String> name() {
    return scope.name();
  }

  private static String callerName() {
    TaskFiber caller = TaskFiber.currentOrNull();
    return caller == null ? "code outside the run" : "task " + caller.name();
  }

  /** The kind of scope, its timeout, its name and its task. */
  @Override
  public String toString() {
    return scope.toString();
  }
}
