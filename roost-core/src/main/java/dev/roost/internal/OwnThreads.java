package dev.roost.internal;

import java.lang.Thread.UncaughtExceptionHandler;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads that are mounted on the thread that called {@code run}: a switch stays on one
 * core.
 *
 * <p>Each fiber's thread has an executor of its own, its {@link Seat}, to which the JDK gives the
 * thread's continuation whenever it can go on. The host runs the continuations that arrive. Around
 * a blocking section the seat sends the thread to helper threads instead, the same virtual thread
 * all the while, and back.
 *
 * <pre>
 *   on the host --- leave: away = true, yield ---> on a helper --- comeBack: away = false ---+
 *        ^                                                                                   |
 *        +---- the next time it is unparked, or settle: yields, if it did not park ----------+
 * </pre>
 *
 * <p>A fiber whose stack is too deep to be unmounted keeps the thread below it while it waits. If
 * that is the host's, a helper stands in for the host from then on, until the run is finished:
 *
 * <pre>
 *   onDuty == the host's thread --- leaveDuty ---> null ---> a helper --- run finished ---+
 *        ^                                             ^           |                        |
 *        |                                             +-----------+ leaveDuty              |
 *        +----------------------------------------------------------------------------------+
 * </pre>
 *
 * Only the thread on duty takes what is to run on the host. The host's own thread, when the fiber
 * on it is gone, waits to be on duty again.
 *
 * <p>No continuation is lost: who adds one first adds, then looks whether the host waits; the host
 * first says that it waits, then looks for work.
 */
final class OwnThreads implements Threads {

  private static final VarHandle SLOT = Handles.of(MethodHandles.lookup(), "slot", Seat.class);

  /**
   * What is to run on the host: nearly always there is no more than one, the next holder of the
   * baton.
   */
  private volatile @Nullable Seat slot;

  /** What found the slot taken. */
  private final ConcurrentLinkedQueue<Seat> queue = new ConcurrentLinkedQueue<>();

  private static final int POLLS_PER_LOOK = 64;

  /** Touched by the host alone. */
  private int polls;

  /**
   * The platform thread that does the host's work; null while there is none, which is at the
   * beginning, and for the moment until a stand-in has started.
   */
  private volatile @Nullable Thread onDuty;

  /** Written once, by its own thread before anything runs on it. */
  private @Nullable Host host;

  private final Scheduler scheduler;
  private final VirtualThreads factory;
  private @Nullable HelperThreads helpers;

  /** Made beforehand: where it is needed there may be no stack to link it any more. */
  private final Runnable standIn = this::standIn;

  OwnThreads(Scheduler scheduler, VirtualThreads factory) {
    this.scheduler = scheduler;
    this.factory = factory;
    HelperThreads.prepare();
  }

  /** The executor of one fiber's thread. */
  final class Seat implements java.util.concurrent.Executor {

    /** The thread's own continuation: the first thing that the JDK gives this executor. */
    private @Nullable Runnable continuation;

    /** Whether it is to run on a helper. Written by the fiber itself, on its thread. */
    private volatile boolean away;

    /**
     * The thread that it runs on if that does, or did, the host's work; null on a helper. Written
     * before it goes on, read by the fiber.
     */
    private @Nullable Thread mountedOn;

    @Override
    public void execute(Runnable command) {
      if (continuation == null) {
        continuation = command;
      } else if (continuation != command) {
        // A thread that was started by code inside the task inherits this executor: it is none of
        // ours.
        factory.defaultScheduler().execute(command);
        return;
      }
      if (away) {
        helpers().execute(this::runOnHelper);
      } else {
        if (slot != null || !SLOT.compareAndSet(OwnThreads.this, null, this)) {
          queue.add(this);
        }
        scheduler.workForHost();
      }
    }

    private void runOnHelper() {
      mountedOn = null;
      Objects.requireNonNull(continuation).run();
    }

    void runOnHost() {
      mountedOn = Thread.currentThread();
      Objects.requireNonNull(continuation).run();
    }
  }

