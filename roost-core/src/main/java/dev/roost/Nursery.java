package dev.roost;

import dev.roost.internal.StackRoom;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The block that child tasks live in. It does not end before its last child has, whatever happened,
 * so that a function which returned has nothing left running.
 *
 * {@snippet file="dev/roost/CoreSamplesTest.java" region="nursery"}
 *
 * <p>If the body or a child throws, all others in the block are cancelled at once and awaited, and
 * the block throws one {@link ExceptionGroup} with every error in it. If there is nothing but
 * cancellations, it throws a {@link Cancelled} alone.
 *
 * <pre>
 *             run, call              body ended               nobody left
 *   (scope entered) ---> OPEN, body runs ---> OPEN, waiting ---------------> CLOSED
 *                          |  start: new child  |  start by a child             start: IllegalStateException
 *                          +--------------------+
 * </pre>
 *
 * <p>Invariants: CLOSED means no child, no pending {@code startAndWait} and an ended body, in that
 * order for ever. A child's error is in {@code errors} before the nursery's scope is cancelled. The
 * parent is woken exactly once, by whoever leaves last.
 */
public final class Nursery {

  /**
   * The body of a nursery without a result.
   *
   * @see Nursery#run
   */
  @FunctionalInterface
  public interface Body {

    /**
     * Runs the body; assume that it is a checkpoint.
     *
     * @param nursery the nursery, open until the body and all children have ended; may be passed on
     * @throws Exception whatever the body throws comes out of the block in a group
     */
    void run(Nursery nursery) throws Exception;
  }

  /**
   * The body of a nursery with a result.
   *
   * @param <T> the result
   * @see Nursery#call
   */
  @FunctionalInterface
  public interface ValueBody<T extends @Nullable Object> {

    /**
     * Runs the body; assume that it is a checkpoint.
     *
     * @param nursery the nursery, open until the body and all children have ended; may be passed on
     * @return the result
     * @throws Exception whatever the body throws comes out of the block in a group
     */
    T call(Nursery nursery) throws Exception;
  }

  private final TaskFiber parent;
  private final Scope scope;

  /**
   * Where the children are: the nursery's scope, or the shielded one inside it of a service
   * nursery.
   */
  final Scope childScope;

  /** The nursery of the same task around this one. */
  final @Nullable Nursery outer;

  private final Children children = new Children();

  /** Calls of {@code startAndWait} whose child may still move here. */
  private int pendingStarts;

  private boolean bodyEnded;
  private boolean closed;

  private final NurseryErrors errors = new NurseryErrors();

  private Nursery(TaskFiber parent, Scope scope, Scope childScope) {
    this.parent = parent;
    this.scope = scope;
    this.childScope = childScope;
    this.outer = parent.innermost;
    parent.innermost = this;
  }

  /** Of the run itself: see {@link #system}. */
  private Nursery(TaskFiber main, Scope scope) {
    this.parent = main;
    this.scope = scope;
    this.childScope = scope;
    this.outer = null;
  }

  // ---- the block

  /**
   * Opens a nursery, runs the body in it, and waits for the body and every child. The end of the
   * block lets other tasks run, but cancellation is not delivered there: it reaches the body and
   * the children, and the block ends with what they do.
   *
   * @param body starts children
   * @throws InterruptedException a {@link Cancelled}, if nothing worse came out of the block and a
   *     scope around it is cancelled
   * @throws ExceptionGroup if the body or a child failed: every error of the block
   * @throws IllegalStateException outside a run
   */
  public static void run(Body body) throws InterruptedException {
    Objects.requireNonNull(body, "Nursery.run: the body is null");
    Nursery nursery = open(false);
    try {
      body.run(nursery);
    } catch (Throwable t) {
      nursery.bodyThrew(t);
    }
    nursery.end();
  }

