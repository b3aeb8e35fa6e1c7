package dev.roost;

import dev.roost.internal.CancelNode;
import dev.roost.internal.Fiber;
import dev.roost.internal.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A block of work that can be cancelled as one, by a deadline or by a call.
 *
 * {@snippet :
 * CancelScope scope = CancelScope.moveOnAfter(Duration.ofSeconds(5));
 * if (!scope.run(() -> download(url))) {
 *   log.info("gave up on {}", url);
 * }
 * }
 *
 * <p>While a scope is cancelled, every checkpoint inside it throws {@link Cancelled}, until the block is left; the block
 * catches it. A scope is used for one block only. It belongs to the task that entered it and to the children of the
 * nurseries opened inside it.
 *
 * <pre>
 *          run, call              the body has ended
 *   NEW ---------------> ACTIVE ---------------------> CLOSED
 *    |  cancel, softCancel, setShield, set…: kept      cancel: remembered, no effect
 *    +-> and in force from the entry on
 * </pre>
 *
 * <p>Invariants: while ACTIVE its node is in the run's tree, and its timer is pending exactly if it has a deadline and is not
 * cancelled yet. The first cause of a cancellation stays.
 */
public final class CancelScope {

  enum Kind {
    CREATE("CancelScope.create()"),
    MOVE_ON("CancelScope.moveOnAfter"),
    MOVE_ON_AT("CancelScope.moveOnAt"),
    FAIL("CancelScope.failAfter"),
    FAIL_AT("CancelScope.failAt"),
    CLEANUP("CancelScope.cleanup"),
    UNTIL_STOPPING("CancelScope.untilStopping()"),
    NURSERY("the nursery"),
    SERVICES("the children of a service nursery"),
    STARTING("Nursery.startAndWait"),
    RUN("the run");

    final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  private enum State {
    NEW,
    ACTIVE,
    CLOSED
  }

  /** Stands for "no timeout" before the block is entered. */
  private static final long NONE = -1;

  final ScopeNode node;
  private final Kind kind;
  private State state = State.NEW;
  private @Nullable Run run;
  private @Nullable TaskFiber owner;

  /** Before the entry: how long after it, or {@link #NONE}. */
  private long timeoutNanos = NONE;

  /** Before the entry: at which moment, if that was said instead. */
  private @Nullable Instant deadlineAt;

  /** From the entry on: the deadline on the run's clock. */
  private long deadline = Timer.NEVER;

  private @Nullable CancelCause cause;
  private @Nullable Grace grace;
  private boolean caught;

  private CancelScope(Kind kind) {
    this.kind = kind;
    this.node = new ScopeNode(this, kind == Kind.UNTIL_STOPPING);
  }

  // ---- making one

  /**
   * A scope without a deadline. Can be made anywhere, also outside a run.
   *
   * @return a new scope
   */
  public static CancelScope create() {
    return new CancelScope(Kind.CREATE);
  }

  /**
   * A scope that cuts its block short after a time; the block then ends quietly, and {@link #run} returns false.
   *
   * @param timeout how long after the block was entered; zero is an expired scope
   * @return a new scope
   * @throws IllegalArgumentException if the timeout is negative
   */
  public static CancelScope moveOnAfter(Duration timeout) {
    return after(Kind.MOVE_ON, timeout);
  }

  /**
   * A scope that cuts its block short at a moment.
   *
   * @param deadline the moment, on the run's clock ({@link Roost#now()})
   * @return a new scope
   */
  public static CancelScope moveOnAt(Instant deadline) {
    return at(Kind.MOVE_ON_AT, deadline);
  }

  /**
   * Like {@link #moveOnAfter}, but a block that was cut short ends with {@link DeadlineExceededException}.
   *
   * @param timeout how long after the block was entered; zero is an expired scope
   * @return a new scope that throws
   * @throws IllegalArgumentException if the timeout is negative
   */
  public static FailScope failAfter(Duration timeout) {
    return new FailScope(after(Kind.FAIL, timeout));
  }

