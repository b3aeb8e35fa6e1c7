package dev.roost;

import dev.roost.internal.Fiber;
import dev.roost.internal.Order;
import dev.roost.internal.Scheduler;
import dev.roost.internal.StallWatch;
import dev.roost.internal.SystemTime;
import dev.roost.internal.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One run: what its tasks share.
 *
 * <pre>
 *   caller's thread: execute ---> host of the scheduler ------------------------> outcome
 *   main's thread:                  main runs ... main ended, leftovers closed ---^
 * </pre>
 *
 * Touched by the holder of the baton; the caller's thread holds it before main starts and after it
 * has ended.
 */
final class Run {

  final String name;
  final Scheduler scheduler;
  final Instruments instruments;
  final Scope root = new Scope(ScopeKind.RUN);
  final TaskFiber main;
  final Portals portals = new Portals(this);
  final IdentityHashMap<RunLocal<?>, Object> locals = new IdentityHashMap<>(4);
  final WallClocks wallClocks = new WallClocks();
  long lastTaskId;

  /** Whether the main task only waits until somebody outside closes the run. */
  final boolean inBackground;

  private final RunOptions options;
  private final List<ContextCarrier> carriers;
  private @Nullable Instant baseInstant;
  private long baseNanos;
  private boolean mainReturned;
  private @Nullable Throwable mainError;
  private @Nullable Throwable crash;

  /**
   * A run that is still to be {@linkplain #execute(Thread) executed}, by a virtual thread or not.
   */
  Run(RunOptions options, AsyncRunnable<?> mainBody, boolean onVirtualThread) {
    this(options, mainBody, onVirtualThread, false);
  }

  Run(
      RunOptions options,
      AsyncRunnable<?> mainBody,
      boolean onVirtualThread,
      boolean inBackground) {
    this.options = options;
    this.inBackground = inBackground;
    this.name = options.name();
    this.instruments = new Instruments(options.instruments());
    this.carriers = options.carriers();
    this.scheduler =
        new Scheduler(
            name,
            timeSource(options.clock()),
            order(options),
            options.checkpointBudget(),
            instruments.observer(),
            ownThreads(options.carrier(), onVirtualThread));
    if (instruments.wantOrigins()) {
      scheduler.resources().track();
    }
    root.attach(this, null);
    this.main = new TaskFiber(this, null, "main", withContext(mainBody), TaskLocals.NONE);
    root.addFiber(main);
    TaskFiber steward = TaskFiber.steward(this);
    root.addFiber(steward);
    scheduler.steward(steward);
    scheduler.onStandstill(
        new DeadlockWatch(this, inBackground || options.shutdownGrace() != null));
  }

  /** Who is next; null for first in, first out. */
  private @Nullable Order order(RunOptions options) {
    TurnOrder chosen = options.turnOrder();
    if (chosen != null) {
      return new ChosenTurns(this, chosen);
    }
    Long seed = options.seed();
    return seed == null ? null : Order.random(seed);
  }

  /** Whether the tasks are mounted on the thread that executes the run. */
  private static boolean ownThreads(Carrier carrier, boolean onVirtualThread) {
    if (carrier == Carrier.SHARED) {
      return false;
    }
    boolean available = Scheduler.ownThreadsAvailable();
    if (carrier == Carrier.OWN && !available) {
      throw new IllegalStateException(
          "RunOptions.carrier(OWN): this JVM keeps java.lang closed to Roost. Start it with --add-opens"
              + " java.base/java.lang=ALL-UNNAMED (or =dev.roost.core on the module path), or use AUTO, which takes OWN where"
              + " it can.");
    }
    return available && !onVirtualThread;
  }

  /** What main returned. */
  private static final class Result<T extends @Nullable Object> {
    @Nullable T value;
  }

  /** How a run ended: with a value, or quietly by a shutdown. */
  record Ending<T extends @Nullable Object>(boolean shutDown, @Nullable T value) {}

  /** Runs main on the calling thread's behalf, and all that comes of it. */
  static <T extends @Nullable Object> Ending<T> execute(
      RunOptions options, AsyncCallable<T, ?> body) throws InterruptedException {
    Fiber outer = Fiber.currentFiberOrNull();
    if (outer != null) {
      throw new IllegalStateException(
          "Roost.run was called inside a task of a run ("
              + outer
              + "): it would stop all other tasks. Open a Nursery"
              + " instead; or, if it must be a run of its own, call it inside Blocking.run(() -> …).");
    }
    Result<T> result = new Result<>();
    Run run =
        new Run(options, () -> result.value = body.call(), Thread.currentThread().isVirtual());
    boolean shutDown = run.execute(Thread.currentThread());
    return new Ending<>(shutDown, result.value);
  }

