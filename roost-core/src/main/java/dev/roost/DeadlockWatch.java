package dev.roost;

import dev.roost.internal.CancelNode;
import dev.roost.internal.Standstill;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells once that a run stands still. Touched by the holder of the baton.
 *
 * <pre>
 *   WATCHING --- instruments are told ---> TOLD --- the clock lets it be, or a portal is out ---> QUIET
 *                                            |
 *                                            +----- the clock fails the run ---> FAILED
 * </pre>
 *
 * In {@code TOLD} an instrument has woken somebody; if that leads to another standstill, it is up
 * to the clock. A run that {@code FAILED} is cancelled, and whoever still waits then does so behind
 * a shield, for something that cannot come: so shields count no more.
 *
 * <p>A task that waits for something from outside (see {@link #isMeantToWait}) is the run's excuse.
 * It is remembered, so that a run which often comes to rest does not look at all its tasks each
 * time: as long as that same wait goes on, the excuse holds.
 */
final class DeadlockWatch implements Standstill {

  private enum Stage {
    WATCHING,
    TOLD,
    QUIET,
    FAILED
  }

  private final Run run;
  private final boolean shutdownMayCome;
  private Stage stage = Stage.WATCHING;

  /** The task that waits for something from outside, and its wait. */
  private @Nullable TaskFiber excused;

  private @Nullable Object excuse;

  DeadlockWatch(Run run, boolean shutdownMayCome) {
    this.run = run;
    this.shutdownMayCome = shutdownMayCome;
  }

  @Override
  public boolean isNews() {
    if (stage == Stage.FAILED) {
      return !shields().isEmpty();
    }
    if (stage == Stage.QUIET
        || (excuse != null && excused != null && excused.waitingOn() == excuse)) {
      return false;
    }
    excused = null;
    excuse = null;
    List<TaskFiber> tasks = tasks();
    for (TaskFiber task : tasks) {
      if (isMeantToWait(task)) {
        excused = task;
        excuse = task.waitingOn();
        return false;
      }
    }
    return !tasks.isEmpty();
  }

  /** Those that still protect somebody. */
  private List<Scope> shields() {
    List<Scope> found = new ArrayList<>();
    for (TaskFiber task : tasks()) {
      for (CancelNode at = task.node(); at != null; at = at.parent()) {
        if (at.shield() && !at.cancelCalled() && at instanceof Scope scope) {
          found.add(scope);
        }
      }
    }
    return found;
  }

  /**
   * All tasks that could do something: not the main task of a background run, which only waits to
   * be closed.
   */
  private List<TaskFiber> tasks() {
    List<TaskFiber> found = new ArrayList<>();
    Deque<TaskFiber> open = new ArrayDeque<>(run.portals.tasksOf(null));
    if (run.inBackground) {
      run.main.nurseries().forEach(nursery -> open.addAll(nursery.members().list()));
    } else {
      open.add(run.main);
    }
    for (TaskFiber task; (task = open.poll()) != null; ) {
      found.add(task);
      open.addAll(awaitedBy(task));
    }
    return found;
  }

  private List<TaskFiber> awaitedBy(TaskFiber task) {
    List<TaskFiber> awaited = new ArrayList<>();
    task.nurseries().forEach(nursery -> awaited.addAll(nursery.members().list()));
    awaited.addAll(run.portals.tasksOf(task));
    return awaited;
  }

  /** Whether a task waits for something that is expected to come from outside. */
  private boolean isMeantToWait(TaskFiber task) {
    if (task.waitingOn() instanceof Sleep) { // for ever: timers are not pending
      return shutdownMayCome || run.clock().mayBeCancelledFromOutside();
    }
    if (!shutdownMayCome || task.waitingOn() == null) {
      return false;
    }
    for (CancelNode at = task.node(); at != null; at = at.shield() ? null : at.parent()) {
      if (at.untilStopping() && !at.stopping()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void tell() {
    if (stage == Stage.FAILED) {
      CancelCause cause = new CancelCause.Own("nothing can ever wake the run");
      shields().forEach(scope -> scope.cancel(cause));
      return;
    }
    Deadlock deadlock = deadlock();
    if (stage == Stage.WATCHING) {
      stage = Stage.TOLD;
      run.instruments.deadlocked(deadlock);
    }
    if (deadlock.unlessPortalCall()) {
      stage = Stage.QUIET;
    } else if (!run.scheduler.hasReady()) {
      stage = Stage.FAILED;
      run.portals.act(() -> {
        run.clock().deadlocked(deadlock);
        stage = Stage.QUIET; // it has not thrown
      });
    }
  }

  private Deadlock deadlock() {
    List<Deadlock.Wait> waits = new ArrayList<>();
    for (TaskFiber task : tasks()) {
      Object waitsFor = task.awaited();
      List<Task> awaited =
          waitsFor instanceof Held held
              ? List.copyOf(held.holders())
              : waitsFor == null
                  ? awaitedBy(task).stream().map(TaskFiber::facade).toList()
                  : List.of();
      Optional<StackTraceElement> place =
          waits.size() < Deadlock.MOST_LINES ? Places.of(task) : Optional.empty();
      waits.add(new Deadlock.Wait(task.facade(), TaskTree.awaitedBy(task), awaited, place));
    }
    return new Deadlock(run.name, run.portals.areHandedOut(), waits, TaskTree.of(run));
  }
}
