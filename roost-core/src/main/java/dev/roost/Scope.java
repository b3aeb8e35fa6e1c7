package dev.roost;

import dev.roost.internal.CancelNode;
import dev.roost.internal.Fiber;
import dev.roost.internal.StackRoom;
import dev.roost.internal.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is behind a {@link CancelScope}: its place in the tree, its deadline, and what became of it.
 *
 * <pre>
 *          enter, attach, root          leave, detach
 *   NEW ------------------------> ACTIVE --------------> CLOSED
 *    |  cancel, softCancel, setShield, deadline: kept      cancel: remembered, no effect
 *    +-> and in force from the entry on
 * </pre>
 *
 * <p>Invariants: while ACTIVE it is in the run's tree, and its timer is pending exactly if it has a
 * deadline and is not cancelled yet. The first cause of a cancellation stays.
 */
final class Scope extends CancelNode {

  private enum State {
    NEW,
    ACTIVE,
    CLOSED
  }

  final ScopeKind kind;
  private final ScopeDeadline deadline = new ScopeDeadline();
  private State state = State.NEW;
  private @Nullable Run run;
  private @Nullable TaskFiber owner;
  private @Nullable CancelCause cause;
  private @Nullable String name;
  private @Nullable Grace grace;

  /** Who asked it to stop first, or why; goes on after "was asked to stop". */
  private String stopBy = "";

  private @Nullable CancelScope facade;
  private boolean caught;

  Scope(ScopeKind kind) {
    super(kind == ScopeKind.UNTIL_STOPPING);
    this.kind = kind;
  }

  /** What users see of it; a nursery's is made when somebody asks. */
  CancelScope facade() {
    CancelScope known = facade;
    if (known == null) {
      known = new CancelScope(this);
      facade = known;
    }
    return known;
  }

  // ---- entering and leaving

  void enter(TaskFiber me) {
    if (state != State.NEW) {
      throw new IllegalStateException(
          "CancelScope: "
              + this
              + " was entered before. A scope is for one block: make a new one for each.");
    }
    StackRoom.forAChange(me);
    state = State.ACTIVE;
    run = me.run;
    owner = me;
    super.enter(me);
    if (deadline.isSet()) {
      moveDeadline(me.run);
    }
    if (grace != null) {
      grace.begin(me.run, this);
    }
  }

  /**
   * Puts the scope below {@code above}, or at the root, without a task inside: its tasks are
   * children started later.
   */
  void attach(Run in, @Nullable Scope above) {
    state = State.ACTIVE;
    run = in;
    attach(above);
  }

  /** Ends the block; what is left of what it threw. */
  @Nullable Throwable leave(TaskFiber me, @Nullable Throwable thrown) {
    Throwable left = thrown == null ? null : me.afterStall(thrown);
    close(me.run);
    if (left != null && absorbs()) {
      left = strip(left);
    }
    super.leave(me);
    return left;
  }

  /** Ends a scope without a task inside, whose children have ended. */
  void detach(Run from) {
    close(from);
    detach();
  }

  private void close(Run from) {
    state = State.CLOSED;
    owner = null;
    from.scheduler.timers().remove(this);
    if (grace != null) {
      from.scheduler.timers().remove(grace);
    }
  }

  /**
   * Whether it is this scope that catches a cancellation now: it is cancelled and sees no cancelled
   * one further out.
   */
  boolean absorbs() {
    return effective() && !seesCancelledParent();
  }

  /** Takes the cancellations out of what this scope catches. */
  @Nullable Throwable strip(Throwable thrown) {
    if (!Cancellations.holds(thrown)) {
      return thrown;
    }
    caught = true;
    return Cancellations.strip(thrown);
  }

  boolean caught() {
    return caught;
  }

  // ---- cancelling

  /** Cancels without asking who calls: for the run itself, which may do so from its host thread. */
  void cancel(CancelCause why) {
    if (!cancelCalled()) {
      cause = why;
      becomeCancelled();
    }
  }

  private void becomeCancelled() {
    stopped();
    markCancelled();
  }

  /** The deadline has passed. */
  private void expire() {
    cancel(new CancelCause.Deadline());
  }

