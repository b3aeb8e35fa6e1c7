package dev.roost.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides who runs next in one run, and what the run's thread does while nobody can.
 *
 * <p>There is no scheduler thread: the fiber that stops running takes the scheduling step itself,
 * hands the baton to the next one and parks. If nothing is ready it waits in place: see {@link
 * Vigil}.
 *
 * <p>Timers and the inbox are looked at in every step, the selector when the {@link Poller} says
 * that it is time.
 */
public final class Scheduler {

  /**
   * How often a task that keeps the baton over checkpoints looks at the clock, if any timer is
   * pending.
   */
  private static final int PASSES_PER_LOOK = 8;

  private static final VarHandle TURNS = Handles.of(MethodHandles.lookup(), "turns", int.class);

  // ---- fixed

  final String name;
  private final TimeSource time;
  private final Threads threads;
  private final int checkpointBudget;
  private final @Nullable Observer observer;

  // ---- touched by the holder of the baton

  /**
   * The fiber that runs, null outside any. Others may read it to ask "is it me?", because the
   * answer can be yes on no thread but the one that wrote it or was handed the baton after it was
   * written.
   */
  @Nullable Fiber current;

  private final ReadyQueue ready;
  private final Timers timers = new Timers();
  private final Resources resources = new Resources();
  private final Poller poller = new Poller(resources);
  private final Idlers idlers = new Idlers();
  private final Vigil vigil;
  private final Endings endings = new Endings();
  private final Outside outside = new Outside();
  private @Nullable Host host;

  final Steward steward = new Steward(this);

  /** Counts the turns; the stall watch reads it from its own thread to see whether it moves. */
  @SuppressWarnings("UnusedVariable") // read through TURNS
  private int turns;

  private int passesLeft;
  private boolean finished;

  public Scheduler(
      String name,
      TimeSource time,
      @Nullable Order order,
      int checkpointBudget,
      @Nullable Observer observer,
      boolean own) {
    this.name = name;
    this.time = time;
    this.ready = new ReadyQueue(order);
    this.checkpointBudget = checkpointBudget;
    this.observer = observer;
    VirtualThreads factory = own ? VirtualThreads.available() : null;
    this.threads = factory == null ? new SharedThreads() : new OwnThreads(this, factory);
    this.vigil = new Vigil(this, time, threads, observer);
  }

