package dev.roost.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Decides who runs next in one run, and what the run's thread does while nobody can.
 *
 * <p>There is no scheduler thread: the fiber that stops running takes the scheduling step itself, hands the baton to the
 * next one and parks. If nothing is ready it waits in place, in the selector or until the next timer.
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
 * So the baton is held exactly while {@code idle == null}, and it is never held by two: both ways out of LIES WITH are the
 * same compare-and-set. A party whose baton was taken while it waited is simply one that waits for its turn. Threads that
 * hold no baton only post to the {@link Inbox} and wake the party that {@code idle} names.
 *
 * <p>Timers and the inbox are looked at in every step, the selector at least every {@value #STEPS_PER_POLL} steps.
 */
public final class Scheduler {

  private static final int STEPS_PER_POLL = 61;

  /** How often a task that keeps the baton over checkpoints looks at the clock, if any timer is pending. */
  private static final int PASSES_PER_LOOK = 8;

  /** With descriptors waited for, how long a virtual clock waits before it jumps: bytes already in the kernel win. */
  private static final long QUIET_WITH_IO = 5_000_000;

  private static final VarHandle IDLE;

  static {
    try {
      IDLE = MethodHandles.lookup().findVarHandle(Scheduler.class, "idle", Party.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // ---- touched by any thread

  private final Inbox inbox = new Inbox();

  /** Whom the baton lies with while nobody holds it. */
  @SuppressWarnings("unused") // through IDLE
  private volatile @Nullable Party idle;

  final String name;
  private final TimeSource time;
  private final Threads threads;
  private final int checkpointBudget;
  private final @Nullable Observer observer;

  // ---- touched by the holder of the baton

  /**
   * The fiber that runs, null outside any. Others may read it to ask "is it me?", because the answer can be yes on
   * no thread but the one that wrote it or was handed the baton after it was written.
   */
  @Nullable Fiber current;

  private final ReadyQueue ready;
  private final Timers timers = new Timers();
  private final Poller poller = new Poller(this);
  private final Idlers idlers = new Idlers();
  private final Resources resources = new Resources();
  private final Endings endings = new Endings();
  private @Nullable Host host;
  private int blocking;
  private int steps;
  private int passesLeft;
  private boolean finished;

  public Scheduler(
      String name, TimeSource time, @Nullable SplittableRandom random, int checkpointBudget, @Nullable Observer observer) {
    this.name = name;
    this.time = time;
    this.ready = new ReadyQueue(random);
    this.checkpointBudget = checkpointBudget;
    this.observer = observer;
    this.threads = Threads.shared();
  }

  public TimeSource time() {
    return time;
  }

  public Timers timers() {
    return timers;
  }

  public Poller poller() {
    return poller;
  }

  public Idlers idlers() {
    return idlers;
  }

  public Resources resources() {
    return resources;
  }

  public @Nullable Fiber current() {
    return current;
  }

  /** The fiber that calls, if it is one of this run and it is its turn. */
  public Fiber ensureHolder(String operation) {
    Fiber running = current;
    if (running != null && running.isCurrent()) {
      return running;
    }
    throw WrongWorld.foreign(operation, this);
  }

  // ---- the run as a whole

  /**
   * Runs {@code first} and all that comes of it on the calling thread's behalf; returns after {@link #finish}, with the
   * baton held. True if the thread was interrupted meanwhile; its status is clear then.
   */
  public boolean host(Fiber first, Runnable onInterrupt) {
    Host me = new Host(this, Thread.currentThread(), onInterrupt);
    host = me;
    ready(first);
    handOver(begin(pollReady()));
    boolean interrupted = me.serve();
    endings.awaitAll();
    inbox.close();
    return interrupted;
  }

  /** Ends the run: the fiber that calls is the last one, and the host gets the baton when it has ended. */
  public void finish() {
    finished = true;
  }

  /** Ends the run from a fiber that broke down inside the scheduler: what else there is is abandoned. */
  public void abandon() {
    finished = true;
    current = null;
    leaveToHost();
  }

  /** Hands an action to whoever holds the baton; from any thread. Dropped if the run has ended. */
  public void post(Runnable action) {
    var _ = postUnlessFinished(action);
  }

  /** Hands an action to whoever holds the baton; from any thread. False if the run has ended, and it is not done. */
  public boolean postUnlessFinished(Runnable action) {
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

  private void wake(Party sleeper) {
    if (sleeper.selecting) {
      poller.wakeup();
    }
    LockSupport.unpark(sleeper.thread);
  }

  // ---- fibers

  /** Puts the fiber at the end of the ready queue: a new one, or one whose wait is over. */
  public void ready(Fiber fiber) {
    fiber.state = Fiber.READY;
    ready.add(fiber);
    if (observer != null) {
      observer.scheduled(fiber);
    }
  }

  /** Whether the running fiber may pass this checkpoint without giving way. Counts it. */
  boolean keepsBaton() {
    int left = --passesLeft;
    if (left <= 0) {
      return false;
    }
    return (left & (PASSES_PER_LOOK - 1)) != 0 || timers.isEmpty() || timers.earliest() > time.nanoTime();
  }

  void giveWay(Fiber me) {
    housekeeping();
    if (ready.isEmpty() && observer == null) {
      passesLeft = checkpointBudget;
      return;
    }
    ready(me);
    switchFrom(me);
  }

  /** Lets the next fiber run and returns when it is {@code me}'s turn again; {@code me} is READY or WAITING. */
  void switchFrom(Fiber me) {
    if (observer != null) {
      observer.afterStep(me);
    }
    housekeeping();
    Fiber next = ready.poll();
    if (next == null) {
      if (!idle(me)) {
        me.awaitBaton();
        return;
      }
      next = pollReady();
    }
    if (begin(next) != me) {
      handOver(next);
      me.awaitBaton();
    }
  }

  /** The fiber's body has ended; hands the baton on, for good. */
  void ended(Fiber me) {
    if (observer != null) {
      observer.afterStep(me);
    }
    current = null;
    endings.add(me);
    if (finished) {
      leaveToHost();
      return;
    }
    housekeeping();
    Fiber next = ready.poll();
    if (next == null) {
      leaveToHost();
    } else {
      handOver(begin(next));
    }
  }

  /** The fiber goes where it must not touch the run's state: it lets the baton go. */
  public void leaveForBlocking(Fiber me) {
    if (observer != null) {
      observer.afterStep(me);
    }
    me.state = Fiber.BLOCKING;
    blocking++;
    current = null;
    housekeeping();
    Fiber next = ready.poll();
    if (next == null) {
      leaveToHost();
    } else {
      handOver(begin(next));
    }
  }

  /** The fiber comes back from where {@link #leaveForBlocking} let it go; holds the baton when this returns. */
  public void returnFromBlocking(Fiber me) {
    Party sleeper = idle;
    if (sleeper != null && IDLE.compareAndSet(this, sleeper, null)) {
      blocking--;
      housekeeping();
      ready(me);
      Fiber next = begin(pollReady());
      if (next != me) {
        handOver(next);
        me.awaitBaton();
      }
    } else {
      post(
          () -> {
            blocking--;
            ready(me);
          });
      me.awaitBaton();
    }
    Thread.interrupted(); // after the baton is back nobody interrupts any more: R12
  }

  /** A blocking section begins that runs on another thread, while its fiber waits. */
  public void blockingElsewhere(int change) {
    blocking += change;
  }

  /** Starts the turn of {@code next}, short of handing it the baton. */
  private Fiber begin(Fiber next) {
    next.state = Fiber.RUNNING;
    passesLeft = checkpointBudget;
    current = next;
    if (observer != null) {
      observer.beforeStep(next);
    }
    return next;
  }

  /** Gives the baton to a fiber whose turn has begun; the caller holds it no longer when this returns. */
  private void handOver(Fiber next) {
    if (next.thread == null) {
      next.thread = threads.create(next);
    }
    next.giveBaton();
    if (next.selecting) { // it lost the baton while it sat in the selector
      poller.wakeup();
    }
  }

  private Fiber pollReady() {
    Fiber next = ready.poll();
    if (next == null) {
      throw new AssertionError("Roost: the ready queue is empty although a fiber was just put there.");
    }
    return next;
  }

  /** What every step does: other threads' wishes, due timers, and from time to time the selector. */
  private void housekeeping() {
    if (inbox.pending()) {
      inbox.drain();
    }
    if (!timers.isEmpty()) {
      timers.fireDue(time.nanoTime());
    }
    if (poller.hasWaiters() && ++steps >= STEPS_PER_POLL) {
      steps = 0;
      poller.pollNow();
    }
  }

  // ---- idleness

  /** Waits until a fiber is ready: true, and the baton is held; or until somebody took the baton: false. */
  private boolean idle(Party me) {
    long since = 0;
    boolean sinceKnown = false;
    for (; ; ) {
      housekeeping();
      if (!ready.isEmpty()) {
        return true;
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

  private long quietNanos() {
    if (!idlers.isEmpty()) {
      return idlers.shortestNanos();
    }
    long quiet = time.quietNanos();
    if (quiet == Timer.NEVER || blocking > 0 || timers.isEmpty()) {
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

  /** Lets the baton lie with {@code me} for at most so long; true if it is held again, false if somebody took it. */
  private boolean sleep(Party me, long nanos) {
    if (observer != null) {
      observer.beforeIoWait(nanos);
    }
    boolean io = poller.hasWaiters();
    if (io) {
      poller.enter(me);
    }
    if (me instanceof Host h) {
      long until = System.nanoTime() + nanos;
      h.awakeAt = nanos == Timer.NEVER || until < 0 ? Timer.NEVER : until;
    }
    idle = me;
    if (!inbox.pending()) {
      if (io) {
        poller.select(nanos);
      } else if (nanos == Timer.NEVER) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, nanos);
      }
    }
    me.selecting = false;
    if (me instanceof Host h) {
      h.awakeAt = Host.UP;
      h.noticeInterrupt();
    } else {
      Thread.interrupted();
    }
    if (!IDLE.compareAndSet(this, me, null)) {
      return false;
    }
    if (io) {
      poller.dispatch();
    }
    if (observer != null) {
      observer.afterIoWait(nanos);
    }
    return true;
  }

  /** Leaves the baton with the host, and gets it up if there is something to wait for that it does not wait for yet. */
  private void leaveToHost() {
    Host h = java.util.Objects.requireNonNull(host);
    long earliest = timers.earliest();
    boolean up = finished || poller.hasWaiters() || !idlers.isEmpty() || inbox.pending();
    long wait = earliest == Timer.NEVER ? Timer.NEVER : time.realNanosUntil(earliest);
    long until = wait == Timer.NEVER ? Timer.NEVER : System.nanoTime() + Math.max(0, wait);
    boolean jumps = blocking == 0 && time.quietNanos() != Timer.NEVER;
    idle = h;
    if (up || jumps || until < h.awakeAt || inbox.pending()) {
      wake(h);
    }
  }

  /** For the host: takes the baton if it lies with it and waits for work; true when the run is finished. */
  boolean serveAsHost(Host me) {
    if (!IDLE.compareAndSet(this, me, null)) {
      return false;
    }
    if (finished) {
      return true;
    }
    if (idle(me)) {
      handOver(begin(pollReady()));
    }
    return false;
  }

  boolean liesWith(Party party) {
    return idle == party;
  }
}
