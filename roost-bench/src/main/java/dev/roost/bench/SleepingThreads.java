package dev.roost.bench;

import java.util.List;
import java.util.stream.Stream;

/** The sleepers of the JDK: virtual threads, each of which ends when it is interrupted. */
public final class SleepingThreads {

  private SleepingThreads() {}

  static Sleepers start(int count, Runnable sleep) throws Exception {
    return Sleepers.start(
        count,
        Thread.ofVirtual(),
        (n, asleep, end) -> {
          List<Thread> threads =
              Stream.generate(() -> Thread.startVirtualThread(sleep)).limit(n).toList();
          awaitAsleep(threads);
          asleep.countDown();
          end.await();
          for (Thread thread : threads) {
            thread.interrupt();
          }
          for (Thread thread : threads) {
            thread.join();
          }
        });
  }

  /** Returns when all threads wait for something. */
  public static void awaitAsleep(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      while (thread.getState() != Thread.State.WAITING
          && thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.sleep(1);
      }
    }
  }

  static void sleep() {
    try {
      Thread.sleep(3_600_000);
    } catch (InterruptedException e) {
      // Told to end.
    }
  }
}
