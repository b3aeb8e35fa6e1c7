package dev.roost.internal;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler's half of a task: a virtual thread, the place where it waits, and the scope it is
 * in.
 *
 * <pre>
 *            spawn               turn begins            suspend
 *   (new) ----------> READY ---------------> RUNNING ------------> WAITING
 *                       ^                     |  |  |                 |
 *                       |      giveWay        |  |  |   resume, fail, |
 *                       +---------------------+  |  |   or aborted by |
 *                       +------------------------|--|--- a cancel ----+
 *                       |                        |  |
 *                       +------ BLOCKING <-------+  +------> DONE
 *                     (leaves the baton, comes back to it)
 * </pre>
 *
 * Invariants: exactly the fibers that are READY stand in the ready queue; at most one fiber is
 * RUNNING, and it is the scheduler's {@code current}; {@code abort} is set only while WAITING, and
 * is cleared before it is called.
 *
 * <p>A fiber is found from its thread through the thread's uncaught-exception handler, which it is:
 * that costs neither a map entry nor the 140 bytes of a thread-local a task.
 *
 * <p>All fields but those of {@link Party} are touched by the holder of the baton alone.
 */
public abstract non-sealed class Fiber extends Party implements Runnable, UncaughtExceptionHandler {

  static final byte READY = 0;
  static final byte RUNNING = 1;
  static final byte WAITING = 2;
  static final byte BLOCKING = 3;
  static final byte DONE = 4;

  final Scheduler scheduler;
  byte state = READY;

  /** Whether {@link #outcome} is what the wait throws, rather than what it returns. */
  private boolean failed;

  private @Nullable Object outcome;
  private @Nullable Abort abort;

  /**
   * The innermost scope. Written by {@link CancelNode} alone, as are the two links of its list of
   * fibers.
   */
  @Nullable CancelNode node;

  @Nullable Fiber nextInNode;
  @Nullable Fiber previousInNode;

  private int cancelPoints;
  int schedulePoints;

  /** How often {@link StackRoom} was asked for room. */
  int looks;

  /** Set by {@link StackRoom#forAWait} for the next wait. */
  boolean hasRoomToWait;

  private int atomic;

  /** The newest of those who wait for the end of this fiber. Written by {@link EndHook} alone. */
  @Nullable EndHook endHooks;

  /** Set by the stall watch before it interrupts the fiber; cleared by the fiber. */
  private volatile boolean stallInterrupted;

  /** The executor of its thread, on carrier OWN. Written before the thread starts. */
  OwnThreads.@Nullable Seat seat;

  protected Fiber(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** The fiber whose thread calls, whether or not it holds the baton; null on any other thread. */
  public static @Nullable Fiber ofThisThread() {
    return Thread.currentThread().getUncaughtExceptionHandler() instanceof Fiber fiber
        ? fiber
        : null;
  }

  /**
   * The fiber that calls, with the baton held.
   *
   * @throws IllegalStateException on any other thread, and in a blocking section
   */
  public static Fiber currentFiber() {
    Fiber fiber = ofThisThread();
    if (fiber != null && fiber.scheduler.current == fiber) {
      return fiber;
    }
    Fiber steward = Steward.ofThisThread(fiber);
    if (steward != null) {
      return steward;
    }
    throw WrongWorld.noTask(fiber);
  }

  /** Like {@link #currentFiber}, null where that throws. */
  public static @Nullable Fiber currentFiberOrNull() {
    Fiber fiber = ofThisThread();
    return fiber != null && fiber.isCurrent() ? fiber : Steward.ofThisThread(fiber);
  }

  /** The body of the task. Whatever it lets out is the run's end. */
  protected abstract void body();

  /** Told, with the baton held, that the body let something out: the run cannot go on. */
  protected abstract void brokeDown(Throwable bug);

  /** What to name the thread, null for no name. */
  protected abstract @Nullable String threadName();

  @Override
  public final void run() {
    awaitBaton();
    Thread.interrupted();
    try {
      body();
    } catch (Throwable bug) { // the body deals with what the task throws: this is Roost itself
      brokeDown(bug);
    }
    state = DONE;
    scheduler.ended(this);
  }

  /**
   * To be called by {@link #body} when all else is done: tells those who wait for the end, the
   * newest first.
   */
  protected final void runAtEnd() {
    for (EndHook hook; (hook = endHooks) != null; ) {
      hook.detach();
      hook.ended();
    }
  }

  /**
   * Waits for the baton. Interrupts only clear the status here: what they mean is decided
   * elsewhere.
   *
   * <p>To unmount a virtual thread the JDK needs more of its stack the more there is on it, and
   * throws {@link StackOverflowError} out of {@code park} if that is not there, from about a
   * quarter of what a stack can hold on. This must not get out of here, for the baton is with
   * somebody else: such a thread stays on its carrier, and looks for the baton from time to time.
   */
  final void awaitBaton() {
    for (; ; ) {
      try {
        while (!isAboutToRun()) {
          LockSupport.park();
          if (!isAboutToRun()) {
            Thread.interrupted();
          }
        }
        takeBaton();
        return;
      } catch (StackOverflowError tooDeep) {
        try {
          scheduler.staysMounted(this);
        } catch (StackOverflowError | LinkageError atTheBottom) {
          // Not even that much room: looks again at once.
        }
      }
    }
  }

  public final Scheduler scheduler() {
    return scheduler;
  }

  /** The thread of this fiber; null before its first turn. */
  public final @Nullable Thread thread() {
    return thread;
  }

  /** The innermost scope; null before the first. */
  public final @Nullable CancelNode node() {
    return node;
  }

  /**
   * Whether the caller is this fiber and holds the baton. Correct on every thread, see {@link
   * Scheduler#current}.
   */
  public final boolean isCurrent() {
    return scheduler.current == this && thread == Thread.currentThread();
  }

  public final boolean isBlocking() {
    return state == BLOCKING;
  }

  public final boolean isReady() {
    return state == READY;
  }

  public final boolean isRunning() {
    return state == RUNNING;
  }

  public final boolean isDone() {
    return state == DONE;
  }

  /** What the fiber waits for, null while it does not wait or nobody said. */
  public final @Nullable Object waitingOn() {
    return abort;
  }

  /**
   * The lock, the channel, or whatever it is that the fiber waits for; null while it does not wait
   * or nobody said.
   */
  public final @Nullable Object awaited() {
    return abort == null ? null : abort.awaited();
  }

  /** How often this fiber has looked for cancellation so far. */
  public final int cancelPoints() {
    return cancelPoints;
  }

  /** How often this fiber has let others run so far. */
  public final int schedulePoints() {
    return schedulePoints;
  }

  /** Makes sure that the fiber may wait here. */
  public final void ensureMayWait() {
    if (atomic != 0) {
      throw atomicViolation();
    }
  }

  /** Opens ({@code +1}) or closes ({@code -1}) a stretch in which a checkpoint is an error. */
  public final void atomic(int change) {
    atomic += change;
  }

  // ---- checkpoints: called by the fiber itself, with the baton held

  /** The first half of a checkpoint: throws if the fiber is cancelled, having let others run. */
  public final void checkCancelled() throws InterruptedException {
    if (atomic != 0) {
      throw atomicViolation();
    }
    Thread.interrupted(); // the status of a task's thread is Roost's: R12
    cancelPoints++;
    CancelNode in = node;
    if (in != null && in.effective) {
      Throwable cancellation = in.cancellationFor(this);
      giveWay();
      throw Sneaky.asInterrupted(cancellation);
    }
  }

  /** Counts a look for cancellation that a child does, which runs under this fiber's scopes. */
  public final void countCancelPoint() {
    cancelPoints++;
  }

  /**
   * The second half of a checkpoint, for an operation that need not wait: others may run, within
   * the budget.
   */
  public final void pass() {
    ensureMayWait();
    schedulePoints++;
    if (!scheduler.keepsBaton() && !scheduler.giveWay(this)) {
      awaitBaton();
    }
  }

  /** The second half of a checkpoint, unconditionally: every other ready fiber gets its turn. */
  public final void giveWay() {
    schedulePoints++;
    if (!scheduler.giveWay(this)) {
      awaitBaton();
    }
  }

  /** A whole checkpoint that always gives way, and sees a deadline that expires meanwhile. */
  public final void checkpoint() throws InterruptedException {
    checkCancelled();
    giveWay();
    CancelNode in = node;
    if (in != null && in.effective) {
      throw Sneaky.asInterrupted(in.cancellationFor(this));
    }
  }

  /**
   * Waits until somebody resumes the fiber. A checkpoint: if the fiber is cancelled, now or while
   * it waits, {@code how} is asked to call the wait off. Who has changed something for it before
   * has made sure of the room first: {@link StackRoom#forAWait}.
   */
  public final @Nullable Object suspend(Abort how) throws InterruptedException {
    if (atomic != 0) {
      throw atomicViolation();
    }
    if (!hasRoomToWait) {
      StackRoom.forASwitch(this);
    }
    hasRoomToWait = false;
    Thread.interrupted();
    cancelPoints++;
    schedulePoints++;
    abort = how;
    state = WAITING;
    CancelNode in = node;
    if (in != null && in.effective) {
      tryAbort(in);
    }
    if (!scheduler.switchFrom(this)) {
      awaitBaton();
    }
    return takeOutcome();
  }

  /** Waits until somebody resumes the fiber, whatever is cancelled. Not a checkpoint. */
  public final void suspendUncancellably() {
    schedulePoints++;
    state = WAITING;
    if (!scheduler.switchFrom(this)) {
      awaitBaton();
    }
    failed = false;
    outcome = null;
  }

  private @Nullable Object takeOutcome() throws InterruptedException {
    Object result = outcome;
    outcome = null;
    if (failed) {
      failed = false;
      throw Sneaky.asInterrupted((Throwable) java.util.Objects.requireNonNull(result));
    }
    return result;
  }

  // ---- stalls: for the watch, on its own thread, which may see old values

  /** Whether one of the scopes that the fiber can see is cancelled, or should be by now. */
  final boolean isOverdue() {
    CancelNode in = node;
    if (in == null) {
      return false;
    }
    if (in.effective) {
      return true;
    }
    long now = scheduler.time().nanoTime();
    for (CancelNode at = in; at != null; at = at.shield() ? null : at.parent()) {
      if (at.isPending() && at.moment() <= now) {
        return true;
      }
    }
    return false;
  }

  /** Interrupts the fiber, if it sits in a call that can be interrupted. */
  final void interruptStall() {
    Thread stalled = thread;
    if (stalled != null) {
      Thread.State at = stalled.getState();
      if (at == Thread.State.WAITING || at == Thread.State.TIMED_WAITING) {
        stallInterrupted = true;
        stalled.interrupt();
      }
    }
  }

  /**
   * Whether the watch has interrupted the fiber since this was asked last; the fiber's own thread
   * asks.
   */
  public final boolean takeStallInterrupt() {
    boolean was = stallInterrupted;
    if (was) {
      stallInterrupted = false;
      Thread.interrupted();
    }
    return was;
  }

  // ---- waking: called by whoever holds the baton

  /** Ends the wait with a value. */
  public final void resume(@Nullable Object value) {
    outcome = value;
    abort = null;
    scheduler.ready(this);
  }

  /** Ends the wait with something that it throws. */
  public final void fail(Throwable error) {
    failed = true;
    resume(error);
  }

  /** Delivers a cancellation to a fiber that may be waiting; the scope is effectively cancelled. */
  final void tryAbort(CancelNode in) {
    if (state == BLOCKING) {
      blockingCancelled();
      return;
    }
    Abort how = abort;
    if (state != WAITING || how == null) {
      return;
    }
    abort = null;
    Throwable cancellation = in.cancellationFor(this);
    boolean over;
    try {
      over = how.abort(this, cancellation);
    } catch (
        Throwable
            bug) { // an abort function of a user's: its error is the waiter's, and nothing gets
      // stuck
      over = true;
      cancellation = bug;
    }
    if (over && state == WAITING) {
      fail(cancellation);
    }
  }

  /** Told, by the holder of the baton, that the fiber was cancelled inside a blocking section. */
  protected abstract void blockingCancelled();

  private IllegalStateException atomicViolation() {
    if (scheduler.steward.isPlayedBy(this)) {
      return new IllegalStateException(
          "A checkpoint was reached in a posted action, an abort handler or an instrument: these run between the tasks and"
              + " must not wait. Set an event there, or start a child in a nursery, and wait in a task.");
    }
    return new IllegalStateException(
        "Roost.atomically: a checkpoint was reached inside a block that promised to have none. Move the call that"
            + " waits out of the block, or drop the promise.");
  }

  @Override
  final void isUp() {
    Thread.interrupted();
  }
}
