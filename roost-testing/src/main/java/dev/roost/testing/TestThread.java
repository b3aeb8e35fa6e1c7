package dev.roost.testing;

import dev.roost.AsyncCallable;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread of a {@link ThreadTest}.
 *
 * @param <T> its result
 */
public final class TestThread<T extends @Nullable Object> {

  private static final Set<Thread.State> BLOCKED =
      EnumSet.of(Thread.State.BLOCKED, Thread.State.WAITING, Thread.State.TIMED_WAITING);

  private static final int SPINS = 100;
  private static final int LOOKS = 4;
  private static final long PAUSE = 20_000;

  private final Thread thread;
  private final Duration limit;
  private final CountDownLatch ended = new CountDownLatch(1);

  // ---- written by the thread before the latch opens

  private @Nullable T result;
  private @Nullable Throwable error;

  /** Whether somebody has been thrown the error. */
  private volatile boolean reported;

  TestThread(String name, AsyncCallable<T, ?> body, Duration limit) {
    this.limit = limit;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .inheritInheritableThreadLocals(false)
            .unstarted(() -> {
              try {
                result = body.call();
              } catch (Throwable thrown) {
                error = thrown;
              } finally {
                ended.countDown();
              }
            });
  }

  void start() {
    thread.start();
  }

  /**
   * The thread itself.
   *
   * @return the thread
   */
  public Thread thread() {
    return thread;
  }

  /** Interrupts it. */
  public void interrupt() {
    thread.interrupt();
  }

  /**
   * Whether it has ended.
   *
   * @return true if it has
   */
  public boolean isDone() {
    return ended.getCount() == 0;
  }

  /**
   * Waits until it waits for something: a lock, a condition, a call through a portal. A checkpoint
   * inside a run.
   *
   * @throws InterruptedException if cancelled or interrupted
   * @throws AssertionError if it ends instead, or does not get there in time
   */
  public void awaitBlocked() throws InterruptedException {
    await(this::staysBlocked, "to be blocked");
  }

  /**
   * Waits until it is in a state. A checkpoint inside a run.
   *
   * @param state the state
   * @throws InterruptedException if cancelled or interrupted
   * @throws AssertionError if it ends instead, or does not get there in time
   */
  public void awaitState(Thread.State state) throws InterruptedException {
    await(() -> thread.getState() == state, "to be " + state);
  }

  /**
   * Waits until it waits for something inside a method of a class, or of what that calls. A
   * checkpoint inside a run.
   *
   * @param type the class
   * @param method the name of the method
   * @throws InterruptedException if cancelled or interrupted
   * @throws AssertionError if it ends instead, or does not get there in time
   */
  public void awaitBlockedIn(Class<?> type, String method) throws InterruptedException {
    await(
        () -> isIn(type, method) && staysBlocked(),
        "to be blocked in " + type.getSimpleName() + "." + method);
  }

  /** Blocked in one place, and not just for the moment that loading a class takes. */
  private boolean staysBlocked() {
    StackTraceElement[] place = thread.getStackTrace();
    for (int look = 0; look < LOOKS; look++) {
      if (!BLOCKED.contains(thread.getState()) || !Arrays.equals(place, thread.getStackTrace())) {
        return false;
      }
      LockSupport.parkNanos(PAUSE);
    }
    return true;
  }

  private boolean isIn(Class<?> type, String method) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame ->
            frame.getClassName().equals(type.getName()) && frame.getMethodName().equals(method));
  }

  private void await(BooleanSupplier condition, String what) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    OffTheBaton.run(() -> {
      for (int i = 0; !condition.getAsBoolean(); i++) {
        if (isDone()) {
          throw failed("has ended, and was expected " + what, error);
        }
        if (System.nanoTime() - deadline > 0) {
          throw failed("was expected " + what + " within " + limit + ", and is " + where(), null);
        }
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while waiting for " + thread.getName());
        }
        if (i < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.parkNanos(PAUSE);
        }
      }
    });
  }

  /**
   * Waits until it has ended, and gives its result. A checkpoint inside a run.
   *
   * @return the result
   * @throws InterruptedException if cancelled or interrupted; or if the thread ended with that
   * @throws Exception what it threw, as it is
   * @throws AssertionError if it does not end in time
   */
  @SuppressWarnings("NullAway") // T itself says whether it may be null
  public T join() throws Exception {
    awaitEnd();
    Throwable thrown = unreported();
    if (thrown instanceof Error e) {
      throw e;
    }
    if (thrown instanceof Exception e) {
      throw e;
    }
    return result;
  }

  void awaitEnd() throws InterruptedException {
    if (isDone()) {
      return;
    }
    OffTheBaton.run(() -> {
      if (!ended.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        throw failed("was expected to end within " + limit + ", and is " + where(), null);
      }
    });
  }

  /** What it threw, the first time that this is asked. */
  @Nullable Throwable unreported() {
    if (reported || !isDone()) {
      return null;
    }
    reported = true;
    return error;
  }

  private AssertionError failed(String what, @Nullable Throwable cause) {
    return new AssertionError("ThreadTest: the thread " + thread.getName() + " " + what, cause);
  }

  private String where() {
    StringBuilder text = new StringBuilder().append(thread.getState());
    for (StackTraceElement frame : thread.getStackTrace()) {
      text.append("\n    at ").append(frame);
    }
    return text.toString();
  }

  /** The name, and what it is at. */
  @Override
  public String toString() {
    return "TestThread[" + thread.getName() + ", " + (isDone() ? "ended" : thread.getState()) + "]";
  }
}
