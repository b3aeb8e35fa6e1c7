package dev.roost.internal;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The threads of fibers and helpers that have ended a moment ago and may not be quite gone: a run
 * waits for them, so that none is left when it returns. Pruned as it grows, so that it stays short.
 */
final class Endings {

  private static final int SPINS = 1000;
  private static final long PAUSE = 20_000;

  private @Nullable Thread[] threads = new Thread[32];
  private int size;

  void add(@Nullable Thread thread) {
    if (size == threads.length) {
      prune();
    }
    threads[size++] = thread;
  }

  private void prune() {
    int kept = 0;
    for (Thread thread : threads) {
      if (thread != null && thread.getState() != Thread.State.TERMINATED) {
        threads[kept++] = thread;
      }
    }
    Arrays.fill(threads, kept, size, null);
    size = kept;
    if (size > threads.length / 2) {
      threads = Arrays.copyOf(threads, threads.length * 2);
    }
  }

  /** Waits until all are gone. They have handed on the baton and do nothing more but end. */
  void awaitAll(Threads carrier) {
    for (int i = 0; i < size; i++) {
      Thread thread = Objects.requireNonNull(threads[i]);
      for (int spins = 0; thread.isAlive(); spins++) {
        carrier.runPending();
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.parkNanos(this, PAUSE);
        }
      }
    }
    size = 0;
  }
}
