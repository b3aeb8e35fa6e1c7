package dev.roost.internal;

import java.lang.Thread.UncaughtExceptionHandler;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

  private final Scheduler scheduler;
  private final VirtualThreads factory;
  private @Nullable ExecutorService helpers;

  OwnThreads(Scheduler scheduler, VirtualThreads factory) {
    this.scheduler = scheduler;
    this.factory = factory;
  }

  /** The executor of one fiber's thread. */
  final class Seat implements java.util.concurrent.Executor {

    /** The thread's own continuation: the first thing that the JDK gives this executor. */
    private @Nullable Runnable continuation;

    /** Whether it is to run on a helper. Written by the fiber itself, on its thread. */
    private volatile boolean away;

    /** Whether it does run on a helper; written before it goes on, read by the fiber. */
    private boolean onHelper;

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
      onHelper = true;
      Objects.requireNonNull(continuation).run();
    }

    void runOnHost() {
      onHelper = false;
      Objects.requireNonNull(continuation).run();
    }
  }

  private synchronized ExecutorService helpers() {
    ExecutorService made = helpers;
    if (made == null) {
      made =
          Executors.newCachedThreadPool(
              Thread.ofPlatform().daemon().name("roost-blocking-", 1).factory());
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
   * Only the host takes; from time to time from the queue first, so that the slot starves nobody.
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
  public void attend(Host host) {
    for (; ; ) {
      Seat seat = poll();
      if (seat != null) {
        seat.runOnHost();
      } else if (host.hasBaton()) {
        return;
      } else {
        host.sleepsUntil(Timer.NEVER);
        if (!hasWork() && !host.hasBaton()) {
          LockSupport.park(host);
        }
        host.isUp();
      }
    }
  }

  @Override
  @SuppressWarnings(
      "ThreadPriorityCheck") // no hint here: it hands the thread to its executor, which is ours
  public void leave(Fiber fiber) {
    seatOf(fiber).away = true;
    Thread.yield(); // goes on, on a helper
  }

  @Override
  public void comeBack(Fiber fiber) {
    seatOf(fiber).away = false;
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // as above
  public void settle(Fiber fiber) {
    while (seatOf(fiber).onHelper) {
      Thread.yield(); // goes on, on the host
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
      helpers.close();
    }
  }
}