  /**
   * Like {@link #run}, with a result.
   *
   * @param body starts children and gives the result
   * @param <T> the result
   * @return the result of the body
   * @throws InterruptedException as for {@link #run}
   * @throws ExceptionGroup as for {@link #run}
   * @throws IllegalStateException outside a run, or if {@link #cancel()} cut the body short, so
   *     that there is no result
   */
  public static <T extends @Nullable Object> T call(ValueBody<T> body) throws InterruptedException {
    Objects.requireNonNull(body, "Nursery.call: the body is null");
    Nursery nursery = open(false);
    BodyResult<T> result = null;
    try {
      result = new BodyResult<>(body.call(nursery));
    } catch (Throwable t) {
      nursery.bodyThrew(t);
    }
    nursery.end();
    return BodyResult.of(result, "Nursery.call");
  }

  /**
   * Opens a nursery for children that serve the body: when it is cancelled, or the body fails, the
   * body unwinds first, with its children still serving it; only then are they cancelled. When a
   * child fails, the body is cancelled first and then the other children, likewise.
   *
   * @param body uses the services
   * @throws InterruptedException as for {@link #run}
   * @throws ExceptionGroup as for {@link #run}
   * @throws IllegalStateException outside a run
   */
  public static void runServices(Body body) throws InterruptedException {
    Objects.requireNonNull(body, "Nursery.runServices: the body is null");
    Nursery nursery = open(true);
    try {
      body.run(nursery);
    } catch (Throwable t) {
      nursery.bodyThrew(t);
    }
    nursery.end();
  }

  /**
   * Like {@link #runServices}, with a result.
   *
   * @param body uses the services and gives the result
   * @param <T> the result
   * @return the result of the body
   * @throws InterruptedException as for {@link #run}
   * @throws ExceptionGroup as for {@link #run}
   * @throws IllegalStateException as for {@link #call}
   */
  public static <T extends @Nullable Object> T callServices(ValueBody<T> body)
      throws InterruptedException {
    Objects.requireNonNull(body, "Nursery.callServices: the body is null");
    Nursery nursery = open(true);
    BodyResult<T> result = null;
    try {
      result = new BodyResult<>(body.call(nursery));
    } catch (Throwable t) {
      nursery.bodyThrew(t);
    }
    nursery.end();
    return BodyResult.of(result, "Nursery.callServices");
  }

  // The body is called from the public methods themselves: two frames less for each nursery in a
  // nursery, on stacks that hold a thousand.

  private static Nursery open(boolean services) {
    TaskFiber me = TaskFiber.current();
    me.ensureMayWait(); // the end of the block lets others run
    StackRoom.forASwitch(me);
    Scope scope = new Scope(ScopeKind.NURSERY);
    scope.enter(me);
    Scope childScope = scope;
    if (services) {
      childScope = new Scope(ScopeKind.SERVICES);
      childScope.setShield(true);
      childScope.attach(me.run, scope);
    }
    return new Nursery(me, scope, childScope);
  }

  private void bodyThrew(Throwable t) {
    Throwable thrown = parent.afterStall(t);
    errors.bodyThrew(thrown);
    cancelBecause("the body", thrown);
  }

  /** Ends the block, whose body has ended. */
  private void end() throws InterruptedException {
    endBody();
    Bodies.throwIfAny(leave());
  }

  /** Waits for all children; never cancelled itself, for they are. */
  private void endBody() {
    bodyEnded = true;
    if (childScope != scope) {
      childScope.setShield(false);
    }
    if (isDone()) {
      parent.giveWay();
    }
    while (!isDone()) {
      parent.suspendUncancellably();
    }
    closed = true;
    parent.innermost = outer;
  }

  private boolean isDone() {
    return children.isEmpty() && pendingStarts == 0;
  }

  /** Leaves the nursery's scope; what is to be thrown. */
  private @Nullable Throwable leave() {
    if (childScope != scope) {
      childScope.detach(parent.run);
    }
    Throwable left = errors.outcome(scope, parent);
    Throwable unexpected = scope.leave(parent, null);
    assert unexpected == null;
    return left;
  }

