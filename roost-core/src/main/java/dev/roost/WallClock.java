package dev.roost;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A wall clock that differs from the clock of the run, for tests of programs on machines whose
 * clocks differ. Inside {@link #run} it is this clock by which moments are named: {@link Roost#now}
 * shows it, and each {@link Instant} that is given to Roost or got from it (as a deadline, in
 * {@link Roost#sleepUntil}) is one of this clock. Durations are not touched: they follow the clock
 * of the run everywhere.
 *
 * {@snippet file="dev/roost/CoreSamplesTest.java" region="wall-clock"}
 */
public interface WallClock {

  /**
   * What this clock shows at a moment. Must not be a checkpoint.
   *
   * @param moment on the clock of the run
   * @return that moment on this clock
   */
  Instant shown(Instant moment);

  /**
   * The moment at which this clock shows something: the reverse of {@link #shown}. Must not be a
   * checkpoint.
   *
   * @param shown a moment on this clock, of the past or still to come
   * @return the first moment on the clock of the run at which it shows that, or something later
   */
  Instant moment(Instant shown);

  /**
   * Runs a body by this clock: it and the children that it starts. Not a checkpoint itself.
   *
   * @param body the body
   * @param <X> what it may throw
   * @throws X what the body throws
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  default <X extends Exception> void run(AsyncRunnable<X> body) throws X, InterruptedException {
    Objects.requireNonNull(body, "WallClock.run: the body is null");
    WallClocks.where(this).run(body);
  }

  /**
   * Like {@link #run}, with a result. Not a checkpoint itself.
   *
   * @param body the body
   * @param <T> its result
   * @param <X> what it may throw
   * @return what the body returns
   * @throws X what the body throws
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  default <T extends @Nullable Object, X extends Exception> T call(AsyncCallable<T, X> body)
      throws X, InterruptedException {
    Objects.requireNonNull(body, "WallClock.call: the body is null");
    return WallClocks.where(this).call(body);
  }

  /**
   * The moment on the clock of the run, whatever wall clock the task has. Not a checkpoint.
   *
   * @return now
   * @throws IllegalStateException outside a run
   */
  static Instant nowOfRun() {
    Run run = TaskFiber.current().run;
    return run.momentAt(run.nanoTime());
  }
}
