package dev.roost.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What happens while no fiber can run: where the baton lies, who waits with it, and who may take it
 * from there.
 *
 * <pre>
 *                 nothing ready: publish idle = me, wait
 *   HELD by me  ---------------------------------------------> LIES WITH me
 *      ^                                                          |    |
 *      |          woken or timed out: CAS idle from me to null    |    |
 *      +----------------------------------------------------------+    |
 *                                                                      |
 *   HELD by a blocking section that came back  <-----------------------+
 *                 CAS idle from the other one to null
 * </pre>
 *
 * So the baton is held exactly while {@code idle == null}, and never by two: both ways out of LIES
 * WITH are the same compare-and-set. A party whose baton was taken while it waited is simply one
 * that waits for its turn. Threads that hold no baton only post to the {@link Inbox} and wake the
 * party that {@code idle} names.
 */
final class Vigil {

  /**
   * With descriptors waited for, how long a virtual clock waits before it jumps: bytes already in
   * the kernel win.
   */
  private static final long QUIET_WITH_IO = 5_000_000;

  private static final VarHandle IDLE = Handles.of(MethodHandles.lookup(), "idle", Party.class);

  // ---- touched by any thread

  final Inbox inbox = new Inbox();

  /** Whom the baton lies with while nobody holds it. */
  private volatile @Nullable Party idle;

  // ---- touched by the holder of the baton

  private final Scheduler scheduler;
  private final TimeSource time;
  private final Timers timers;
  private final Poller poller;
  private final Idlers idlers;
  private final Outside outside;
  private final Threads threads;
  private final @Nullable Observer observer;

  private @Nullable Standstill standstill;

  Vigil(Scheduler scheduler, TimeSource time, Threads threads, @Nullable Observer observer) {
    this.threads = threads;
    this.scheduler = scheduler;
    this.time = time;
    this.timers = scheduler.timers();
    this.poller = scheduler.poller();
    this.idlers = scheduler.idlers();
    this.outside = scheduler.outside();
    this.observer = observer;
  }

  void onStandstill(Standstill listener) {
    standstill = listener;
  }

  /**
   * If nothing inside the run can wake it any more, has that told as the next thing that is done in
   * the run: true.
   */
  private boolean tellStandstill() {
    return timers.isEmpty()
        && !outside.willWake()
        && !scheduler.hostHasNews() // asked before the inbox
        && !poller.hasWaiters()
        && idlers.isEmpty()
        && !inbox.pending()
        && standstill != null
        && standstill.isNews()
        && inbox.add(standstill::tell)
        && inbox.signal();
  }

  /**
   * Hands an action to whoever holds the baton; from any thread. False if the run has ended, and it
   * is not done.
   */
  boolean post(Runnable action) {
    if (!inbox.add(action)) {
      return false;
    }
    if (inbox.signal()) {
      Party sleeper = idle;
      if (sleeper != null) {
        wake(sleeper);
      }
    }
    return true;
  }

  void wake(Party sleeper) {
    if (sleeper.selecting) {
      poller.wakeup();
    }
    LockSupport.unpark(sleeper.thread);
  }

  /** Takes the baton from where it lies; false if somebody holds it. From any thread. */
  boolean take() {
    Party sleeper = idle;
    return sleeper != null && IDLE.compareAndSet(this, sleeper, null);
  }

  /** Takes the baton if it lies with this party. */
  boolean takeFrom(Party party) {
    return IDLE.compareAndSet(this, party, null);
  }

  boolean isIdle() {
    return idle != null;
  }

  boolean liesWith(Party party) {
    return idle == party;
  }

