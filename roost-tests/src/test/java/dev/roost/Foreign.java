package dev.roost;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A thread outside the run, and what came of what it did. */
final class Foreign<T> {

  final Thread thread;
  private final FutureTask<T> done;

  private Foreign(Callable<T> body) {
    done = new FutureTask<>(body);
    thread = Thread.ofPlatform().daemon().name("foreign").start(done);
  }

  static <T> Foreign<T> start(Callable<T> body) {
    return new Foreign<>(body);
  }

  /**
   * Starts a thread and returns when it waits in the portal for a call that never ends by itself.
   */
  static <T> Foreign<T> waiting(Portal portal, AsyncCallable<T, ?> task)
      throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Foreign<T> foreign =
        start(() ->
            portal.call(() -> {
              begun.countDown();
              return task.call();
            }));
    begun.await();
    return foreign;
  }

  /** What it returned; waits, so call it outside the run or in a blocking section. */
  T result() throws Exception {
    try {
      return done.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception exception) {
        throw exception;
      }
      throw (Error) e.getCause();
    }
  }

  /** What it threw. */
  Throwable error() throws InterruptedException {
    try {
      T result = done.get();
      throw new AssertionError("expected an error, it returned " + result);
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }
}
