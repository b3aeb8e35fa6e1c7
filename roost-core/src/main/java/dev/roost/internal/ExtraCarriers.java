package dev.roost.internal;

import java.lang.management.ManagementFactory;
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

  // guarded by the class
  private static int kept;
  private static int extra;

  private ExtraCarriers() {}

  /** A thread keeps its carrier ({@code +1}), or keeps it no longer ({@code -1}). Never waits. */
  static void keeps(int change) {
    if (scheduler != null) {
      adjust(change);
    } else {
      // The first one needs more stack than there may be here.
      Thread.ofPlatform().daemon().name("roost-carriers").start(() -> adjust(change));
    }
  }

  private static synchronized void adjust(int change) {
    VirtualThreadSchedulerMXBean known = scheduler;
    if (known == null) {
      known = ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
      scheduler = known;
    }
    kept += change;
    int wanted = Math.min(kept, MOST);
    if (wanted != extra) {
      known.setParallelism(known.getParallelism() + wanted - extra);
      extra = wanted;
    }
    if (change > 0) {
      Thread.startVirtualThread(() -> {}); // has the new carrier look for what is there to run
    }
  }
}
