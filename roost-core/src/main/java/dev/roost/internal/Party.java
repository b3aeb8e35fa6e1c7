package dev.roost.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that can hold a run's baton: a {@link Fiber}, or the {@link Host}.
 *
 * <p>The baton is handed over by setting {@link #baton} of the next party and unparking its thread;
 * that write and the read in {@link #isAboutToRun} order everything one holder did before
 * everything the next one does.
 */
abstract sealed class Party permits Fiber, Host {

  private static final long PAUSE_MILLIS = 1;

  /**
   * The thread behind the party; null until it is first needed. Written by the holder before the
   * thread starts.
   */
  @Nullable Thread thread;

  /** Whether the thread was started; touched by the holder of the baton. */
  private boolean started;

  /** Set by the holder who hands over, cleared by this party when it takes the baton. */
  @SuppressWarnings("UnusedVariable") // through BATON
  private boolean baton;

  /** Release and acquire are enough: the unparking that follows orders the rest. */
  private static final VarHandle BATON = Handles.of(MethodHandles.lookup(), "baton", boolean.class);

  /**
   * Whether this party sits, or may sit, in the selector. Written by the party itself, read by
   * those who wake it.
   */
  volatile boolean selecting;

  /**
   * Hands the baton to this party, and starts its thread if need be. The caller holds it no longer
   * when this returns.
   */
  final void giveBaton() {
    Thread to = Objects.requireNonNull(thread);
    boolean unstarted = !started;
    started = true;
    BATON.setRelease(this, true); // from here on the other one runs
    if (unstarted) {
      to.start();
    } else {
      LockSupport.unpark(to);
    }
  }

  /**
   * Whether the baton was handed to this party, and its thread has not got to run since. From any
   * thread.
   */
  final boolean isAboutToRun() {
    return (boolean) BATON.getAcquire(this);
  }

  /** Takes the baton that was handed to this party. */
  final void takeBaton() {
    baton = false;
  }

  /** Waits for a moment without being unmounted: a monitor does not insist on it. */
  @SuppressWarnings("WaitNotInLoop") // nobody notifies: it is the time that is waited for
  final synchronized void pauseOnCarrier() {
    try {
      wait(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      isUp();
    }
  }

  /** The party is about to wait with the baton, until the moment given or until it is woken. */
  void sleepsUntil(long moment) {}

  /** The party has been in the selector, which is where the JDK sends interrupts meanwhile. */
  void leftSelector() {}

  /** The party is up again; interrupts that came meanwhile are dealt with here. */
  abstract void isUp();
}
