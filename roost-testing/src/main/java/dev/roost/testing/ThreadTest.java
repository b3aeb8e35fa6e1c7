package dev.roost.testing;

import dev.roost.AsyncCallable;
import dev.roost.AsyncRunnable;
import dev.roost.ExceptionGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Threads for tests of code that mixes threads and tasks: portals, blocking sections, other
 * people's callbacks. Where a test would sleep "until the other one has got there", it waits until
 * that thread is {@linkplain TestThread#awaitBlocked() blocked}, or has the threads and tasks take
 * {@linkplain #at turns}.
 *
 * {@snippet file="dev/roost/testing/ThreadTestTest.java" region="sample"}
 *
 * <p>Every wait has a limit in real time, ten seconds unless set, after which it fails with an
 * {@code AssertionError} that shows what the thread is at. All methods that wait may be called by
 * any thread and by tasks of a run, which let go of the baton meanwhile as in a blocking section.
 * Everything else can be called from anywhere.
 */
public final class ThreadTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  /**
   * A test that starts threads.
   *
   * @param <X> what it may throw
   */
  @FunctionalInterface
  public interface Body<X extends Exception> {

    /**
     * The test.
     *
     * @param threads starts threads
     * @throws X what the test throws
     * @throws InterruptedException if cancelled or interrupted
     */
    void run(ThreadTest threads) throws X, InterruptedException;
  }

  private final Duration limit;
  private final ThreadTurns turns;

  /** Guarded by itself. */
  private final List<TestThread<?>> started = new ArrayList<>();

  private ThreadTest(Duration limit) {
    this.limit = limit;
    this.turns = new ThreadTurns(limit);
  }

  /**
   * Runs a test, and waits for all threads that it has started. A checkpoint, inside a run, if
   * there is a thread to wait for.
   *
   * @param body the test
   * @param <X> what it may throw
   * @throws X what the body throws, with what the threads threw suppressed on it
   * @throws InterruptedException if cancelled or interrupted; the threads are interrupted then
   * @throws ExceptionGroup if the body went well and threads did not: with what they threw, unless
   *     a {@link TestThread#join} has thrown it before
   * @throws AssertionError if a thread does not end in time
   */
  public static <X extends Exception> void run(Body<X> body) throws X, InterruptedException {
    run(LIMIT, body);
  }

  /**
   * Like {@link #run(Body)}, with another limit for each wait.
   *
   * @param limit the limit, in real time
   * @param body the test
   * @param <X> what it may throw
   * @throws X what the body throws
   * @throws InterruptedException as for {@link #run(Body)}
   * @throws ExceptionGroup as for {@link #run(Body)}
   * @throws AssertionError as for {@link #run(Body)}
   * @throws IllegalArgumentException if the limit is negative or zero
   */
  public static <X extends Exception> void run(Duration limit, Body<X> body)
      throws X, InterruptedException {
    Objects.requireNonNull(body, "ThreadTest.run: the body is null");
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException(
          "ThreadTest.run: the limit is " + limit + ". Give the real time that a wait may take.");
    }
    ThreadTest test = new ThreadTest(limit);
    try {
      body.run(test);
    } catch (Throwable error) {
      test.abandon(error);
      throw error;
    }
    test.finish();
  }

  private List<TestThread<?>> all() {
    synchronized (started) {
      return List.copyOf(started);
    }
  }

  /** The body failed: whatever its threads wait for may never come. */
  private void abandon(Throwable error) {
    all().forEach(TestThread::interrupt);
    for (TestThread<?> thread : all()) {
      try {
        thread.awaitEnd();
      } catch (InterruptedException | AssertionError stuck) {
        error.addSuppressed(stuck);
      }
      Throwable thrown = thread.unreported();
      if (thrown != null && thrown != error && !(thrown instanceof InterruptedException)) {
        error.addSuppressed(thrown);
      }
    }
  }

  private void finish() throws InterruptedException {
    List<Throwable> errors = new ArrayList<>();
    try {
      for (TestThread<?> thread : all()) {
        thread.awaitEnd();
        Throwable error = thread.unreported();
        if (error != null) {
          errors.add(error);
        }
      }
    } catch (InterruptedException | AssertionError stuck) {
      errors.forEach(stuck::addSuppressed);
      all().forEach(TestThread::interrupt);
      throw stuck;
    }
    if (!errors.isEmpty()) {
      throw new ExceptionGroup("Threads of the test failed", errors);
    }
  }

  /**
   * Starts a platform thread. Not a checkpoint.
   *
   * @param name its name
   * @param body what it does; it may call blocking methods, which need not be Roost's
   * @return the thread
   */
  public TestThread<@Nullable Void> start(String name, AsyncRunnable<?> body) {
    Objects.requireNonNull(body, "ThreadTest.start: the body is null");
    return add(
        new TestThread<>(
            name,
            () -> {
              body.run();
              return null;
            },
            limit));
  }

  /**
   * Starts a platform thread that gives a result. Not a checkpoint.
   *
   * @param name its name
   * @param body what it does
   * @param <T> the result
   * @return the thread
   */
  public <T extends @Nullable Object> TestThread<T> call(String name, AsyncCallable<T, ?> body) {
    Objects.requireNonNull(body, "ThreadTest.call: the body is null");
    return add(new TestThread<>(name, body, limit));
  }

  private <T extends @Nullable Object> TestThread<T> add(TestThread<T> thread) {
    synchronized (started) {
      started.add(thread);
    }
    thread.start();
    return thread;
  }

  /**
   * Waits for a turn, in an order that all threads and tasks of the test share: that of position 0
   * comes first, and each other one when the one before it was closed. A checkpoint inside a run.
   *
   * @param position 0 for the first turn, and so on; each is used once
   * @return the turn, for a try-with-resources block
   * @throws InterruptedException if cancelled or interrupted
   * @throws AssertionError if the turn does not come in time; says which one is missing
   * @throws IllegalArgumentException if the position is negative
   * @throws IllegalStateException if it was used before
   */
  public Turn at(int position) throws InterruptedException {
    return turns.at(position);
  }

  /** A turn among threads and tasks; it lasts until it is closed. */
  public sealed interface Turn extends AutoCloseable permits ThreadTurns.Taken {

    /** Ends the turn; the next position's begins. Nothing happens the second time. */
    @Override
    void close();
  }
}
