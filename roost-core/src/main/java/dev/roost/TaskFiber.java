package dev.roost;

import dev.roost.internal.Fiber;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The model's half of a task: what it runs, where it lives, and what it carries. Touched by the
 * baton's holder alone.
 */
final class TaskFiber extends Fiber {

  private static final int REPORT_AT = 100;
  private static final int ERROR_FROM = 10_000;

  final Run run;
  final long id;
  private final @Nullable String givenName;

  private final AsyncRunnable<?> body;

  /**
   * The nursery that it lives in; null for main. Changes once at most, when {@code started} moves
   * it.
   */
  @Nullable Nursery parent;

  @Nullable TaskFiber nextSibling;
  @Nullable TaskFiber previousSibling;

  /** The innermost nursery that it has open; the others hang on it. */
  @Nullable Nursery innermost;

  TaskLocals locals;
  private @Nullable Task facade;

  /** How often in a row the cancellation of {@link #deliveredFor} was delivered to this task. */
  private int deliveries;

  private @Nullable Scope deliveredFor;

  TaskFiber(
      Run run,
      @Nullable Nursery parent,
      @Nullable String name,
      AsyncRunnable<?> body,
      TaskLocals locals) {
    this(run, ++run.lastTaskId, parent, name, body, locals);
  }

  private TaskFiber(
      Run run,
      long id,
      @Nullable Nursery parent,
      @Nullable String name,
      AsyncRunnable<?> body,
      TaskLocals locals) {
    super(run.scheduler);
    this.run = run;
    this.id = id;
    this.parent = parent;
    this.givenName = name;
    this.body = body;
    this.locals = locals;
  }

  /**
   * What stands in for a task between the tasks: see {@link
   * dev.roost.internal.Scheduler#steward(Fiber)}.
   */
  static TaskFiber steward(Run run) {
    return new TaskFiber(run, 0, null, "of the run itself", Roost::sleepForever, TaskLocals.NONE);
  }

  /** The task that calls. */
  static TaskFiber current() {
    return (TaskFiber) currentFiber();
  }

  /**
   * The task that calls, in a blocking section of its own too: for what only its own thread
   * changes.
   */
  static TaskFiber ofThisThreadEvenBlocking() {
    return ofThisThread() instanceof TaskFiber inside && inside.isBlocking() ? inside : current();
  }

  static @Nullable TaskFiber currentOrNull() {
    return (TaskFiber) currentFiberOrNull();
  }

  /** The innermost scope of this task. */
  Scope scope() {
    return (Scope) Objects.requireNonNull(node());
  }

  Task facade() {
    Task known = facade;
    if (known == null) {
      known = new Task(this);
      facade = known;
    }
    return known;
  }

  @Override
  protected void body() {
    Throwable error = null;
    try {
      body.run();
    } catch (Throwable t) {
      error = afterStall(t);
    }
    runAtEnd();
    Objects.requireNonNull(node()).removeFiber(this);
    run.ended(this, error);
  }

  /**
   * What a body threw, as a cancellation if that is what it comes from: the stall watch interrupted
   * the task inside a call that held the baton, because a scope of its was cancelled or overdue
   * (R14).
   */
  Throwable afterStall(Throwable thrown) {
    if (!takeStallInterrupt() || Cancellations.is(thrown) || !Interruptions.causedBy(thrown)) {
      return thrown;
    }
    scheduler().fireTimers();
    Scope in = scope();
    if (!in.effective()) {
      return thrown;
    }
    Throwable cancellation = in.cancellationFor(this);
    if (cancellation.getCause() == null) {
      cancellation.initCause(thrown);
    }
    return cancellation;
  }

  /** The call through a portal that this task is for; null if it was started inside the run. */
  @Nullable PortalCall<?> portalCall() {
    return body instanceof PortalCall<?> call ? call : null;
  }

  /**
   * What a checkpoint of this task throws for a scope; counts how often it was swallowed before
   * (R8).
   */
  Throwable deliver(Scope scope) {
    if (deliveredFor != scope) {
      deliveredFor = scope;
      deliveries = 0;
    }
    Cancelled cancelled = new Cancelled(scope);
    deliveries++;
    run.instruments.cancelDelivered(this, cancelled);
    if (deliveries < REPORT_AT) {
      return cancelled;
    }
    if (deliveries == REPORT_AT) {
      run.instruments.swallowing(this, cancelled);
    }
    return deliveries < ERROR_FROM
        ? cancelled
        : new SwallowedCancellationError(
            "Task "
                + name()
                + " has swallowed "
                + deliveries
                + " cancellations and goes on. Let InterruptedException"
                + " out of the loop that catches it, or leave the loop.",
            cancelled);
  }

  @Override
  protected void blockingCancelled() {
    BlockingCall inside = blockingCall;
    if (inside != null) {
      inside.cancelled();
    }
  }

  /** The blocking section that it is in. */
  @Nullable BlockingCall blockingCall;

  @Override
  protected @Nullable String threadName() {
    return givenName;
  }

  /** The name given to it, or one made from where its body was written. */
  String name() {
    return givenName != null ? givenName : TaskNames.of(body) + "#" + id;
  }

  List<Nursery> nurseries() {
    List<Nursery> open = new ArrayList<>();
    for (Nursery at = innermost; at != null; at = at.outer) {
      open.add(at);
    }
    return open.reversed();
  }

  StackTraceElement[] stackTrace() {
    Thread thread = thread();
    return thread == null ? new StackTraceElement[0] : thread.getStackTrace();
  }

  @Override
  protected void brokeDown(Throwable bug) {
    run.crashed(bug);
    scheduler().finish();
  }

  /** The scheduler failed while it handed the baton on; nobody else would. */
  @Override
  public void uncaughtException(Thread thread, Throwable error) {
    run.crashed(error);
    scheduler().abandon();
  }

  @Override
  public String toString() {
    return "Task[" + name() + "]";
  }
}
