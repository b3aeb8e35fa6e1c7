package dev.roost.testing;

import dev.roost.AsyncCallable;
import dev.roost.AsyncConsumer;
import dev.roost.AsyncRunnable;
import dev.roost.Roost;
import dev.roost.RunOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Looks for an order of tasks in which a body fails: runs it again and again, each time in a run of
 * its own, under another {@link Schedule}. For tests without JUnit; with it, {@code @RoostTest} has
 * the same as attributes.
 *
 * {@snippet file="dev/roost/testing/SchedulesSamplesTest.java" region="explore"}
 *
 * <p>The body is run many times, so it makes what it works on anew each time. Each run has a {@link
 * MockClock} that jumps, and gives way at every checkpoint. A body fails if it throws, if all its
 * tasks wait for each other, or if it goes on for ever. It must depend on nothing but the order of
 * its tasks: no other threads, no real time, no random numbers of its own.
 *
 * <p>The failure is shrunk: it names the schedule with the fewest turns that were not first come,
 * first served, and {@link #replay} runs it again. So does the system property {@code
 * roost.schedule}, for all bodies, with the code that the failure named.
 *
 * <p>Immutable: each option gives a changed copy. To be called outside of runs.
 */
public final class Schedules {

  private final ScheduleMode mode;
  private final int limit;
  private final long firstSeed;
  private final UnaryOperator<RunOptions> options;
  private final Duration patience;

  private Schedules(
      ScheduleMode mode,
      int limit,
      long firstSeed,
      UnaryOperator<RunOptions> options,
      Duration patience) {
    this.mode = mode;
    this.limit = limit;
    this.firstSeed = firstSeed;
    this.options = options;
    this.patience = patience;
  }

  /**
   * Tries orders drawn from the seeds 0, 1, 2, …: see {@link ScheduleMode#RANDOM}.
   *
   * @param schedules how many
   * @param body what is tried
   * @throws InterruptedException if the calling thread is interrupted
   * @throws ScheduleFailure if one fails
   * @throws IllegalArgumentException if the number is less than 1
   * @throws IllegalStateException inside a run
   */
  public static void explore(int schedules, AsyncRunnable<?> body) throws InterruptedException {
    in(ScheduleMode.RANDOM, schedules).run(body);
  }

  /**
   * Tries all orders of a small body: see {@link ScheduleMode#ALL}. At most {@link
   * ScheduleSearch#DEFAULT_LIMIT}.
   *
   * @param body what is tried
   * @return how many orders there are
   * @throws InterruptedException if the calling thread is interrupted
   * @throws ScheduleFailure if one fails
   * @throws AssertionError if there are too many
   * @throws IllegalStateException inside a run
   */
  public static int exploreAll(AsyncRunnable<?> body) throws InterruptedException {
    return in(ScheduleMode.ALL, ScheduleSearch.DEFAULT_LIMIT).run(body);
  }

  /**
   * Runs a body again under a schedule that a failure named.
   *
   * @param code as {@link ScheduleFailure#schedule()}
   * @param body what failed
   * @throws InterruptedException if the calling thread is interrupted
   * @throws ScheduleFailure if it fails again
   * @throws IllegalArgumentException if it is not a code
   * @throws IllegalStateException inside a run
   */
  public static void replay(String code, AsyncRunnable<?> body) throws InterruptedException {
    var _ = Schedule.of(code);
    Objects.requireNonNull(body, "Schedules.replay: the body is null");
    in(ScheduleMode.RANDOM, 1).replayOnly(code, schedule -> schedule.run(body));
  }

  /**
   * A search to be set up further.
   *
   * @param mode which orders are tried
   * @param limit how many at most: that many seeds, or a bound for the modes that try all
   * @return a search
   * @throws IllegalArgumentException if the limit is less than 1
   */
  public static Schedules in(ScheduleMode mode, int limit) {
    var _ = new ScheduleSearch(mode, limit, 0);
    return new Schedules(mode, limit, 0, UnaryOperator.identity(), Duration.ofSeconds(30));
  }

  /**
   * From which seed on, for the modes that draw; 0 unless set.
   *
   * @param seed the first seed
   * @return a changed copy
   */
  public Schedules firstSeed(long seed) {
    return new Schedules(mode, limit, seed, options, patience);
  }

  /**
   * Sets up the runs in another way; called for each.
   *
   * @param change gives changed options
   * @return a changed copy
   */
  public Schedules options(UnaryOperator<RunOptions> change) {
    Objects.requireNonNull(change, "Schedules.options: the function is null");
    return new Schedules(mode, limit, firstSeed, change, patience);
  }

