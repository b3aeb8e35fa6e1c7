package dev.roost.internal;

import org.jspecify.annotations.Nullable;

/**
 * The thread that called {@code run}: the poller of last resort. It takes the baton when the last
 * runnable task ends or enters a blocking section, waits until something can go on, and hands the
 * baton to it. On carrier OWN it also runs all tasks.
 *
 * <p>Nobody wakes it for nothing: who leaves the baton to it ({@link Vigil#leaveTo}) first
 * publishes that the baton lies with the host, then looks at {@link #awakeAt}, and only unparks it
 * when it would get up too late. The host, when it gets up, first writes {@code awakeAt}, then
 * tries to take the baton: one of the two always sees the other.
 */
final class Host extends Party {

  /** {@link #awakeAt} of a host that is up, and will look by itself. */
  static final long UP = Long.MIN_VALUE;

  /**
   * When, on {@link System#nanoTime}, the host gets up by itself; {@link Timer#NEVER}: when it is
   * woken.
   */
  private volatile long awakeAt = UP;

  /** Set by whatever thread interrupts the host. */
  private volatile boolean interrupted;

  private final Scheduler scheduler;
  private final Threads threads;

  /** The thread that called {@code run}. Others may stand in for it: {@link #serveElsewhere}. */
  private final Thread home;

  private final Runnable onInterrupt;
  private final @Nullable HostInterrupt ear;

  Host(Scheduler scheduler, Threads threads, Runnable onInterrupt) {
    this.scheduler = scheduler;
    this.threads = threads;
    this.home = Thread.currentThread();
    this.thread = home;
    this.onInterrupt = onInterrupt;
    this.ear = threads.waitInPlace() ? null : new HostInterrupt(this::interrupted);
  }

  /**
   * Serves the run until it is finished; then this thread holds the baton. True if it was
   * interrupted meanwhile.
   */
  boolean serve() {
    if (ear != null) {
      ear.arm();
    }
    while (!scheduler.serveAsHost(this)) {
      var _ = threads.attend(this);
    }
    isUp();
    if (ear != null) {
      ear.disarm();
    }
    return interrupted;
  }

  /**
   * Does the same on another thread, because the host's own is occupied; leaves the baton with the
   * host when the run is finished. False if this thread became occupied as well. Meanwhile it is
   * this thread that is woken: who wakes reads {@link #thread} after a volatile field that was
   * written later.
   */
  boolean serveElsewhere() {
    thread = Thread.currentThread();
    while (!scheduler.serveAsHost(this)) {
      if (!threads.attend(this)) {
        return false;
      }
    }
    thread = home;
    scheduler.leaveToHost();
    return true;
  }

  Thread home() {
    return home;
  }

  /** Whether there is an interrupt that has not been heard of. */
  boolean hasNews() {
    return home.isInterrupted();
  }

  private boolean isAtHome() {
    return Thread.currentThread() == home;
  }

  boolean hasBaton() {
    return scheduler.liesWith(this);
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
    hearInterrupt();
  }

  /** Deals with an interrupt of this thread; on any but the host's own it means nothing. */
  void hearInterrupt() {
    if (isAtHome() && home.isInterrupted()) {
      interrupted(); // first, so that either the status or the inbox tells: see hasNews
    }
    boolean _ = Thread.interrupted();
  }

  @Override
  void leftSelector() {
    if (ear != null && isAtHome()) {
      ear.arm();
    }
  }

  private void interrupted() {
    if (!interrupted) {
      interrupted = true;
      scheduler.post(onInterrupt);
    }
  }
}
