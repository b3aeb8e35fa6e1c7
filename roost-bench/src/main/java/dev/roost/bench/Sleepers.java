package dev.roost.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Many tasks that sleep, and an owner that ends them all when told to and waits for their end. The
 * owner is a thread of its own, so that a benchmark can set the tasks up first and measure later.
 */
public final class Sleepers {

  /** How one of the contenders does it. */
  @FunctionalInterface
  public interface Way {

    /**
     * Starts tasks that sleep for an hour, counts down {@code asleep} once they do, waits for
     * {@code end}, cancels the tasks and returns when all have ended.
     */
    void run(int count, CountDownLatch asleep, CountDownLatch end) throws Exception;
  }

  private final CountDownLatch end;
  private final FutureTask<Void> owner;

  private Sleepers(CountDownLatch end, FutureTask<Void> owner) {
    this.end = end;
    this.owner = owner;
  }

  /** Returns when all are asleep. */
  public static Sleepers start(int count, Thread.Builder ownerThread, Way way) throws Exception {
    CountDownLatch asleep = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    FutureTask<Void> owner =
        new FutureTask<>(() -> {
          try {
            way.run(count, asleep, end);
          } finally {
            asleep.countDown();
          }
          return null;
        });
    ownerThread.start(owner);
    asleep.await();
    if (owner.isDone()) {
      owner.get(); // throws what went wrong
    }
    return new Sleepers(end, owner);
  }

  public void end() throws InterruptedException, ExecutionException {
    end.countDown();
    owner.get();
  }
}