  /**
   * How long, in real time, one run may take; 30 seconds unless set. One that takes longer counts
   * as a failure, and is left behind if it cannot be cancelled.
   *
   * @param longest the time
   * @return a changed copy
   */
  public Schedules patience(Duration longest) {
    Objects.requireNonNull(longest, "Schedules.patience: the time is null");
    return new Schedules(mode, limit, firstSeed, options, longest);
  }

  /**
   * Tries them.
   *
   * @param body what is tried; it makes what it works on anew each time
   * @return how many schedules were tried
   * @throws InterruptedException if the calling thread is interrupted
   * @throws ScheduleFailure if one fails
   * @throws AssertionError if all are to be tried, and there are too many
   * @throws IllegalStateException inside a run
   */
  public int run(AsyncRunnable<?> body) throws InterruptedException {
    Objects.requireNonNull(body, "Schedules: the body is null");
    return search(schedule -> schedule.run(body));
  }

  /**
   * Tries them on something that is made anew each time, and looked at afterwards in the same run:
   * whether a permit came back, whether a pool is whole.
   *
   * {@snippet file="dev/roost/testing/SchedulesSamplesTest.java" region="check"}
   *
   * @param fresh makes what the body works on
   * @param body what is tried
   * @param check throws if something is wrong; not cancelled, whatever the mode
   * @param <S> what the body works on
   * @return how many schedules were tried
   * @throws InterruptedException if the calling thread is interrupted
   * @throws ScheduleFailure if one fails
   * @throws AssertionError if all are to be tried, and there are too many
   * @throws IllegalStateException inside a run
   */
  public <S> int run(
      AsyncCallable<S, ?> fresh,
      AsyncConsumer<? super S, ?> body,
      AsyncConsumer<? super S, ?> check)
      throws InterruptedException {
    Objects.requireNonNull(fresh, "Schedules: what makes the subject is null");
    Objects.requireNonNull(body, "Schedules: the body is null");
    Objects.requireNonNull(check, "Schedules: the check is null");
    return search(schedule -> {
      S subject = fresh.call();
      schedule.run(() -> body.accept(subject));
      schedule.runUncancelled(() -> check.accept(subject));
    });
  }

  private int search(ScheduleRunner.Main body) throws InterruptedException {
    String given = Schedule.property();
    if (given != null) {
      replayOnly(given, body);
      return 1;
    }
    ScheduleRunner runner = new ScheduleRunner(patience);
    return runner.run(() -> search(runner, body));
  }

  private int search(ScheduleRunner runner, ScheduleRunner.Main body) throws InterruptedException {
    ScheduleSearch search = new ScheduleSearch(mode, limit, firstSeed);
    Optional<Schedule> next = search.next();
    while (next.isPresent()) {
      Throwable error = runner.attempt(next.get(), base(), body);
      if (error != null) {
        throw failure(next.get(), error, search.tried(), runner, body);
      }
      next = search.next();
    }
    return search.tried();
  }

  private void replayOnly(String code, ScheduleRunner.Main body) throws InterruptedException {
    ScheduleRunner runner = new ScheduleRunner(patience);
    var _ =
        runner.run(() -> {
          Schedule schedule = Schedule.of(code, true);
          Throwable error = runner.attempt(schedule, base(), body);
          if (error != null) {
            throw ScheduleFailure.of("the schedule that was given", schedule, error, 1);
          }
          return 1;
        });
  }

  private ScheduleFailure failure(
      Schedule failed, Throwable error, int tried, ScheduleRunner runner, ScheduleRunner.Main body)
      throws InterruptedException {
    Throwable[] last = {error};
    Optional<Schedule> shrunk =
        ScheduleSearch.shrink(
            failed,
            error,
            schedule -> {
              Throwable outcome = runner.attempt(schedule, base(), body);
              last[0] = outcome == null ? error : outcome;
              return outcome;
            });
    if (shrunk.isPresent()) {
      return ScheduleFailure.of(failed.description(), shrunk.get(), last[0], tried);
    }
    return new ScheduleFailure(
        "Failed with "
            + failed.description()
            + ", schedule "
            + tried
            + ": "
            + error
            + "\nThe same order of turns does not make it fail again: it depends on something"
            + " else too, such as real time, other threads, random numbers, or what an earlier"
            + " run left behind.\n"
            + failed.story(),
        error,
        failed.code(),
        tried);
  }

  private RunOptions base() {
    return options.apply(
        Roost.with().name("schedule").clock(new MockClock().autojump()).checkpointBudget(1));
  }
}