  @Override
  protected void fire() {
    expire();
  }

  @Override
  protected void cancelledByStop() {
    Scope asked = asked();
    cause = new CancelCause.Stop(asked == this ? "it" : "a scope around it", asked.stopBy);
    stopped();
  }

  /** It is cancelled, or about to be: no deadline any more, and whoever listens is told. */
  private void stopped() {
    Run in = run;
    if (in != null) {
      in.scheduler.timers().remove(this);
      if (state == State.ACTIVE) {
        in.instruments.scopeCancelled(this);
      }
    }
  }

  /** The nearest scope, from this one on outwards, that was asked to stop; there is one. */
  private Scope asked() {
    CancelNode at = this;
    while (!at.softCalled()) {
      at = Objects.requireNonNull(at.parent());
    }
    return (Scope) at;
  }

  /**
   * Soft-cancels without asking who calls.
   *
   * @param by who asks, or why: what goes on after "a soft cancel"
   */
  void softCancel(Duration length, long nanos, String by) {
    if (state == State.CLOSED) {
      return;
    }
    if (!softCalled()) {
      stopBy = by;
    }
    Grace asked = new Grace(this, length, nanos, by);
    Run in = run;
    if (in != null) {
      asked.begin(in, this);
    } else if (grace == null || nanos < grace.nanos()) {
      grace = asked;
    }
    markSoftCancelled();
  }

  /** The grace that counts is the one that ends first. */
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

  @Override
  protected Throwable cancellationFor(Fiber fiber) {
    return ((TaskFiber) fiber).deliver((Scope) cancelledBy());
  }

  /** Whether it is cancelled, or its deadline has passed as the asking task sees it. */
  boolean askCancelCalled() {
    if (!cancelCalled() && state != State.CLOSED) {
      TaskFiber asking = TaskFiber.currentOrNull();
      if (asking != null
          && (run == null || run == asking.run)
          && deadline.moment(asking.run) <= asking.run.nanoTime()) {
        expire();
      }
    }
    return cancelCalled();
  }

  Optional<String> reason() {
    return cause == null ? Optional.empty() : cause.reason();
  }

  boolean cancelledByDeadline() {
    return cause instanceof CancelCause.Deadline;
  }

  // ---- the deadline

  void setTimeout(long nanos) {
    deadline.relative(nanos);
    moveIfActive();
  }

  void setDeadline(Instant moment) {
    deadline.absolute(moment);
    moveIfActive();
  }

  void clearDeadline() {
    deadline.clear();
    moveIfActive();
  }

  Optional<Instant> deadline() {
    return deadline.instant(run);
  }

  /** The earliest moment at which this scope cancels by itself. */
  long ownDeadline() {
    return grace == null ? deadline.moment() : Math.min(deadline.moment(), grace.end());
  }

  private void moveIfActive() {
    Run in = run;
    if (state == State.ACTIVE && in != null) {
      moveDeadline(in);
    }
  }

  /** Puts the deadline, as it was set last, in force. */
  private void moveDeadline(Run in) {
    long now = in.nanoTime();
    long moment = deadline.resolve(in, now);
    if (cancelCalled()) {
      return;
    }
    if (moment != Timer.NEVER && moment <= now) {
      expire();
    } else {
      in.scheduler.timers().set(this, moment);
    }
  }

  // ---- who may, and words

  /** Refuses changes by anybody but the run's own tasks, while it is in a run. */
  void ensureMayChange(String operation) {
    Run in = run;
    if (in != null && state == State.ACTIVE) {
      StackRoom.forASwitch(in.ensureHolder("CancelScope." + operation));
    }
  }

  String describeCancellation() {
    CancelCause why = cause;
    return this + " was cancelled" + (why == null ? "" : " " + why.describe(this));
  }

  void setName(String given) {
    name = given;
  }

  Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /** The kind of scope, its timeout, its name and its task. */
  @Override
  public String toString() {
    TaskFiber in = owner;
    return kind.text
        + deadline
        + (name == null ? "" : " '" + name + "'")
        + (in == null ? "" : " in task " + in.name());
  }
}
