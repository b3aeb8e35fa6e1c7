package dev.roost;

import dev.roost.internal.CancelNode;
import dev.roost.internal.Standstill;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells once that a run stands still. Touched by the holder of the baton.
 *
 * <p>A task that waits for something from outside (see {@link #isMeantToWait}) is the run's excuse.
 * It is remembered, so that a run which often comes to rest does not look at all its tasks each
 * time: as long as that same wait goes on, the excuse holds.
 */
final class DeadlockWatch implements Standstill {

  private final Run run;
  private final boolean shutdownMayCome;
  private boolean told;

  /** The task that waits for something from outside, and its wait. */
  private @Nullable TaskFiber excused;

  private @Nullable Object excuse;

  DeadlockWatch(Run run, boolean shutdownMayCome) {
    this.run = run;
    this.shutdownMayCome = shutdownMayCome;
  }

  @Override
  public boolean isNews() {
    if (told || (excuse != null && excused != null && excused.waitingOn() == excuse)) {
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
    told = !tasks.isEmpty();
    return told;
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
    List<Deadlock.Wait> waits = new ArrayList<>();
    for (TaskFiber task : tasks()) {
      Object waitsFor = task.awaited();
      List<Task> awaited =
          waitsFor instanceof Held held
              ? List.copyOf(held.holders())
              : waitsFor == null
                  ? awaitedBy(task).stream().map(TaskFiber::facade).toList()
                  : List.of();
      waits.add(new Deadlock.Wait(task.facade(), TaskTree.awaitedBy(task), awaited));
    }
    Deadlock deadlock = new Deadlock(run.name, run.portals.areHandedOut(), waits, TaskTree.of(run));
    run.instruments.deadlocked(deadlock);
    if (!deadlock.unlessPortalCall() && !run.scheduler.hasReady()) {
      run.portals.act(() -> run.clock().deadlocked(deadlock));
    }
  }
}