  // ---- children

  /**
   * Starts a child. Not a checkpoint: it returns at once, and the child runs from the caller's next
   * checkpoint on. The child gets the scopes around the nursery, not those around the caller, and
   * the task-locals of the caller. In a nursery that is cancelled already it still starts, and runs
   * to its first checkpoint.
   *
   * @param child the child
   * @throws IllegalStateException if the nursery is closed, or is used from a thread or a run where
   *     it does not live
   */
  public void start(AsyncRunnable<?> child) {
    Objects.requireNonNull(child, "Nursery.start: the child is null");
    spawn(null, child);
  }

  /**
   * Starts a child with a name, for the task tree, error messages and thread dumps.
   *
   * @param name its name
   * @param child the child
   * @throws IllegalStateException as for {@link #start(AsyncRunnable)}
   */
  public void start(String name, AsyncRunnable<?> child) {
    Objects.requireNonNull(name, "Nursery.start: the name is null");
    Objects.requireNonNull(child, "Nursery.start: the child is null");
    spawn(name, child);
  }

  private void spawn(@Nullable String name, AsyncRunnable<?> child) {
    Run run = parent.run;
    TaskFiber starter = run.ensureHolder("Nursery.start");
    ensureOpen("start");
    StackRoom.forAChange(starter);
    add(new TaskFiber(run, this, name, run.withContext(child), starter.locals), childScope);
  }

  private void add(TaskFiber fiber, Scope inside) {
    children.add(fiber);
    inside.addFiber(fiber);
    fiber.run.instruments.spawned(fiber);
    fiber.run.scheduler.ready(fiber);
  }

  // ---- the nursery of the run itself, for the tasks that none of its tasks has started

  /** It has no block: it is open until main has ended and {@link #endSystem} was called. */
  static Nursery system(Run run) {
    Scope scope = new Scope(ScopeKind.SYSTEM);
    scope.attach(run, run.root);
    return new Nursery(run.main, scope);
  }

  /** Starts a task inside a scope of any task, or inside the nursery's own if that is null. */
  void startSystem(AsyncRunnable<?> body, @Nullable Scope inside, TaskLocals locals) {
    add(new TaskFiber(parent.run, this, null, body, locals), inside == null ? childScope : inside);
  }

  /** Cancels what is left and waits for it, on the thread of main, whose body has ended. */
  void endSystem(CancelCause why) {
    scope.cancel(why);
    endBody();
    scope.detach(parent.run);
  }

  // ---- children that say when they are ready

  /**
   * Starts a child and waits until it says that it is ready. Until then it runs under the caller:
   * it is cancelled with the caller, and its error is the caller's. From {@link TaskStatus#started}
   * on it is a child of this nursery, with its own scopes and sub-tasks. A checkpoint.
   *
   * {@snippet file="dev/roost/CoreSamplesTest.java" region="start-and-wait"}
   *
   * @param child the child
   * @param <T> what it reports
   * @param <X> what it may throw
   * @return what it reported
   * @throws X what the child threw before it was ready, as it is
   * @throws InterruptedException if the caller is cancelled before the child is ready; the child
   *     has ended then
   * @throws IllegalStateException if the child returned before it said that it is ready; or as for
   *     {@link #start(AsyncRunnable)}
   */
  public <T extends @Nullable Object, X extends Exception> T startAndWait(Startable<T, X> child)
      throws X, InterruptedException {
    return startAndWait(null, child, "Nursery.startAndWait");
  }

  /**
   * Like {@link #startAndWait(Startable)}, with a name for the child. A checkpoint.
   *
   * @param name its name
   * @param child the child
   * @param <T> what it reports
   * @param <X> what it may throw
   * @return what it reported
   * @throws X as for {@link #startAndWait(Startable)}
   * @throws InterruptedException as for {@link #startAndWait(Startable)}
   * @throws IllegalStateException as for {@link #startAndWait(Startable)}
   */
  public <T extends @Nullable Object, X extends Exception> T startAndWait(
      String name, Startable<T, X> child) throws X, InterruptedException {
    Objects.requireNonNull(name, "Nursery.startAndWait: the name is null");
    return startAndWait(name, child, "Nursery.startAndWait");
  }

