package dev.roost.testing;

import dev.roost.RunOptions;
import dev.roost.Task;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs a body under many schedules, one after another, on a thread of its own: a body that neither
 * ends nor can be cancelled is left behind, with the thread.
 *
 * <pre>
 *   caller's thread:   run ........ waits ....................... result, or gives up
 *   thread of ours:       attempt, attempt, … (the whole search) --^          ^
 *   a run of its:                 hangs behind a shield: onStuck -------------+
 * </pre>
 */
final class ScheduleRunner {

  /** What is done in each run. */
  @FunctionalInterface
  interface Main {
    void run(Schedule schedule) throws Exception;
  }

  /** All that is to be done, by means of {@link #attempt}. */
  @FunctionalInterface
  interface Search {
    int run() throws InterruptedException;
  }

  private final Duration patience;
  private final CompletableFuture<Integer> result = new CompletableFuture<>();

  // ---- written by the thread of ours, read by others when it hangs

  private final AtomicInteger attempts = new AtomicInteger();
  private volatile @Nullable Schedule current;

  ScheduleRunner(Duration patience) {
    this.patience = patience;
  }

  /** Does it; what it throws is thrown here. */
  int run(Search search) throws InterruptedException {
    ensureOutside();
    Thread host = Thread.ofPlatform().daemon().name("roost-schedules").start(() -> host(search));
    try {
      return await(host);
    } catch (InterruptedException e) {
      host.interrupt();
      throw e;
    }
  }

  private void host(Search search) {
    try {
      result.complete(search.run());
    } catch (Throwable t) {
      result.completeExceptionally(t);
    }
  }

  private int await(Thread host) throws InterruptedException {
    for (int before = -1; ; before = attempts.get()) {
      try {
        return result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        throw Schedule.<RuntimeException>sneaky(Objects.requireNonNull(e.getCause()));
      } catch (TimeoutException e) {
        if (attempts.get() == before || attempts.get() == 0) {
          stuck(
              "Not finished after "
                  + patience
                  + " of real time. Does a task block, or sleep for ever behind a shield?");
          host.interrupt();
        }
      }
    }
  }

  private static void ensureOutside() {
    try {
      var _ = Task.current();
    } catch (IllegalStateException outside) {
      return; // that is how it says so
    }
    throw new IllegalStateException(
        "Schedules: called inside a run. Each schedule is a run of its own: call it from a plain"
            + " test method.");
  }

  /** One run; on the thread of ours. Gives what it failed with. */
  @Nullable Throwable attempt(Schedule schedule, RunOptions options, Main main)
      throws InterruptedException {
    schedule.onStuck(() ->
        stuck(
            "The body hangs, and does not react to its cancellation: it waits behind a shield, or"
                + " in something that cannot be called off. It is left behind."));
    current = schedule;
    attempts.incrementAndGet();
    try {
      schedule.in(options).run(() -> main.run(schedule));
      return schedule.leak();
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable t) {
      ScheduleError ending = schedule.ending();
      return ending == null ? t : ending; // the clock says so too, with less
    }
  }

  /** From any thread: this run will not end. */
  private void stuck(String why) {
    Schedule hanging = current;
    ScheduleError error = new ScheduleError(ScheduleError.Kind.STUCK, why);
    result.completeExceptionally(
        hanging == null
            ? error
            : ScheduleFailure.of(hanging.description(), hanging, error, attempts.get()));
  }
}
