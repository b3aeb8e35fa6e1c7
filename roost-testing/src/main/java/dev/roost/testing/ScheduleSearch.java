package dev.roost.testing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Goes through schedules one by one: take the {@link #next()} one, run with it, take the next one.
 * {@link Schedules} does this for plain functions; this is for those who run something else.
 */
public final class ScheduleSearch {

  /** How many orders are tried where nothing else is said and the mode does not draw them. */
  public static final int DEFAULT_LIMIT = 10_000;

  private static final int PCT_DEPTH = 3;

  private final ScheduleMode mode;
  private final int limit;
  private final long firstSeed;

  private int tried;
  private @Nullable Schedule last;

  // ---- for ALL: the tree of choices, walked breadth first, the number of deviations being the
  // depth

  private final Deque<SortedMap<Integer, Integer>> pending = new ArrayDeque<>();
  private boolean moreThanPending;

  /**
   * A search that has not begun. Not a checkpoint.
   *
   * @param mode which schedules
   * @param limit how many at most: that many seeds, or a bound for the modes that try all
   * @param firstSeed the first seed, for the modes that draw
   * @throws IllegalArgumentException if the limit is less than 1
   */
  public ScheduleSearch(ScheduleMode mode, int limit, long firstSeed) {
    this.mode = Objects.requireNonNull(mode, "ScheduleSearch: the mode is null");
    if (limit < 1) {
      throw new IllegalArgumentException(
          "ScheduleSearch: the number of schedules is " + limit + ". Try at least 1.");
    }
    this.limit = limit;
    this.firstSeed = firstSeed;
  }

  /**
   * The next schedule to try; what happened in the one before may decide on it. Not a checkpoint.
   *
   * @return a schedule for one run; empty if all were tried
   * @throws AssertionError if the mode tries all, and there are more than the limit
   */
  public Optional<Schedule> next() {
    Optional<Schedule> next =
        switch (mode) {
          case RANDOM -> nextSeed().map(Schedule::random);
          case PCT -> nextSeed().map(seed -> Schedule.pct(seed, PCT_DEPTH));
          case ALL -> nextOrder();
          case CANCELLATION -> nextCancellation();
        };
    next.ifPresent(schedule -> tried++);
    last = next.orElse(null);
    return next;
  }

  /**
   * How many schedules {@link #next} has given. Not a checkpoint.
   *
   * @return the number
   */
  public int tried() {
    return tried;
  }

  /** Runs something under a schedule. */
  @FunctionalInterface
  public interface Attempt {

    /**
     * Runs it.
     *
     * @param schedule for this run
     * @return what it failed with; null if it did not
     * @throws InterruptedException if the calling thread is interrupted
     */
    @Nullable Throwable run(Schedule schedule) throws InterruptedException;
  }

  /**
   * Looks for a schedule that fails in the same way and differs from first come, first served in as
   * few turns as can be.
   *
   * @param failed what was found
   * @param error what it failed with
   * @param attempt runs the same thing again; called up to 150 times
   * @return the schedule that was run last, whose {@link Schedule#story} says where the tasks were;
   *     the one that was found if every turn of it is first come, first served; empty if the same
   *     order does not fail again
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static Optional<Schedule> shrink(Schedule failed, Throwable error, Attempt attempt)
      throws InterruptedException {
    if (failed.deviations().isEmpty()) {
      return Optional.of(failed);
    }
    SortedMap<Integer, Integer> fewest = Shrinking.shrink(failed, error, attempt);
    Schedule noted = Schedule.deviating(fewest, failed.cancelAt(), true);
    Throwable again = attempt.run(noted);
    return again != null && ScheduleError.same(again, error)
        ? Optional.of(noted)
        : Optional.empty();
  }

  private Optional<Long> nextSeed() {
    return tried < limit ? Optional.of(firstSeed + tried) : Optional.empty();
  }

  private Optional<Schedule> nextOrder() {
    if (last == null) {
      return Optional.of(Schedule.fifo());
    }
    branch(last);
    if (pending.isEmpty() && !moreThanPending) {
      return Optional.empty();
    }
    ensureBelowLimit("orders of turns", "ALL");
    return Optional.of(Schedule.deviating(pending.remove(), -1, false));
  }

  /** Adds the orders that are the same up to a choice after the last deviation. */
  private void branch(Schedule from) {
    SortedMap<Integer, Integer> deviations = from.deviations();
    int first = deviations.isEmpty() ? 0 : deviations.lastKey() + 1;
    List<Choices.Choice> made = from.made();
    for (int point = first; point < made.size(); point++) {
      for (int pick = 1; pick < made.get(point).inRound(); pick++) {
        if (pending.size() + tried > limit) {
          moreThanPending = true;
          return;
        }
        SortedMap<Integer, Integer> branch = new TreeMap<>(deviations);
        branch.put(point, pick);
        pending.add(branch);
      }
    }
  }

  /** The first run is not cancelled, to see that it is well then. */
  private Optional<Schedule> nextCancellation() {
    if (last == null) {
      return Optional.of(Schedule.fifo());
    }
    if (tried > 1 && !last.injected()) {
      return Optional.empty();
    }
    ensureBelowLimit("turns after which to cancel", "CANCELLATION");
    return Optional.of(Schedule.cancelling(tried - 1));
  }

  private void ensureBelowLimit(String what, String name) {
    if (tried >= limit) {
      throw new AssertionError(
          "Mode "
              + name
              + ": there are more than "
              + limit
              + " "
              + what
              + ", too many to try all. None of those that were tried failed. Make the test smaller"
              + " (fewer tasks, fewer checkpoints), raise the limit, or use RANDOM or PCT, which"
              + " draw some.");
    }
  }
}
