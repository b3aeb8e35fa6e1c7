package dev.roost;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Several runs side by side, for programs that need more than one core: a nursery of runs. Each has
 * a thread of its own and shares nothing with the others but what is safe for threads; they talk
 * through {@link Portal}s and {@code CrossRunChannel}s.
 *
 * {@snippet file="dev/roost/RunsTest.java" region="parallel"}
 *
 * <p>The call returns when all runs have ended. If one of them fails, the others are cancelled, and
 * all errors come out in one {@link ExceptionGroup}. If the caller is cancelled or interrupted, all
 * runs are cancelled; a {@linkplain CancelScope#softCancel soft cancel} around a task that calls
 * reaches all runs, until its grace is over.
 *
 * <p>As many runs as {@code Runtime.getRuntime().availableProcessors()} use all cores.
 */
public final class Runs {

  private Runs() {}

  /** The main task of one of the runs. */
  @FunctionalInterface
  public interface Body {

    /**
     * Runs it.
     *
     * @param index which run it is, from 0
     * @throws Exception comes out in the group
     */
    void run(int index) throws Exception;
  }

  /**
   * The main task of one of the runs, with a result.
   *
   * @param <T> the result
   */
  @FunctionalInterface
  public interface ValueBody<T extends @Nullable Object> {

    /**
     * Runs it.
     *
     * @param index which run it is, from 0
     * @return the result
     * @throws Exception comes out in the group
     */
    T call(int index) throws Exception;
  }

  /**
   * Executes several runs side by side and waits for their end. Called by a task, it is a blocking
   * section, and a checkpoint; the other tasks of that run go on meanwhile.
   *
   * @param n how many, at least 1
   * @param body the main task of each
   * @throws InterruptedException if the calling thread was interrupted or the task cancelled, and
   *     that cut a run short
   * @throws ExceptionGroup if a run failed: the errors of all that did, the first one first
   * @throws IllegalArgumentException if {@code n} is less than 1
   */
  public static void parallel(int n, Body body) throws InterruptedException {
    parallel(n, RunOptions.DEFAULT, body);
  }

  /**
   * Like {@link #parallel(int, Body)}, with options for each run. The name of the run is that of
   * the options and its index. An instrument hears from all runs, on the thread of each.
   *
   * @param n how many, at least 1
   * @param options how each run is set up
   * @param body the main task of each
   * @throws InterruptedException as for {@link #parallel(int, Body)}
   * @throws ExceptionGroup as for {@link #parallel(int, Body)}
   * @throws IllegalArgumentException if {@code n} is less than 1
   */
  public static void parallel(int n, RunOptions options, Body body) throws InterruptedException {
    Objects.requireNonNull(body, "Runs.parallel: the body is null");
    var _ =
        perform(
            "Runs.parallel",
            n,
            options,
            index -> {
              body.run(index);
              return true;
            });
  }

  /**
   * Like {@link #parallel(int, Body)}, with a result of each run.
   *
   * @param n how many, at least 1
   * @param body the main task of each
   * @param <T> the results
   * @return the results, in the order of the indexes
   * @throws InterruptedException as for {@link #parallel(int, Body)}
   * @throws ExceptionGroup as for {@link #parallel(int, Body)}
   * @throws IllegalArgumentException if {@code n} is less than 1
   */
  public static <T extends @Nullable Object> List<T> parallelCall(int n, ValueBody<T> body)
      throws InterruptedException {
    return parallelCall(n, RunOptions.DEFAULT, body);
  }

  /**
   * Like {@link #parallel(int, RunOptions, Body)}, with a result of each run.
   *
   * @param n how many, at least 1
   * @param options how each run is set up
   * @param body the main task of each
   * @param <T> the results
   * @return the results, in the order of the indexes
   * @throws InterruptedException as for {@link #parallel(int, Body)}; or if a run was shut down
   *     before it had a result
   * @throws ExceptionGroup as for {@link #parallel(int, Body)}
   * @throws IllegalArgumentException if {@code n} is less than 1
   */
  public static <T extends @Nullable Object> List<T> parallelCall(
      int n, RunOptions options, ValueBody<T> body) throws InterruptedException {
    Objects.requireNonNull(body, "Runs.parallelCall: the body is null");
    RunGroup<T> group = perform("Runs.parallelCall", n, options, body);
    return group.values();
  }

  private static <T extends @Nullable Object> RunGroup<T> perform(
      String operation, int n, RunOptions options, ValueBody<T> body) throws InterruptedException {
    Objects.requireNonNull(options, () -> operation + ": the options are null");
    if (n < 1) {
      throw new IllegalArgumentException(
          operation + ": " + n + " runs were asked for. There must be at least one.");
    }
    if (TaskFiber.currentOrNull() == null) {
      return new RunGroup<>(operation, n, options, body).perform();
    }
    RunGroup<T> group = new RunGroup<>(operation, n, options, body);
    Throwable failure = performInTask(group);
    if (failure != null) {
      throw Bodies.rethrow(failure);
    }
    return group;
  }

  /**
   * In a blocking section, with a task beside it that hands on a soft cancel; gives what failed.
   */
  private static @Nullable Throwable performInTask(RunGroup<?> group) throws InterruptedException {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    AtomicBoolean succeeded = new AtomicBoolean();
    try {
      Nursery.run(nursery -> {
        nursery.start(
            "soft cancel of runs",
            () -> {
              if (!CancelScope.untilStopping().run(Roost::sleepForever)) {
                group.softCancel();
              }
            });
        try {
          Blocking.run(group::perform);
          succeeded.set(true);
        } catch (Throwable thrown) { // as it is, not in another group
          failure.set(thrown);
        }
        nursery.cancel();
      });
    } catch (InterruptedException cancelled) { // the task beside it was, as were the runs
      if (failure.get() == null && !succeeded.get()) {
        throw cancelled;
      }
    }
    return failure.get();
  }
}
