package dev.roost.internal;

import java.lang.management.ManagementFactory;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.jspecify.annotations.Nullable;

/**
 * Makes up for carriers of the JDK's scheduler that waiting threads keep, because their stacks are
 * too deep to be taken off: without that, as many such threads as there are carriers would stop all
 * virtual threads of the JVM. The scheduler gets one more carrier for each, for as long as it
 * waits, as the JDK itself does around its own calls that hold a carrier.
 *
 * <p>There is one scheduler, so this counts for the whole JVM.
 */
final class ExtraCarriers {

  /** The JDK's scheduler has 256 carriers at most, if nobody says otherwise. */
  private static final int MOST = 200;

  /**
   * Null until a first thread asked for it: management costs tens of milliseconds to begin with.
   */
  private static volatile @Nullable VirtualThreadSchedulerMXBean scheduler;

  /** How many threads keep their carriers. */
  private static final AtomicInteger KEPT = new AtomicInteger();

  /** How many carriers more than without us the scheduler has; guarded by the class. */
  private static int extra;

  /** Whether a thread had no stack left to settle; the stall watch does it then. */
  private static volatile boolean owed;

  // Made beforehand: where there is no stack left, nothing can be loaded, linked or initialised any
  // more, and what was tried once and failed does so for ever.

  private static final ThreadFactory HELPERS =
      Thread.ofPlatform().daemon().name("roost-carriers").factory();
  private static final Runnable SETTLE = ExtraCarriers::settle;

  /** The first time it needs more stack than there may be. */
  private static final Runnable IN_THREAD = ExtraCarriers::settleInAThread;

  private static final Runnable NUDGE = ExtraCarriers::addToAQueue;

  private ExtraCarriers() {}

  /** Has everything in place that is needed at the bottom of a stack. */
  static void prepare() {
    // The class is initialised now.
  }

  /** A thread keeps its carrier ({@code +1}), or keeps it no longer ({@code -1}). Never waits. */
  static void keeps(int change) {
    keeps(change, scheduler == null ? IN_THREAD : SETTLE);
  }

  /** The same, given how to settle. */
  static void keeps(int change, Runnable settling) {
    KEPT.addAndGet(change);
    try {
      settling.run();
    } catch (StackOverflowError | LinkageError atTheBottom) {
      // It must not get out of here, see Fiber.awaitBaton.
      owed = true;
    }
  }

  /**
   * Settles what could not be settled where it was noticed; from time to time, with enough stack.
   */
  static void settleWhatIsOwed() {
    if (owed) {
      owed = false;
      settle();
    }
  }

  /** How many carriers more than without us the scheduler has. */
  static synchronized int extra() {
    return extra;
  }

  private static void settleInAThread() {
    start(SETTLE);
  }

  private static void start(Runnable what) {
    HELPERS.newThread(what).start();
  }

  private static synchronized void settle() {
    VirtualThreadSchedulerMXBean known = scheduler;
    if (known == null) {
      known = ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
      scheduler = known;
    }
    int wanted = Math.min(KEPT.get(), MOST);
    if (wanted != extra) {
      known.setParallelism(known.getParallelism() + wanted - extra);
      extra = wanted;
    }
  }

  /**
   * Gets a carrier up if there is one too few at work. The scheduler has a carrier look for work
   * when something is added to a queue that was empty; the threads that a new carrier is for have
   * been in a queue before. Which queue a thread adds to depends on the thread, so a new thread
   * will find an empty one sooner or later.
   */
  static void nudge() {
    VirtualThreadSchedulerMXBean known = scheduler;
    try {
      if (known != null) {
        settle();
        if (known.getQueuedVirtualThreadCount() > 0
            && known.getMountedVirtualThreadCount() < known.getParallelism()) {
          start(NUDGE);
        }
      }
    } catch (StackOverflowError | LinkageError atTheBottom) {
      // It must not get out of here, see Fiber.awaitBaton: whoever comes by next does it.
    }
  }

  private static void addToAQueue() {
    Thread.startVirtualThread(() -> {});
  }
}
