package dev.roost;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The inner side of a run's {@link Portal}: the tasks that were started through it, and the actions
 * that were posted.
 *
 * <pre>
 *   OPEN ---- close: a background run is closed ----> REFUSING calls from outside
 *     |                                                  |
 *     +---------------- endWithMain ---------------------+--> ENDED: all calls cancelled and awaited
 * </pre>
 *
 * <p>Invariant: {@code calls} are those that were started and whose task has not ended. Touched by
 * the holder of the baton.
 */
final class Portals {

  private final Portal portal;

  /** Whether anybody outside may have the portal; set by any thread. */
  private volatile boolean handedOut;

  private final Run run;
  private final Set<PortalCall<?>> calls = new LinkedHashSet<>(4);

  /** Made when the first call arrives: most runs have none. */
  private @Nullable Nursery nursery;

  private boolean refusing;
  private @Nullable TaskFiber awaitingIdle;

  /** What posted actions threw: the first one, the others suppressed on it. */
  private @Nullable Throwable postError;

  Portals(Run run) {
    this.run = run;
    this.portal = new Portal(run);
  }

  /** The portal, for somebody who may use it outside the run. */
  Portal handOut() {
    handedOut = true;
    return portal;
  }

  boolean areHandedOut() {
    return handedOut;
  }

  // ---- calls

  /** Starts the task of a call, or refuses it. */
  void start(PortalCall<?> call) {
    TaskFiber caller = call.caller();
    if (caller == null && refusing) {
      call.refused();
      return;
    }
    Nursery in = nursery;
    if (in == null) {
      in = Nursery.system(run);
      nursery = in;
    }
    calls.add(call);
    if (caller == null) {
      in.startSystem(call, null, TaskLocals.NONE);
    } else {
      run.scheduler
          .outside()
          .blocking(-1); // that section waits for the run: a virtual clock may jump
      in.startSystem(call, caller.scope(), caller.locals);
    }
  }

  /** The task of a call has ended. */
  void ended(PortalCall<?> call, @Nullable Throwable error) {
    calls.remove(call);
    if (call.caller() != null) {
      run.scheduler.outside().blocking(+1);
    }
    boolean cancelled = nursery != null && nursery.childScope.effective();
    call.ended(error, cancelled);
    TaskFiber waiter = awaitingIdle;
    if (waiter != null && calls.isEmpty()) {
      awaitingIdle = null;
      waiter.resume(null);
    }
  }

  /** Takes no more calls from outside, and waits for those that are going on. A checkpoint. */
  void closeAndAwait(TaskFiber me) throws InterruptedException {
    refusing = true;
    if (!calls.isEmpty()) {
      awaitingIdle = me;
      me.suspend((fiber, cancellation) -> {
        awaitingIdle = null;
        return true;
      });
    }
  }

  /** Cancels what is going on and waits for it; called by main, whose body has ended. */
  void endWithMain() {
    refusing = true;
    if (nursery != null) {
      nursery.endSystem(new CancelCause.Own("the main task has ended"));
    }
  }

  /**
   * The run is over. Nothing is left here, unless the scheduler broke down: then nobody else would
   * tell the callers.
   */
  void abandon() {
    for (PortalCall<?> call : calls) {
      call.refused();
    }
    calls.clear();
  }

  /** The tasks that blocking sections of this task wait for, or foreign threads if it is null. */
  List<TaskFiber> tasksOf(@Nullable TaskFiber caller) {
    List<TaskFiber> tasks = new ArrayList<>();
    if (nursery != null) {
      for (TaskFiber task : nursery.members().list()) {
        PortalCall<?> call = task.portalCall();
        if (call != null && call.caller() == caller) {
          tasks.add(task);
        }
      }
    }
    return tasks;
  }

  // ---- posted actions

  void act(Runnable action) {
    try {
      action.run();
    } catch (Throwable error) {
      postError = merge(postError, error);
      run.root.cancel(new CancelCause.Failure("an action posted to the run", error));
    }
  }

  /** What the run throws: an error of a posted action rather than main's own. */
  @Nullable Throwable errorAlongWith(@Nullable Throwable mainError) {
    if (postError == null) {
      return mainError;
    }
    return mainError == null || Cancellations.is(mainError)
        ? postError
        : merge(postError, mainError);
  }

  private static Throwable merge(@Nullable Throwable first, Throwable later) {
    if (first == null) {
      return later;
    }
    if (first != later) {
      first.addSuppressed(later);
    }
    return first;
  }
}