  /**
   * Like {@link #moveOnAt}, but a block that was cut short ends with {@link DeadlineExceededException}.
   *
   * @param deadline the moment, on the run's clock ({@link Roost#now()})
   * @return a new scope that throws
   */
  public static FailScope failAt(Instant deadline) {
    return new FailScope(at(Kind.FAIL_AT, deadline));
  }

  /**
   * A shielded scope with a timeout, for clean-up in {@code finally} that has to wait for something.
   *
   * {@snippet :
   * } finally {
   *   CancelScope.cleanup(Duration.ofSeconds(2)).run(() -> connection.sayGoodbye());
   * }
   * }
   *
   * @param atMost how long the clean-up may take
   * @return a new, shielded scope
   * @throws IllegalArgumentException if the time is negative
   */
  public static CancelScope cleanup(Duration atMost) {
    return after(Kind.CLEANUP, atMost).shielded();
  }

  /**
   * A scope for work that waits for more work: it is cancelled as soon as a scope around it is {@linkplain #softCancel
   * asked to stop}.
   *
   * @return a new scope
   */
  public static CancelScope untilStopping() {
    return new CancelScope(Kind.UNTIL_STOPPING);
  }

  static CancelScope of(Kind kind) {
    return new CancelScope(kind);
  }

  private static CancelScope after(Kind kind, Duration timeout) {
    CancelScope scope = new CancelScope(kind);
    scope.timeoutNanos = Times.timeout(timeout, kind.text);
    return scope;
  }

