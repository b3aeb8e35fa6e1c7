package dev.roost.internal;

import java.util.concurrent.locks.LockSupport;

/**
 * The thread that called {@code run}: the poller of last resort. It takes the baton when the last runnable task ends or
 * enters a blocking section, waits until something can go on, and hands the baton to it.
 *
 * <p>Nobody wakes it for nothing: who leaves the baton to it ({@link Vigil#leaveTo}) first publishes that the baton
 * lies with the host, then looks at {@link #awakeAt}, and only unparks it when it would get up too late. The host, when it
 * gets up, first writes {@code awakeAt}, then tries to take the baton: one of the two always sees the other.
 */
final class Host extends Party {

  /** {@link #awakeAt} of a host that is up, and will look by itself. */
  private static final long UP = Long.MIN_VALUE;

  /** When, on {@link System#nanoTime}, the host gets up by itself; {@link Timer#NEVER}: when it is woken. */
  private volatile long awakeAt = UP;

  private final Scheduler scheduler;
  private final Runnable onInterrupt;
  private boolean interrupted;

  Host(Scheduler scheduler, Thread thread, Runnable onInterrupt) {
    this.scheduler = scheduler;
    this.thread = thread;
    this.onInterrupt = onInterrupt;
  }

  /** Serves the run until it is finished; then this thread holds the baton. True if it was interrupted meanwhile. */
  boolean serve() {
    while (!scheduler.serveAsHost(this)) {
      awakeAt = Timer.NEVER;
      if (!scheduler.liesWith(this)) {
        LockSupport.park(scheduler);
      }
      isUp();
    }
    noticeInterrupt();
    return interrupted;
  }

  long awakeAt() {
    return awakeAt;
  }

  @Override
  void sleepsUntil(long moment) {
    awakeAt = moment;
  }

  @Override
  void isUp() {
    awakeAt = UP;
    noticeInterrupt();
  }

  private void noticeInterrupt() {
    if (Thread.interrupted()) {
      interrupted = true;
      scheduler.post(onInterrupt);
    }
  }

  @Override
  void interruptedWhileWaiting() {
    throw new AssertionError("The host is never handed the baton, it takes it.");
  }
}
