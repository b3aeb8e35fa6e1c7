package dev.roost.junit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One thing that JUnit's thread has the main task do, and what came of it. */
final class Job {

  /** What to do with the nurseries that are open, see {@link TestRun}. */
  enum Kind {
    /** Nothing, unless it fails: a method before the test. */
    SETUP,
    /** Ends them: the test itself, and what comes after it. */
    TEST,
    /** The same, and cleans up after the test. */
    CLEANUP,
    /** Opens one more. */
    NURSERY,
    /** Sets the fixtures up, around everything that comes later. */
    FIXTURES,
    /** Ends them and the run. */
    END
  }

  /**
   * What a job does.
   *
   * @param <T> its result
   */
  @FunctionalInterface
  interface Action<T extends @Nullable Object> {
    T run() throws Throwable;
  }

  final Kind kind;
  final Action<? extends @Nullable Object> action;

  private final CountDownLatch over = new CountDownLatch(1);

  // ---- written before the latch opens

  private @Nullable Object result;
  private @Nullable Throwable error;

  Job(Kind kind, Action<? extends @Nullable Object> action) {
    this.kind = kind;
    this.action = action;
  }

  /** Does it, short of saying that it is over; gives what it threw. */
  @Nullable Throwable run() {
    try {
      result = action.run();
      return null;
    } catch (Throwable t) {
      return t;
    }
  }

  /** What is to be its result; it is not over yet. */
  void result(Object r) {
    result = r;
  }

  /** It is over. The first time counts. */
  synchronized void end(@Nullable Throwable with) {
    if (!isOver()) {
      error = with;
      over.countDown();
    }
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  /** Waits until it is over; zero to wait without limit. False if the time is up. */
  boolean await(Duration limit) throws InterruptedException {
    if (limit.isZero()) {
      over.await();
      return true;
    }
    return over.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Of a job that is over. */
  @Nullable Object result() {
    return result;
  }

  /** Of a job that is over. */
  @Nullable Throwable error() {
    return error;
  }
}