  private static CancelScope at(Kind kind, Instant deadline) {
    CancelScope scope = new CancelScope(kind);
    scope.deadlineAt = Objects.requireNonNull(deadline, () -> kind.text + ": the deadline is null");
    return scope;
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
   * @throws ExceptionGroup what is left after the cancellations were taken out of a group, or hung on one
   * @throws IllegalStateException if the scope was entered before, or outside a run
   */
  public <X extends Exception> boolean run(AsyncRunnable<X> body) throws X, InterruptedException {
    Objects.requireNonNull(body, "CancelScope.run: the body is null");
    TaskFiber me = TaskFiber.current();
    enter(me);
    Throwable thrown = null;
    try {
      body.run();
    } catch (Throwable t) {
      thrown = t;
    }
    Throwable left = leave(me, thrown);
    if (left != null) {
      throw Bodies.rethrow(left);
    }
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
   * @throws NullPointerException if the body gives null, which could not be told from being cut short
   * @throws IllegalStateException if the scope was entered before, or outside a run
   */
  public <T, X extends Exception> Optional<T> call(AsyncCallable<T, X> body) throws X, InterruptedException {
    Objects.requireNonNull(body, "CancelScope.call: the body is null");
    TaskFiber me = TaskFiber.current();
    enter(me);
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
    Throwable left = leave(me, thrown);
    if (left != null) {
      throw Bodies.rethrow(left);
    }
    return thrown == null ? Optional.ofNullable(value) : Optional.empty();
  }

  void enter(TaskFiber me) {
    if (state != State.NEW) {
      throw new IllegalStateException(
          "CancelScope: " + this + " was entered before. A scope is for one block: make a new one for each.");
    }
    state = State.ACTIVE;
    run = me.run;
    owner = me;
    node.enter(me);
    begin(me.run);
  }

  /** Puts the scope below {@code above} without a task inside: its tasks are children that are started later. */
  void attach(Run in, CancelNode above) {
    state = State.ACTIVE;
    run = in;
    node.attach(above);
  }

  /** Makes the scope the root of a run's tree. */
  void root(Run in) {
    state = State.ACTIVE;
    run = in;
    node.attach(null);
  }

  private void begin(Run in) {
    if (timeoutNanos != NONE) {
      deadline = Times.plus(in.nanoTime(), timeoutNanos);
      armDeadline(in);
    } else if (deadlineAt != null) {
      deadline = in.nanosAt(deadlineAt);
      armDeadline(in);
    }
    if (grace != null) {
      grace.begin(in, this);
    }
  }

  private void armDeadline(Run in) {
    if (node.cancelCalled()) {
      return;
    }
    if (deadline != Timer.NEVER && deadline <= in.nanoTime()) {
      expire();
    } else {
      in.scheduler.timers().set(node, deadline);
    }
  }

  /** Ends the block; what is left of what it threw. */
  @Nullable Throwable leave(TaskFiber me, @Nullable Throwable thrown) {
    close(me.run);
    Throwable left = thrown;
    if (thrown != null && absorbs()) {
      left = strip(thrown);
    }
    node.leave(me);
    return left;
  }

  /** Ends a scope without a task inside, whose children have ended. */
  void detach(Run from) {
    close(from);
    node.detach();
  }

  private void close(Run from) {
    state = State.CLOSED;
    owner = null;
    from.scheduler.timers().remove(node);
    if (grace != null) {
      from.scheduler.timers().remove(grace);
    }
  }

  /** Whether it is this scope that catches a cancellation now: it is cancelled and sees no cancelled one further out. */
  boolean absorbs() {
    return node.effective() && !node.seesCancelledParent();
  }

  /** Takes the cancellations out of what this scope catches. */
  @Nullable Throwable strip(Throwable thrown) {
    if (!Cancellations.holds(thrown)) {
      return thrown;
    }
    caught = true;
    return Cancellations.strip(thrown);
  }

  // ---- cancelling

  /**
   * Cancels the block: every checkpoint inside throws from now on. Idempotent; may be called before the block is entered,
   * and after it has ended, when it has no effect. Not a checkpoint.
   *
   * @throws IllegalStateException if called on a thread or in a run where the scope does not live
   */
  public void cancel() {
    ensureMayChange("cancel");
    cancel(new CancelCause.Call(null, callerName()));
  }

  /**
   * Cancels the block and says why; the first reason stays.
   *
   * @param reason can be read from the {@link Cancelled} that results
   * @throws IllegalStateException if called on a thread or in a run where the scope does not live
   */
  public void cancel(String reason) {
    Objects.requireNonNull(reason, "CancelScope.cancel: the reason is null; leave it out if there is none");
    ensureMayChange("cancel");
    cancel(new CancelCause.Call(reason, callerName()));
  }

  /** Cancels without asking who calls: for the run itself, which may do so from its host thread. */
  void cancel(CancelCause why) {
    if (!node.cancelCalled()) {
      cause = why;
      becomeCancelled();
    }
  }

  private void becomeCancelled() {
    Run in = run;
    if (in != null) {
      in.scheduler.timers().remove(node);
      if (state == State.ACTIVE) {
        in.instruments.scopeCancelled(this);
      }
    }
    node.markCancelled();
  }

  /** The deadline has passed. */
  void expire() {
    if (!node.cancelCalled()) {
      cause = new CancelCause.Deadline();
      becomeCancelled();
    }
  }

  /** The blocks around it are to stop; the node has marked itself cancelled. */
  void stopped() {
    cause = new CancelCause.Stop();
    Run in = run;
    if (in != null) {
      in.scheduler.timers().remove(node);
      in.instruments.scopeCancelled(this);
    }
  }

  /**
   * Asks for an orderly stop: at once cancels every block inside that was opened with {@link #untilStopping()}; all else
   * goes on until it ends by itself or the grace is over, when the scope is cancelled for good. Asked again, the earlier end
   * counts. Not a checkpoint.
   *
   * @param graceTime how long the work inside may go on; before the entry, counted from the entry
   * @throws IllegalArgumentException if the grace is negative
   * @throws IllegalStateException if called on a thread or in a run where the scope does not live
   */
  public void softCancel(Duration graceTime) {
    long nanos = Times.timeout(graceTime, "CancelScope.softCancel");
    ensureMayChange("softCancel");
    softCancel(graceTime, nanos);
  }

  /** Soft-cancels without asking who calls. */
  void softCancel(Duration graceTime, long nanos) {
    if (state == State.CLOSED) {
      return;
    }
    Grace asked = new Grace(this, graceTime, nanos);
    Run in = run;
    if (in == null) {
      if (grace == null || nanos < grace.nanos()) {
        grace = asked;
      }
    } else {
      asked.begin(in, this);
    }
    node.markSoftCancelled();
  }

  /** The grace that counts: the one that ends first. */
  void graceBegan(Grace began, Run in) {
    Grace before = grace;
    if (before != null && before != began) {
      if (before.endsBefore(began)) {
        in.scheduler.timers().remove(began);
        return;
      }
      in.scheduler.timers().remove(before);
    }
    grace = began;
  }

  /**
   * Whether the code that asks was asked to stop by a soft cancel that is visible from here. Not a checkpoint.
   *
   * @return true from the soft cancel on
   * @throws IllegalStateException outside a run
   */
  public static boolean stopping() {
    return TaskFiber.current().scope().node.stopping();
  }

  // ---- what became of it

  /**
   * Whether the scope is cancelled: by a call, or because its deadline has passed (looked at while asked, until the block has
   * ended).
   *
   * @return true once cancelled
   */
  public boolean cancelCalled() {
    if (!node.cancelCalled() && state != State.CLOSED) {
      TaskFiber asking = TaskFiber.currentOrNull();
      if (asking != null && (run == null || run == asking.run) && deadlineNanos(asking.run) <= asking.run.nanoTime()) {
        expire();
      }
    }
    return node.cancelCalled();
  }

  private long deadlineNanos(Run in) {
    return state != State.NEW ? deadline : deadlineAt != null ? in.nanosAt(deadlineAt) : Timer.NEVER;
  }

  /**
   * Whether the block ended by catching this scope's cancellation.
   *
   * @return true after a block that was cut short
   */
  public boolean cancelledCaught() {
    return caught;
  }

  /**
   * Why the scope was cancelled.
   *
   * @return the reason given to {@link #cancel(String)}, or Roost's own words where it cancelled by itself; empty if there is
   *     none
   */
  public Optional<String> reason() {
    return cause == null ? Optional.empty() : cause.reason();
  }

  /**
   * Whether the scope is cancelled because its deadline has passed, rather than by a call or a failure.
   *
   * @return true if the deadline was first
   */
  public boolean cancelledByDeadline() {
    return cause instanceof CancelCause.Deadline;
  }

  /**
   * The deadline of this scope alone.
   *
   * @return the moment on the run's clock; empty if there is none, or if it is relative to an entry that is still to come
   */
  public Optional<Instant> deadline() {
    if (state == State.NEW) {
      return Optional.ofNullable(deadlineAt);
    }
    Run in = run;
    return in == null || deadline == Timer.NEVER ? Optional.empty() : Optional.of(in.instantAt(deadline));
  }

  /**
   * Moves the deadline, also past or before now; a scope that is cancelled stays so. Not a checkpoint.
   *
   * @param moment the new deadline, on the run's clock
   * @throws IllegalStateException if called on a thread or in a run where the scope does not live
   */
  public void setDeadline(Instant moment) {
    Objects.requireNonNull(moment, "CancelScope.setDeadline: the moment is null; use clearDeadline() for none");
    ensureMayChange("setDeadline");
    timeoutNanos = NONE;
    deadlineAt = moment;
    moveDeadline();
  }

  /**
   * Takes the deadline away. Not a checkpoint.
   *
   * @throws IllegalStateException if called on a thread or in a run where the scope does not live
   */
  public void clearDeadline() {
    ensureMayChange("clearDeadline");
    timeoutNanos = NONE;
    deadlineAt = null;
    moveDeadline();
  }

  /**
   * Moves the deadline to a time from now; before the block is entered, to a time from the entry. Not a checkpoint.
   *
   * @param fromNow how long; zero expires the scope
   * @throws IllegalArgumentException if the time is negative
   * @throws IllegalStateException if called on a thread or in a run where the scope does not live
   */
  public void setTimeout(Duration fromNow) {
    long nanos = Times.timeout(fromNow, "CancelScope.setTimeout");
    ensureMayChange("setTimeout");
    timeoutNanos = nanos;
    deadlineAt = null;
    moveDeadline();
  }

  private void moveDeadline() {
    Run in = run;
    if (state != State.ACTIVE || in == null) {
      return;
    }
    if (timeoutNanos != NONE) {
      deadline = Times.plus(in.nanoTime(), timeoutNanos);
    } else {
      deadline = deadlineAt == null ? Timer.NEVER : in.nanosAt(deadlineAt);
    }
    armDeadline(in);
  }

  /**
   * Whether the scope hides what is cancelled outside it.
   *
   * @return true while it is shielded
   */
  public boolean shield() {
    return node.shield();
  }

  /**
   * Hides cancellation that comes from outside this scope, or stops hiding it, which delivers what is pending. The scope's own
   * deadline and cancel are never hidden. Not a checkpoint.
   *
   * @param on whether to hide it
   * @throws IllegalStateException if called on a thread or in a run where the scope does not live
   */
  public void setShield(boolean on) {
    ensureMayChange("setShield");
    node.setShield(on);
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
   * The earliest deadline that is in force where the caller is: of all scopes around it, as far as shields let it see. The
   * start of the epoch's lowest instant ({@link Instant#MIN}) if it is cancelled already. Not a checkpoint.
   *
   * @return the moment on the run's clock, empty if there is none
   * @throws IllegalStateException outside a run
   */
  public static Optional<Instant> currentEffectiveDeadline() {
    TaskFiber me = TaskFiber.current();
    long earliest = earliestDeadline(me);
    return earliest == Timer.NEVER
        ? Optional.empty()
        : Optional.of(earliest == Long.MIN_VALUE ? Instant.MIN : me.run.instantAt(earliest));
  }

  /**
   * How long the caller may still take: until {@link #currentEffectiveDeadline()}. Not a checkpoint.
   *
   * @return the time left, zero if it is cancelled or the deadline has passed, empty if there is no deadline
   * @throws IllegalStateException outside a run
   */
  public static Optional<Duration> timeLeft() {
    TaskFiber me = TaskFiber.current();
    long earliest = earliestDeadline(me);
    if (earliest == Timer.NEVER) {
      return Optional.empty();
    }
    long now = me.run.nanoTime();
    return Optional.of(earliest <= now ? Duration.ZERO : Duration.ofNanos(earliest - now));
  }

  private static long earliestDeadline(TaskFiber me) {
    long earliest = Timer.NEVER;
    for (CancelNode at = me.node(); at != null; at = at.shield() ? null : at.parent()) {
      if (at.cancelCalled()) {
        return Long.MIN_VALUE;
      }
      CancelScope scope = ((ScopeNode) at).scope;
      earliest = Math.min(earliest, scope.deadline);
      if (scope.grace != null) {
        earliest = Math.min(earliest, scope.grace.end());
      }
    }
    return earliest;
  }

  // ---- words

  private static String callerName() {
    TaskFiber caller = TaskFiber.currentOrNull();
    return caller == null ? "code outside the run" : "task " + caller.name();
  }

  private void ensureMayChange(String operation) {
    Run in = run;
    if (in != null && state == State.ACTIVE) {
      in.ensureHolder("CancelScope." + operation);
    }
  }

  String describeCancellation() {
    CancelCause why = cause;
    return this + " was cancelled" + (why == null ? "" : " " + why.describe(this));
  }

  /** The kind of scope, its timeout and its task. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(kind.text);
    if (timeoutNanos != NONE) {
      text.append('(').append(Times.text(timeoutNanos)).append(')');
    } else if (deadlineAt != null) {
      text.append('(').append(deadlineAt).append(')');
    }
    TaskFiber in = owner;
    if (in != null) {
      text.append(" in task ").append(in.name());
    }
    return text.toString();
  }
}
