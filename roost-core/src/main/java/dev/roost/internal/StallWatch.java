package dev.roost.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Finds tasks that hold a baton for too long (R14): one daemon thread for all runs of the JVM,
 * which ends by itself when there has been none for a while. A run costs it one look every few
 * milliseconds, and costs the run nothing but counting its turns.
 *
 * <p>The watch holds no baton. What it reads of a run is old or wrong at times, and that may only
 * cost a look: it acts when it has read the same turn again and again for as long as the threshold
 * says.
 */
public final class StallWatch {

  /** Hears of a stall, on the thread of the watch. */
  public interface Listener {

    /** A fiber has held the baton for so long; told once for each turn. */
    void stalled(Fiber fiber, long nanos);
  }

  private static final long SHORTEST_TICK = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_TICK = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int LOOKS_PER_THRESHOLD = 8;
  private static final long LINGER = TimeUnit.SECONDS.toNanos(2);

  private static final StallWatch ALL = new StallWatch();

  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();

  /**
   * The thread that looks, null if there is none; guarded by {@code this}, and read without it to
   * see if there is one.
   */
  private volatile @Nullable Thread looking;

  private StallWatch() {}

  /** Watches a run until the result is {@linkplain Watched#end ended}. */
  public static Watched watch(Scheduler run, long thresholdNanos, Listener listener) {
    Watched one = new Watched(run, thresholdNanos, listener);
    ALL.watched.add(one);
    Thread thread = ALL.looking;
    if (thread == null) {
      ALL.startLooking();
    } else if (thresholdNanos < LONGEST_TICK * LOOKS_PER_THRESHOLD) {
      LockSupport.unpark(thread); // it may have to look more often from now on
    }
    return one;
  }

  private synchronized void startLooking() {
    if (looking == null) {
      looking = Thread.ofPlatform().daemon().name("roost-stall-watch").start(this::look);
    }
  }

  private void look() {
    long lastSeen = System.nanoTime();
    for (; ; ) {
      long tick = LONGEST_TICK;
      long now = System.nanoTime();
      for (Watched one : watched) {
        one.look(now);
        tick = Math.min(tick, one.thresholdNanos / LOOKS_PER_THRESHOLD);
        lastSeen = now;
      }
      ExtraCarriers.settleWhatIsOwed();
      if (now - lastSeen > LINGER && stopLooking()) {
        return;
      }
      LockSupport.parkNanos(this, Math.max(tick, SHORTEST_TICK));
    }
  }

  /**
   * True if there is still nothing to look at: who adds a run adds it first, then asks whether
   * anybody looks.
   */
  private synchronized boolean stopLooking() {
    looking = null;
    if (watched.isEmpty()) {
      return true;
    }
    looking = Thread.currentThread();
    return false;
  }

  /** One run under watch. */
  public static final class Watched {

    private final Scheduler run;
    private final long thresholdNanos;
    private final Listener listener;

    // ---- touched by the watch alone
    private int turn;
    private long since;
    private boolean reported;

    private Watched(Scheduler run, long thresholdNanos, Listener listener) {
      this.run = run;
      this.thresholdNanos = thresholdNanos;
      this.listener = listener;
      this.turn = run.turns() - 1;
    }

    /** Ends the watch; from any thread. */
    public void end() {
      ALL.watched.remove(this);
    }

    private void look(long now) {
      int seen = run.turns();
      Fiber holder = run.current();
      // On a busy machine a thread waits for a processor for long: it has not kept anybody waiting.
      if (seen != turn
          || run.isIdle()
          || holder == null
          || run.steward.isPlayedBy(holder)
          || holder.isAboutToRun()) {
        turn = seen;
        since = now;
        reported = false;
        return;
      }
      if (now - since < thresholdNanos) {
        return;
      }
      if (!reported) {
        reported = true;
        listener.stalled(holder, now - since);
      }
      if (holder.isOverdue() && run.turns() == seen) {
        holder.interruptStall();
      }
    }
  }
}