  /**
   * Executes the run, once; true if it was shut down and nothing but cancellations is left.
   *
   * @param caller the thread that goes on with how it ended
   */
  boolean execute(Thread caller) throws InterruptedException {
    RunClock clock = options.clock();
    Runnable detach = clock.attach(() -> scheduler.post(() -> {}));
    ShutdownHook hook =
        options.shutdownGrace() == null
            ? null
            : ShutdownHook.install(this, options.shutdownGrace(), caller);
    long threshold = Times.nanos(options.stallThreshold());
    StallWatch.Watched watched = StallWatch.watch(scheduler, threshold, instruments);
    boolean interrupted;
    try {
      instruments.runStarted(name);
      instruments.spawned(main);
      interrupted = scheduler.host(main, () -> root.cancel(new CancelCause.Own(INTERRUPTED)));
      instruments.runEnded(name);
    } finally {
      watched.end();
      portals.abandon();
      detach.run();
      if (hook != null) {
        hook.remove();
      }
    }
    if (crash != null) {
      throw new AssertionError(
          "Roost: the run " + name + " broke down inside the scheduler. Please report this.",
          crash);
    }
    return endedQuietly(interrupted);
  }

  private static final String INTERRUPTED = "the thread that called Roost.run was interrupted";

  private boolean endedQuietly(boolean interrupted) throws InterruptedException {
    Throwable error = portals.errorAlongWith(mainError);
    if (error == null && mainReturned) {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return false;
    }
    if (error == null || Cancellations.is(error)) {
      if (!interrupted && root.softCalled()) {
        return true;
      }
      InterruptedException plain =
          new InterruptedException(
              "Roost.run: the run "
                  + name
                  + " was cancelled"
                  + root.reason().map(r -> ": " + r).orElse(""));
      if (error != null) {
        plain.initCause(error);
      }
      throw plain;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    throw Bodies.rethrow(error);
  }

  /** A task's body has ended; called on its thread, with the baton held. */
  void ended(TaskFiber fiber, @Nullable Throwable error) {
    Nursery parent = fiber.parent;
    if (parent != null) {
      instruments.ended(fiber, error);
      PortalCall<?> call = fiber.portalCall();
      parent.childEnded(fiber, call == null ? error : null);
      if (call != null) {
        portals.ended(call, error);
      }
      return;
    }
    mainReturned = error == null;
    mainError = error != null && root.absorbs() ? root.strip(error) : error;
    portals.endWithMain();
    instruments.ended(fiber, error);
    scheduler.resources().closeAll(instruments);
    scheduler.poller().reportOpen(instruments);
    scheduler.poller().close();
    root.detach(this);
    scheduler.finish();
  }

  /** Roost itself failed on a task's thread: that is what the run ends with. */
  void crashed(Throwable error) {
    crash = error;
  }

  /** Ends the run with an error, as soon as the step under way is done. */
  void failSoon(Throwable error) {
    postUnlessFinished(() ->
        portals.act(() -> {
          throw Bodies.rethrow(error);
        }));
  }

  /** Reports an error that has nobody to go to, from any thread. */
  void report(Throwable error, String where) {
    if (!postUnlessFinished(() -> instruments.errorDropped(error, where))) {
      instruments.errorDropped(error, where);
    }
  }

  /**
   * Hands an action to the run, from any thread; false if the run has ended and nobody would do it.
   */
  boolean postUnlessFinished(Runnable action) {
    return scheduler.postUnlessFinished(action);
  }

  /** The task that calls, if it is one of this run and it is its turn. */
  TaskFiber ensureHolder(String operation) {
    return (TaskFiber) scheduler.ensureHolder(operation);
  }

  AsyncRunnable<?> withContext(AsyncRunnable<?> child) {
    if (carriers.isEmpty()) {
      return child;
    }
    List<ContextCarrier.Captured> captured = new ArrayList<>(carriers.size());
    for (ContextCarrier carrier : carriers) {
      captured.add(
          Objects.requireNonNull(carrier.capture(), "ContextCarrier.capture returned null"));
    }
    return new CarriedBody(child, captured);
  }

  // ---- time

  RunClock clock() {
    return options.clock();
  }

  long nanoTime() {
    return scheduler.time().nanoTime();
  }

  private Instant base() {
    Instant known = baseInstant;
    if (known == null) {
      baseNanos = nanoTime();
      known = options.clock().instant();
      baseInstant = known;
    }
    return known;
  }

  /** What a moment is called by the task that asks. */
  Instant instantAt(long nanos) {
    return wallClocks.shown(momentAt(nanos));
  }

  Instant momentAt(long nanos) {
    return base().plus(Duration.ofNanos(nanos).minusNanos(baseNanos));
  }

  /** When it is what the task that asks calls so. */
  long nanosAt(Instant moment) {
    Instant from = base();
    long ahead = Times.nanos(Duration.between(from, wallClocks.moment(moment)));
    long sum = baseNanos + ahead;
    if (((baseNanos ^ sum) & (ahead ^ sum)) < 0) { // overflow
      return ahead < 0 ? Long.MIN_VALUE + 1 : Long.MAX_VALUE;
    }
    return sum;
  }

  private static TimeSource timeSource(RunClock clock) {
    if (clock == RunClock.system()) {
      return SystemTime.INSTANCE;
    }
    return new TimeSource() {
      @Override
      public long nanoTime() {
        return clock.nanoTime();
      }

      @Override
      public long realNanosUntil(long moment) {
        return clock.realNanosUntil(moment);
      }

      @Override
      public long quietNanos() {
        return clock.quietNanos();
      }

      @Override
      public void quiet(long earliest) {
        clock.quiet(earliest);
      }
    };
  }
}
