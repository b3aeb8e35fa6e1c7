package dev.roost;

import dev.roost.internal.Fiber;
import dev.roost.internal.Observer;
import dev.roost.internal.Resources;
import dev.roost.internal.StallWatch;
import dev.roost.internal.Timer;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The instruments of one run. One that throws is reported and dropped. */
final class Instruments implements Observer, Resources.Report, StallWatch.Listener {

  private final List<Instrument> all;
  private final boolean none;

  Instruments(List<Instrument> all) {
    this.all = new CopyOnWriteArrayList<>(all);
    this.none = all.isEmpty();
  }

  /** What the scheduler reports to; null, which costs nothing, if nobody listens. */
  @Nullable Observer observer() {
    return none ? null : this;
  }

  /**
   * Writes to the system's log. The program may have put a logger of its own there; if that throws,
   * it must not end the run, or the watch over all runs: the instruments hear of it.
   */
  private void log(Level level, Supplier<String> message, @Nullable Throwable thrown) {
    try {
      System.getLogger("dev.roost").log(level, message, thrown);
    } catch (Throwable broken) {
      each(i -> i.errorDropped(broken, "the system's logger"));
    }
  }

  private void each(Consumer<Instrument> event) {
    for (Instrument instrument : all) {
      try {
        event.accept(instrument);
      } catch (Throwable error) {
        drop(instrument);
        log(
            Level.ERROR,
            () ->
                "Roost: the instrument " + Texts.of(instrument) + " threw and is not called again",
            error);
      }
    }
  }

  /** The list may be iterated meanwhile: it is copied on write. */
  private void drop(Instrument instrument) {
    all.remove(instrument);
  }

  private static Task task(Fiber fiber) {
    return ((TaskFiber) fiber).facade();
  }

  void runStarted(String run) {
    if (!none) {
      each(i -> i.runStarted(run));
    }
  }

  void runEnded(String run) {
    if (!none) {
      each(i -> i.runEnded(run));
    }
  }

  void spawned(TaskFiber fiber) {
    if (!none) {
      each(i -> i.taskSpawned(fiber.facade()));
    }
  }

  void ended(TaskFiber fiber, @Nullable Throwable error) {
    if (!none) {
      if (error != null) {
        each(i -> i.taskFailed(fiber.facade(), error));
      }
      each(i -> i.taskEnded(fiber.facade()));
    }
  }

  void scopeCancelled(Scope scope) {
    if (!none) {
      each(i -> i.scopeCancelled(scope.facade()));
    }
  }

  void cancelDelivered(TaskFiber fiber, Cancelled cancelled) {
    if (!none) {
      each(i -> i.cancelDelivered(fiber.facade(), cancelled));
    }
  }

  void swallowing(TaskFiber fiber, Cancelled cancelled) {
    Throwable where = new Throwable("swallowed here, or by a caller of it");
    StackTraceElement[] stack = fiber.stackTrace();
    if (stack.length > 0) {
      where.setStackTrace(stack);
      cancelled.setStackTrace(stack);
    }
    log(
        Level.WARNING,
        () ->
            "Roost: task "
                + fiber.name()
                + " has swallowed 100 cancellations and goes on. Let InterruptedException out"
                + " of the loop that catches it. "
                + cancelled.getMessage(),
        where);
    each(i -> i.cancellationSwallowed(fiber.facade(), cancelled));
  }

  @Override
  public void stalled(Fiber fiber, long nanos) {
    TaskFiber task = (TaskFiber) fiber;
    Duration held = Duration.ofNanos(nanos);
    StackTraceElement[] stack = task.stackTrace();
    Throwable where = new Throwable("it is here");
    where.setStackTrace(stack);
    Thread thread = task.thread();
    String awaited = thread == null ? "" : Contention.of(thread);
    log(
        Level.WARNING,
        () ->
            "Roost: task "
                + task.name()
                + " of the run "
                + task.run.name
                + " has kept all other tasks waiting for "
                + Times.text(nanos / 1_000_000 * 1_000_000)
                + (awaited.isEmpty() ? "" : ", waiting for " + awaited)
                + ". Put calls that block into Blocking.run(() -> …), and a Roost.checkpoint() into long computations.",
        where);
    each(i -> i.stalled(task.facade(), held, stack));
  }

  void deadlocked(Deadlock deadlock) {
    log(
        deadlock.unlessPortalCall() ? Level.DEBUG : Level.WARNING,
        () -> "Roost: " + deadlock,
        null);
    each(i -> i.deadlocked(deadlock));
  }

  void errorDropped(Throwable error, String where) {
    log(Level.ERROR, () -> "Roost: an error that has nobody to go to, from " + where, error);
    each(i -> i.errorDropped(error, where));
  }

  @Override
  public void leftOpen(AutoCloseable resource, @Nullable Throwable openedAt) {
    String what = Texts.of(resource);
    log(
        Level.WARNING,
        () ->
            "Roost: "
                + what
                + " was left open and is closed at the end of the run. Use try-with-resources."
                + (openedAt == null
                    ? " Set the system property roost.debug to true to see where it was opened."
                    : ""),
        openedAt);
    each(i -> i.leftOpen(what, openedAt));
  }

  @Override
  public void leftRegistered(Object channel, @Nullable Throwable waitedAt) {
    each(i -> i.leftRegistered(Texts.of(channel), waitedAt));
  }

  /** Whether anybody wants to know where things were opened. */
  boolean wantOrigins() {
    return all.stream().anyMatch(Instrument::wantsOrigins);
  }

  @Override
  public void failed(AutoCloseable resource, Throwable error) {
    errorDropped(error, "closing " + Texts.of(resource) + " at the end of the run");
  }

  @Override
  public void scheduled(Fiber fiber) {
    each(i -> i.taskScheduled(task(fiber)));
  }

  @Override
  public void beforeStep(Fiber fiber) {
    each(i -> i.beforeStep(task(fiber)));
  }

  @Override
  public void afterStep(Fiber fiber) {
    each(i -> i.afterStep(task(fiber)));
  }

  @Override
  public void beforeIoWait(long nanos) {
    Duration timeout = durationOf(nanos);
    each(i -> i.beforeIoWait(timeout));
  }

  @Override
  public void afterIoWait(long nanos) {
    Duration timeout = durationOf(nanos);
    each(i -> i.afterIoWait(timeout));
  }

  private static @Nullable Duration durationOf(long nanos) {
    return nanos == Timer.NEVER ? null : Duration.ofNanos(nanos);
  }
}