  private <T extends @Nullable Object, X extends Exception> T startAndWait(
      @Nullable String name, Startable<T, X> child, String operation)
      throws X, InterruptedException {
    Objects.requireNonNull(child, () -> operation + ": the child is null");
    TaskFiber me = parent.run.ensureHolder(operation);
    me.ensureMayWait();
    StackRoom.forASwitch(me);
    ensureOpen("startAndWait");
    Scope starting = new Scope(ScopeKind.STARTING);
    starting.attach(me.run, me.scope());
    Nursery hidden = new Nursery(me, starting, starting);
    String childName = name != null ? name : TaskNames.of(child);
    Starting<T> status = new Starting<>(hidden, this, childName);
    pendingStarts++;
    me.countCancelPoint(); // the child looks for it, under the caller's scopes
    hidden.spawn(childName, () -> child.run(status));
    hidden.endBody();
    pendingStarts--;
    wakeIfDone();
    Throwable left = hidden.errors.outcome(starting, null);
    starting.detach(me.run);
    Bodies.throwIfAny(left);
    return status.value();
  }

  void ensureHolder(String operation) {
    parent.run.ensureHolder(operation);
  }

  /** Moves every child of this hidden nursery to {@code target}, with all that is below. */
  void moveChildrenTo(Nursery target) {
    children.moveTo(target, target.children);
    target.childScope.adoptAllOf(childScope);
    wakeIfDone();
  }

  /** A child's body has ended. */
  void childEnded(TaskFiber fiber, @Nullable Throwable error) {
    children.remove(fiber);
    if (error != null) {
      errors.add(error);
      cancelBecause("task " + fiber.name(), error);
    }
    wakeIfDone();
  }

  private void cancelBecause(String who, Throwable error) {
    if (!scope.cancelCalled()) {
      scope.cancel(new CancelCause.Failure(who, error));
    }
  }

  private void wakeIfDone() {
    if (bodyEnded && !closed && isDone() && !parent.isReady() && !parent.isRunning()) {
      parent.resume(null);
    }
  }

  private void ensureOpen(String operation) {
    if (closed) {
      throw new IllegalStateException(
          "Nursery."
              + operation
              + ": this nursery of task "
              + parent.name()
              + " is closed: its body and all its children"
              + " have ended. Start the child while the block is open, or in a nursery further out.");
    }
  }

  // ---- about it

  /**
   * The scope around the body and the children, to cancel it or to give it a deadline.
   *
   * @return the scope
   */
  public CancelScope cancelScope() {
    return scope.facade();
  }

  /**
   * Cancels the body and all children; the block then ends quietly. Not a checkpoint.
   *
   * @throws IllegalStateException if called on a thread or in a run where the nursery does not live
   */
  public void cancel() {
    scope.facade().cancel();
  }

  /**
   * The task that opened the nursery and waits for it.
   *
   * @return the parent
   */
  public Task parent() {
    return parent.facade();
  }

  /**
   * The children that have not ended, in the order in which they came.
   *
   * @return a snapshot; unmodifiable
   */
  public Set<Task> children() {
    Set<Task> tasks = new LinkedHashSet<>();
    for (TaskFiber fiber : children.list()) {
      tasks.add(fiber.facade());
    }
    return Collections.unmodifiableSet(tasks);
  }

  Children members() {
    return children;
  }

  /**
   * Whether the block has ended, so that no child can be started any more.
   *
   * @return true once closed
   */
  public boolean closed() {
    return closed;
  }

  /** The parent and how many children there are. */
  @Override
  public String toString() {
    return "Nursery[of " + parent.name() + ", " + (closed ? "closed" : children) + "]";
  }
}