  /** Whether this JVM lets a run have its tasks on the thread that calls it. */
  public static boolean ownThreadsAvailable() {
    return VirtualThreads.available() != null;
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

  public Outside outside() {
    return outside;
  }

  public @Nullable Fiber current() {
    return current;
  }

  /** Gives the run its steward, before anything else is done with it. */
  public void steward(Fiber fiber) {
    steward.play(fiber);
  }

  /** Has the listener told when nothing inside the run can wake it any more. */
  public void onStandstill(Standstill listener) {
    vigil.onStandstill(listener);
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
   * Runs {@code first} and all that comes of it on the calling thread's behalf; returns after
   * {@link #finish}, with the baton held. True if the thread was interrupted meanwhile; its status
   * is clear then.
   */
  public boolean host(Fiber first, Runnable onInterrupt) {
    Host me = new Host(this, threads, onInterrupt);
    host = me;
    steward.worksHere();
    try {
      ready(first);
      handOver(begin(pollReady()));
      boolean interrupted = me.serve();
      endings.awaitAll(threads);
      threads.close();
      vigil.inbox.close();
      return interrupted;
    } finally {
      current = null;
      steward.leavesHere();
    }
  }

  /**
   * Ends the run: the fiber that calls is the last one, and the host gets the baton when it has
   * ended.
   */
  public void finish() {
    finished = true;
  }

  /**
   * Ends the run from a fiber that broke down inside the scheduler: what else there is is
   * abandoned.
   */
  public void abandon() {
    finished = true;
    passOn();
  }

  /** Hands an action to whoever holds the baton; from any thread. Dropped if the run has ended. */
  public void post(Runnable action) {
    var _ = postUnlessFinished(action);
  }

  /**
   * Hands an action to whoever holds the baton; from any thread. False if the run has ended, and it
   * is not done.
   */
  public boolean postUnlessFinished(Runnable action) {
    return vigil.post(action);
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
    return (left & (PASSES_PER_LOOK - 1)) != 0 || !isDue();
  }

  /** Whether a step has something to do besides the next fiber; counts as one for the selector. */
  private boolean isDue() {
    return vigil.inbox.pending()
        || (!timers.isEmpty() && timers.earliest() <= time.nanoTime())
        || poller.isDue();
  }

  // The three methods that say whether the baton is back do not wait for it themselves: each frame
  // less on the stack of a fiber that waits is heap saved, and copied neither way.

  /** Gives every other ready fiber its turn; false if {@code me} has to wait for the baton. */
  boolean giveWay(Fiber me) {
    if (!isAlone()) {
      StackRoom.forASwitch(me);
    }
    housekeeping();
    if (ready.isEmpty() && observer == null) {
      turns++;
      passesLeft = checkpointBudget;
      return true;
    }
    ready(me);
    if (observer != null) {
      observer.afterStep(me);
    }
    return switchTo(pollReady(), me);
  }

  /** Lets the next fiber run; {@code me} is WAITING. False if it has to wait for the baton. */
  boolean switchFrom(Fiber me) {
    if (observer != null) {
      observer.afterStep(me);
    }
    housekeeping();
    Fiber next = ready.poll();
    if (next != null) {
      return switchTo(next, me);
    }
    if (!threads.waitInPlace()) {
      vigil.leaveTo(Objects.requireNonNull(host), false);
      return false;
    }
    return vigil.keep(me) && switchTo(pollReady(), me);
  }

  private boolean switchTo(Fiber next, Fiber me) {
    if (begin(next) == me) {
      return true;
    }
    handOver(next);
    return false;
  }

  /**
   * Hands the baton on, to the next fiber or else to the host; the caller stops touching the run.
   */
  private void passOn() {
    current = null;
    if (!finished) {
      housekeeping();
      Fiber next = ready.poll();
      if (next != null) {
        handOver(begin(next));
        return;
      }
    }
    leaveToHost();
  }

  /** Leaves the baton with the host. */
  void leaveToHost() {
    vigil.leaveTo(Objects.requireNonNull(host), finished);
  }

  /** The fiber's body has ended; hands the baton on, for good. */
  void ended(Fiber me) {
    if (observer != null) {
      observer.afterStep(me);
    }
    endings.add(me.thread);
    passOn();
  }

  /** The fiber goes where it must not touch the run's state: it lets the baton go. */
  public void leaveForBlocking(Fiber me) {
    if (observer != null) {
      observer.afterStep(me);
    }
    me.state = Fiber.BLOCKING;
    me.schedulePoints++;
    outside.blocking(+1);
    passOn();
    threads.leave(me);
  }

  /**
   * The fiber comes back from where {@link #leaveForBlocking} let it go; holds the baton when this
   * returns.
   */
  public void returnFromBlocking(Fiber me) {
    threads.comeBack(me);
    if (vigil.take()) {
      outside.blocking(-1);
      housekeeping();
      ready(me);
      if (!switchTo(pollReady(), me)) {
        me.awaitBaton();
      }
    } else {
      post(() -> {
        outside.blocking(-1);
        ready(me);
      });
      me.awaitBaton();
    }
    threads.settle(me);
    Thread.interrupted(); // after the baton is back nobody interrupts any more: R12
  }

  /** A thread that worked for the run is about to end: the run waits for that at its end. */
  public void ending(Thread helper) {
    endings.add(helper);
  }

  /** Waits for the baton on a thread that cannot be taken off the one below it. */
  void staysMounted(Fiber me) {
    threads.staysMounted(me);
  }

  /** Does the host's work on the calling thread; see {@link Host#serveElsewhere}. */
  boolean standInFor(Host host) {
    steward.worksHere();
    try {
      return host.serveElsewhere();
    } finally {
      steward.leavesHere();
    }
  }

  /** Starts the turn of {@code next}, short of handing it the baton. */
  private Fiber begin(Fiber next) {
    next.state = Fiber.RUNNING;
    turns++;
    passesLeft = checkpointBudget;
    current = next;
    if (observer != null) {
      observer.beforeStep(next);
    }
    return next;
  }

  /**
   * Gives the baton to a fiber whose turn has begun; the caller holds it no longer when this
   * returns.
   */
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
    return Objects.requireNonNull(ready.poll()); // one was just put there
  }

  /**
   * What every step does: other threads' wishes, due timers, and from time to time the selector.
   */
  private void housekeeping() {
    if (vigil.inbox.pending() || (!timers.isEmpty() && timers.earliest() <= time.nanoTime())) {
      act();
    }
    if (poller.isDue()) {
      poller.pollNow();
    }
  }

  /** Whether somebody can go on. */
  public boolean hasReady() {
    return !ready.isEmpty();
  }

  /** Whether there is nothing at all to do for anybody but the fiber that runs. */
  private boolean isAlone() {
    return ready.isEmpty()
        && observer == null
        && timers.isEmpty()
        && !vigil.inbox.pending()
        && !poller.hasWaiters();
  }

  /** Fires what is due, for a fiber that cannot wait for the next step. */
  public void fireTimers() {
    if (!timers.isEmpty()) {
      act();
    }
  }

  private void act() {
    Fiber before = current;
    steward.takesOver();
    if (vigil.inbox.pending()) {
      vigil.inbox.drain();
    }
    timers.fireDue(time.nanoTime());
    steward.handsBackTo(before);
  }

  /** Does what every step does, and says whether there is anything to go on with. */
  boolean hasWork() {
    if (finished) {
      return true;
    }
    housekeeping();
    return !ready.isEmpty();
  }

  // ---- for the host

  /**
   * Takes the baton if it lies with the host, and waits for work; true when the run is finished.
   */
  boolean serveAsHost(Host me) {
    if (!vigil.takeFrom(me)) {
      return false;
    }
    steward.takesOver();
    if (!vigil.keep(me)) {
      return false;
    }
    if (finished) {
      return true;
    }
    handOver(begin(pollReady()));
    return false;
  }

  /** The host has something to run: gets it up, if it is not. From any thread. */
  void workForHost() {
    Host h = Objects.requireNonNull(host);
    if (h.awakeAt() != Host.UP) {
      vigil.wake(h);
    }
  }

  /** For the stall watch, which may see an old value for a while. */
  int turns() {
    return (int) TURNS.getOpaque(this);
  }

  /** For the stall watch: whether nobody holds the baton. */
  boolean isIdle() {
    return vigil.isIdle();
  }

  boolean hostHasNews() {
    return Objects.requireNonNull(host).hasNews();
  }

  boolean liesWith(Host me) {
    return vigil.liesWith(me);
  }
}
