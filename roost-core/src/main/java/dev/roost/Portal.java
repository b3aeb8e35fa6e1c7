package dev.roost;

import dev.roost.internal.Fiber;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The thread-safe door into a run, for threads outside it: those of other libraries, those of other
 * runs, and code in a {@link Blocking} section. Made inside the run, used from anywhere.
 *
 * {@snippet file="dev/roost/PortalSamplesTest.java" region="portal"}
 *
 * <p>{@link #call} and {@link #run} start a task in the run and wait for it; {@link #post} hands
 * over an action and does not wait. From one thread everything arrives in the order in which it was
 * sent.
 *
 * <p>A task that is started from a blocking section of the same run lives inside the scopes of the
 * task that is blocking, and has its task-locals: its deadlines and its cancellation reach there.
 * Any other lives beside the main task: when main ends it is cancelled and awaited, and its caller
 * gets {@link RunFinishedException}, as do those who come later.
 */
public final class Portal {

  private final Run run;

  Portal(Run run) {
    this.run = run;
  }

  /**
   * The portal into the run that the caller is in: in a task or in a blocking section of it. Not a
   * checkpoint.
   *
   * @return the portal, the same one on every call
   * @throws IllegalStateException outside a run
   */
  public static Portal current() {
    TaskFiber blocking = TaskFiber.currentOrNull() == null ? inBlockingSection() : null;
    return (blocking != null ? blocking : TaskFiber.current()).run.portals.handOut();
  }

  private static @Nullable TaskFiber inBlockingSection() {
    return Fiber.ofThisThread() instanceof TaskFiber fiber && fiber.isBlocking() ? fiber : null;
  }

  /**
   * Runs a task in the run, waits until it has ended, and gives its result. Blocks the calling
   * thread, which must hold up no run.
   *
   * @param task the task
   * @param <T> its result
   * @param <X> what it may throw
   * @return what it returned
   * @throws X what it threw, as it is
   * @throws InterruptedException if the calling thread is interrupted: the task is then cancelled
   *     and awaited, and a result that it has all the same is dropped, an error is suppressed on
   *     this one; or if it was interrupted before, when nothing is started; or, in a blocking
   *     section, if the task that is blocking was cancelled
   * @throws RunFinishedException if the run's main task has ended, or ends meanwhile
   * @throws IllegalStateException if called by a task, outside a blocking section: it would stop
   *     all tasks of its run
   */
  public <T extends @Nullable Object, X extends Exception> T call(AsyncCallable<T, X> task)
      throws X, InterruptedException {
    Objects.requireNonNull(task, "Portal.call: the task is null");
    return new PortalCall<T>(run, "Portal.call", task, ensureMayWait("Portal.call")).perform();
  }

  /**
   * Like {@link #call}, without a result.
   *
   * @param task the task
   * @param <X> what it may throw
   * @throws X what it threw, as it is
   * @throws InterruptedException as for {@link #call}
   * @throws RunFinishedException as for {@link #call}
   * @throws IllegalStateException as for {@link #call}
   */
  public <X extends Exception> void run(AsyncRunnable<X> task) throws X, InterruptedException {
    Objects.requireNonNull(task, "Portal.run: the task is null");
    var _ =
        new PortalCall<>(run, "Portal.run", new WithoutResult<>(task), ensureMayWait("Portal.run"))
            .perform();
  }

  private record WithoutResult<X extends Exception>(AsyncRunnable<X> wrapped)
      implements AsyncCallable<Boolean, X>, Wrapping {
    @Override
    public Boolean call() throws X, InterruptedException {
      wrapped.run();
      return true;
    }
  }

  /**
   * Has an action done in the run, soon and between the steps of its tasks. Never blocks; can be
   * called from any thread, the run's own tasks among them. The action runs atomically: it may use
   * the run's objects, set events and start children in open nurseries, but must not wait. An
   * action that was taken is done, also if main ends meanwhile. Not a checkpoint.
   *
   * <p>If the action throws, the run is cancelled, and {@code run} throws that error as it is; what
   * else went wrong is suppressed on it.
   *
   * @param atomic the action
   * @throws RunFinishedException if the run has ended
   */
  public void post(Runnable atomic) {
    Objects.requireNonNull(atomic, "Portal.post: the action is null");
    if (!run.postUnlessFinished(() -> run.portals.act(atomic))) {
      throw new RunFinishedException(
          "Portal.post: the run " + run.name + " has ended. The action is not done.");
    }
  }

  /**
   * The task whose blocking section the caller is in, if that is of this run; null on other
   * threads.
   */
  private @Nullable TaskFiber ensureMayWait(String operation) {
    TaskFiber running = TaskFiber.currentOrNull();
    if (running != null) {
      throw new IllegalStateException(
          running.run == run
              ? operation
                  + " was called by "
                  + running
                  + " of the run "
                  + run.name
                  + " itself, which would wait for itself."
                  + " Call the function directly, or start it in a Nursery. A portal is for other threads and for code"
                  + " inside Blocking.run(() -> …)."
              : operation
                  + " into the run "
                  + run.name
                  + " was called by "
                  + running
                  + " of the run "
                  + running.run.name
                  + ": all tasks of that run would stop meanwhile. Call it inside Blocking.run(() -> …).");
    }
    TaskFiber blocking = inBlockingSection();
    return blocking != null && blocking.run == run ? blocking : null;
  }

  /** The name of the run. */
  @Override
  public String toString() {
    return "Portal[into the run " + run.name + "]";
  }
}