  /**
   * Waits until a fiber is ready or the run is finished: true, and the baton is held; or until
   * somebody took the baton: false. The host may wait here while the baton passes through other
   * hands, and find the run finished when it gets it back.
   */
  boolean keep(Party me) {
    long since = 0;
    boolean sinceKnown = false;
    for (; ; ) {
      if (scheduler.hasWork()) {
        return true;
      }
      if (tellStandstill()) {
        continue;
      }
      long wait = timers.isEmpty() ? Timer.NEVER : time.realNanosUntil(timers.earliest());
      long quiet = quietNanos();
      if (quiet != Timer.NEVER) {
        long now = System.nanoTime();
        if (!sinceKnown) {
          sinceKnown = true;
          since = now;
        }
        quiet -= now - since;
        if (quiet <= 0 && poller.pollNow() == 0 && !inbox.pending()) {
          onQuiet();
          sinceKnown = false;
          continue;
        }
        wait = Math.min(wait, Math.max(quiet, 1));
      }
      if (wait > 0 && !sleep(me, wait)) {
        return false;
      }
    }
  }

  /** How long nothing must happen before {@link #onQuiet}. */
  private long quietNanos() {
    if (!idlers.isEmpty()) {
      return idlers.shortestNanos();
    }
    long quiet = time.quietNanos();
    if (quiet == Timer.NEVER || outside.isBlocking() || timers.isEmpty()) {
      return Timer.NEVER;
    }
    return poller.hasWaiters() ? Math.max(quiet, QUIET_WITH_IO) : quiet;
  }

  private void onQuiet() {
    if (idlers.isEmpty()) {
      time.quiet(timers.earliest());
    } else {
      idlers.wakeShortest();
    }
  }

  /**
   * Lets the baton lie with {@code me} for at most so long; true if it is held again, false if
   * somebody took it or {@code me} is to do something else first.
   */
  private boolean sleep(Party me, long nanos) {
    if (observer != null) {
      observer.beforeIoWait(nanos);
    }
    boolean io = poller.hasWaiters();
    if (io) {
      poller.enter(me);
    }
    me.sleepsUntil(nanos == Timer.NEVER ? Timer.NEVER : saturated(System.nanoTime() + nanos));
    idle = me;
    boolean tooDeep = false;
    if (!inbox.pending() && !threads.hasWork()) {
      try {
        if (io) {
          poller.select(nanos);
        } else if (nanos == Timer.NEVER) {
          LockSupport.park(this);
        } else {
          LockSupport.parkNanos(this, nanos);
        }
      } catch (StackOverflowError e) { // see Fiber.awaitBaton
        tooDeep = true;
      }
    }
    if (io) {
      me.selecting = false;
      me.leftSelector();
    }
    me.isUp();
    if (me instanceof Host && threads.hasWork()) {
      return false; // it still lies with the host, who has something to run first
    }
    if (!takeFrom(me)) {
      return false;
    }
    if (me instanceof Host) {
      scheduler.steward.takesOver(); // others may have had the baton meanwhile
    }
    if (io) {
      poller.dispatch();
    }
    if (observer != null) {
      observer.afterIoWait(nanos);
    }
    if (tooDeep && me instanceof Fiber && !scheduler.hasReady()) {
      scheduler.leaveToHost();
      return false;
    }
    if (tooDeep && me instanceof Host) {
      me.pauseOnCarrier();
    }
    return true;
  }

  private static long saturated(long moment) {
    return moment < 0 && System.nanoTime() >= 0 ? Timer.NEVER : moment;
  }

  /**
   * Leaves the baton with the host, and gets it up if there is something to wait for that it does
   * not wait for yet.
   */
  void leaveTo(Host host, boolean finished) {
    long earliest = timers.earliest();
    long wait = earliest == Timer.NEVER ? Timer.NEVER : time.realNanosUntil(earliest);
    long until =
        wait == Timer.NEVER ? Timer.NEVER : saturated(System.nanoTime() + Math.max(0, wait));
    if (!finished && !scheduler.hasReady()) {
      var _ = tellStandstill(); // the host finds it in the inbox
    }
    boolean up = finished || poller.hasWaiters() || quietNanos() != Timer.NEVER;
    idle = Objects.requireNonNull(host);
    long awakeAt = host.awakeAt();
    if (awakeAt != Host.UP && (up || until < awakeAt || inbox.pending())) {
      wake(host);
    }
  }
}
