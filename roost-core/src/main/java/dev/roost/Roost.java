package dev.roost;

import dev.roost.internal.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The entry into the concurrent world, and what every task can do in it.
 *
 * {@snippet file="dev/roost/CoreSamplesTest.java" region="roost"}
 *
 * <p>In a run one task runs at a time. Another one can run only at a checkpoint: a call of a method
 * that declares {@code throws InterruptedException}. Between two checkpoints plain fields need no
 * locks.
 */
public final class Roost {

  private Roost() {}

  /**
   * Runs {@code main} as the main task of a new run, and waits for it and all that it started.
   *
   * @param main the main task
   * @param <X> what it may throw
   * @throws X what main throws
   * @throws InterruptedException if the calling thread was interrupted, which cancels the run, and
   *     main did not succeed all the same; if it did, the thread's status is set again
   * @throws IllegalStateException if called inside a task, except in a blocking section
   */
  public static <X extends Exception> void run(AsyncRunnable<X> main)
      throws X, InterruptedException {
    RunOptions.DEFAULT.run(main);
  }

  /**
   * Like {@link #run}, with a result.
   *
   * @param main the main task
   * @param <T> its result
   * @param <X> what it may throw
   * @return what main returns
   * @throws X what main throws
   * @throws InterruptedException as for {@link #run}
   * @throws IllegalStateException as for {@link #run}
   */
  public static <T extends @Nullable Object, X extends Exception> T call(AsyncCallable<T, X> main)
      throws X, InterruptedException {
    return RunOptions.DEFAULT.call(main);
  }

  /**
   * Starts a run on a thread of its own, for beans and frameworks: it does what comes through its
   * portal, until it is closed.
   *
   * @return the run, which has begun; to be closed
   * @throws IllegalStateException if called inside a task, except in a blocking section
   */
  public static BackgroundRun open() {
    return RunOptions.DEFAULT.open();
  }

  /**
   * Sets up a run before it starts.
   *
   * @return the options, all at their defaults
   */
  public static RunOptions with() {
    return RunOptions.DEFAULT;
  }

  /**
   * Waits for a time on the run's clock. A checkpoint that always lets others run, also if there is
   * nothing to wait for.
   *
   * @param d how long; zero or less is a checkpoint without a wait
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static void sleep(Duration d) throws InterruptedException {
    TaskFiber me = TaskFiber.current();
    long nanos = Times.nanos(Objects.requireNonNull(d, "Roost.sleep: the duration is null"));
    if (nanos <= 0) {
      me.checkpoint();
    } else {
      Sleep.until(me, Times.plus(me.run.nanoTime(), nanos));
    }
  }

  /**
   * Waits until a moment on the run's clock. A checkpoint that always lets others run, also if the
   * moment has passed.
   *
   * @param when the moment
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static void sleepUntil(Instant when) throws InterruptedException {
    TaskFiber me = TaskFiber.current();
    long moment =
        me.run.nanosAt(Objects.requireNonNull(when, "Roost.sleepUntil: the moment is null"));
    if (moment <= me.run.nanoTime()) {
      me.checkpoint();
    } else {
      Sleep.until(me, moment);
    }
  }

  /**
   * Waits until cancelled. A checkpoint.
   *
   * @throws InterruptedException when cancelled; it never returns otherwise
   * @throws IllegalStateException outside a run
   */
  public static void sleepForever() throws InterruptedException {
    Sleep.until(TaskFiber.current(), Timer.NEVER);
  }

  /**
   * A checkpoint and nothing else: lets every other ready task have its turn.
   *
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static void checkpoint() throws InterruptedException {
    TaskFiber.current().checkpoint();
  }

  /**
   * The moment on the run's clock, or what the {@link WallClock} shows if the task has one. Never
   * goes back, unless such a clock does. Not a checkpoint.
   *
   * @return now
   * @throws IllegalStateException outside a run
   */
  public static Instant now() {
    Run run = TaskFiber.current().run;
    return run.instantAt(run.nanoTime());
  }

  /**
   * Runs code that must not let other tasks in: a checkpoint anywhere inside throws {@code
   * IllegalStateException}, instead of breaking what the code relies on. Not a checkpoint.
   *
   * @param body the code
   * @param <X> what it may throw
   * @throws X what the body throws
   * @throws IllegalStateException if the body reaches a checkpoint, or outside a run
   */
  public static <X extends Exception> void atomically(SyncRunnable<X> body) throws X {
    Objects.requireNonNull(body, "Roost.atomically: the body is null");
    TaskFiber me = TaskFiber.current();
    me.atomic(+1);
    try {
      body.run();
    } finally {
      me.atomic(-1);
    }
  }
}