  private synchronized HelperThreads helpers() {
    HelperThreads made = helpers;
    if (made == null) {
      made = new HelperThreads();
      helpers = made;
    }
    return made;
  }

  @Override
  public Thread create(Fiber fiber) {
    Seat seat = new Seat();
    fiber.seat = seat;
    Thread thread = factory.create(seat, fiber.threadName(), fiber);
    thread.setUncaughtExceptionHandler((UncaughtExceptionHandler) fiber);
    return thread;
  }

  @Override
  public boolean waitInPlace() {
    return false;
  }

  @Override
  public boolean hasWork() {
    return slot != null || !queue.isEmpty();
  }

  /**
   * Only the thread on duty takes; from time to time from the queue first, so that the slot starves
   * nobody.
   */
  private @Nullable Seat poll() {
    Seat next = slot;
    if (next == null || (++polls & (POLLS_PER_LOOK - 1)) == 0) {
      Seat queued = queue.poll();
      if (queued != null || next == null) {
        return queued;
      }
    }
    SLOT.setRelease(this, null);
    return next;
  }

  @Override
  public boolean attend(Host me) {
    if (host == null) {
      host = me;
      onDuty = me.home();
    }
    for (; ; ) {
      Seat seat = poll();
      if (seat != null) {
        seat.runOnHost();
        if (onDuty != Thread.currentThread()) {
          return awaitDuty(me);
        }
      } else if (me.hasBaton()) {
        return true;
      } else {
        me.sleepsUntil(Timer.NEVER);
        if (!hasWork() && !me.hasBaton()) {
          LockSupport.park(me);
        }
        me.isUp();
      }
    }
  }

  /** A stand-in goes home at once; the host's own thread waits until the run is finished. */
  private boolean awaitDuty(Host me) {
    Thread self = Thread.currentThread();
    if (self != me.home()) {
      return false;
    }
    while (onDuty != self) {
      LockSupport.park(me);
      me.hearInterrupt();
    }
    return true;
  }

  @Override
  public void staysMounted(Fiber fiber) {
    leaveDuty(fiber);
    while (!fiber.isAboutToRun()) {
      fiber.pauseOnCarrier();
    }
  }

  /** The fiber occupies the thread below it: if that is on duty, another one takes over. */
  private void leaveDuty(Fiber fiber) {
    Thread occupied = seatOf(fiber).mountedOn;
    if (occupied != null && occupied == onDuty) {
      onDuty = null;
      boolean relieved = false;
      try {
        helpers().execute(standIn);
        relieved = true;
      } finally {
        if (!relieved) { // no stack left, most likely
          onDuty = occupied;
        }
      }
    }
  }

  private void standIn() {
    Host away = Objects.requireNonNull(host);
    onDuty = Thread.currentThread();
    if (scheduler.standInFor(away)) {
      onDuty = away.home();
      LockSupport.unpark(away.home());
    }
  }

  @Override
  @SuppressWarnings(
      "ThreadPriorityCheck") // no hint here: it hands the thread to its executor, which is ours
  public void leave(Fiber fiber) {
    seatOf(fiber).away = true;
    try {
      Thread.yield(); // goes on, on a helper
    } catch (StackOverflowError tooDeep) { // see Fiber.awaitBaton: goes on here
      leaveDuty(fiber);
    }
  }

  @Override
  public void comeBack(Fiber fiber) {
    seatOf(fiber).away = false;
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // as above
  public void settle(Fiber fiber) {
    while (seatOf(fiber).mountedOn == null) {
      try {
        Thread.yield(); // goes on, on the host
      } catch (StackOverflowError tooDeep) { // see Fiber.awaitBaton: goes on here
        return;
      }
    }
  }

  @Override
  public void runPending() {
    for (Seat seat; (seat = poll()) != null; ) {
      seat.runOnHost();
    }
  }

  private static Seat seatOf(Fiber fiber) {
    return Objects.requireNonNull(fiber.seat);
  }

  @Override
  public synchronized void close() {
    if (helpers != null) {
      helpers.close(this);
    }
  }
}
