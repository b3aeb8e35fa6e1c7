package dev.roost.testing;

import dev.roost.AsyncRunnable;
import dev.roost.CancelScope;
import dev.roost.RunOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One order in which the tasks of a run get their turns, and possibly a moment at which its body is
 * cancelled. It is for one run, and says afterwards what happened in it. {@link Schedules} makes
 * and tries them; by itself it is for those who integrate them into something else, such as a test
 * framework.
 *
 * {@snippet file="dev/roost/testing/SchedulesSamplesTest.java" region="schedule"}
 */
public final class Schedule {

  private static final String FIFO = "fifo";

  private final String description;
  private final int cancelAt;
  private final Choices choices;
  private final Watch watch;
  private volatile Runnable onStuck = () -> {};
  private boolean used;

  private Schedule(String description, Picker picker, int cancelAt, boolean noting) {
    this.description = description;
    this.cancelAt = cancelAt;
    this.choices = new Choices(picker, noting);
    this.watch = new Watch(cancelAt, () -> onStuck.run());
  }

  /**
   * First come, first served. Not a checkpoint.
   *
   * @return a schedule for one run
   */
  public static Schedule fifo() {
    return new Schedule(FIFO, Picker.fifo(), -1, false);
  }

  /**
   * The order that {@link RunOptions#seed} gives: see {@link ScheduleMode#RANDOM}. Not a
   * checkpoint.
   *
   * @param seed what it is drawn from
   * @return a schedule for one run
   */
  public static Schedule random(long seed) {
    return new Schedule("seed " + seed, Picker.random(seed), -1, false);
  }

  /**
   * Priorities with change points: see {@link ScheduleMode#PCT}. Not a checkpoint.
   *
   * @param seed what they are drawn from
   * @param depth how many events in the wrong order a bug needs that it can be sure to find; one
   *     less is the number of change points
   * @return a schedule for one run
   * @throws IllegalArgumentException if the depth is less than 1
   */
  public static Schedule pct(long seed, int depth) {
    if (depth < 1) {
      throw new IllegalArgumentException(
          "Schedule.pct: the depth is " + depth + ". It is at least 1, for priorities that stay.");
    }
    return new Schedule("seed " + seed + " of PCT", Picker.pct(seed, depth), -1, false);
  }

  /**
   * First come, first served, with a cancellation. Not a checkpoint.
   *
   * @param step after how many turns the body is cancelled; 0 for before the first
   * @return a schedule for one run
   * @throws IllegalArgumentException if the step is negative
   */
  public static Schedule cancelling(int step) {
    if (step < 0) {
      throw new IllegalArgumentException(
          "Schedule.cancelling: the step is " + step + ". 0 cancels before the first turn.");
    }
    return new Schedule("cancelling after turn " + step, Picker.fifo(), step, false);
  }

  static Schedule deviating(SortedMap<Integer, Integer> deviations, int cancelAt, boolean noting) {
    return new Schedule(
        codeOf(deviations, cancelAt), Picker.deviating(deviations), cancelAt, noting);
  }

  /**
   * The schedule that a {@link #code} stands for. Not a checkpoint.
   *
   * @param code as a failure named it
   * @return a schedule for one run
   * @throws IllegalArgumentException if it is not a code
   */
  public static Schedule of(String code) {
    return of(code, false);
  }

  /** As {@link #of(String)}; notes where tasks are when one goes before another. */
  static Schedule of(String code, boolean noting) {
    Objects.requireNonNull(code, "Schedule.of: the code is null");
    int cancelAt = -1;
    SortedMap<Integer, Integer> deviations = new TreeMap<>();
    for (String part : code.strip().split("-", -1)) {
      if (part.matches("c\\d{1,9}")) {
        cancelAt = Integer.parseInt(part.substring(1));
      } else if (part.matches("\\d{1,9}\\.\\d{1,9}")) {
        int dot = part.indexOf('.');
        deviations.put(
            Integer.parseInt(part.substring(0, dot)), Integer.parseInt(part.substring(dot + 1)));
      } else if (!part.equals(FIFO)) {
        throw new IllegalArgumentException(
            "Schedule.of: \""
                + code
                + "\" is no schedule. A failure names one, such as \"3.1-7.2\": at choice 3 the task"
                + " at index 1, at choice 7 that at index 2; \"c5\" cancels after turn 5; \"fifo\""
                + " is first come, first served.");
      }
    }
    return deviating(deviations, cancelAt, noting);
  }

  /**
   * Options for the run in which this schedule is to be followed. Not a checkpoint.
   *
   * @param options for everything else
   * @return a changed copy
   * @throws IllegalStateException if it was given to a run before
   */
  public RunOptions in(RunOptions options) {
    if (used) {
      throw new IllegalStateException(
          "Schedule: " + this + " was used before. Make a new one for each run.");
    }
    used = true;
    return options.turnOrder(choices).instrument(watch);
  }

  /**
   * Runs a body in that run, in the main task: ends it if it stands still or goes on for ever, and
   * cancels it if that is what this schedule does. Several bodies may come one after another. Not a
   * checkpoint itself.
   *
   * @param body the body
   * @param <X> what it may throw
   * @throws X what the body throws
   * @throws InterruptedException if cancelled from outside
   * @throws AssertionError if the body stands still, goes on for ever, or does not let the
   *     cancellation out
   */
  public <X extends Exception> void run(AsyncRunnable<X> body) throws X, InterruptedException {
    run(Objects.requireNonNull(body, "Schedule.run: the body is null"), true);
  }

  /**
   * Like {@link #run}, for what comes before the body or checks something after it: it is not
   * cancelled, unless it stands still or goes on for ever. Not a checkpoint itself.
   *
   * @param check the code
   * @param <X> what it may throw
   * @throws X what the code throws
   * @throws InterruptedException if cancelled from outside
   * @throws AssertionError if the code stands still or goes on for ever
   */
  public <X extends Exception> void runUncancelled(AsyncRunnable<X> check)
      throws X, InterruptedException {
    run(Objects.requireNonNull(check, "Schedule.runUncancelled: the code is null"), false);
  }

  private <X extends Exception> void run(AsyncRunnable<X> body, boolean mayCancel)
      throws X, InterruptedException {
    CancelScope scope = CancelScope.create();
    boolean completed = false;
    Throwable error = null;
    watch.begin(scope, mayCancel);
    try {
      completed = scope.run(body);
    } catch (Throwable t) {
      error = t;
    } finally {
      watch.end();
    }
    Throwable verdict = watch.verdict(completed, error);
    if (verdict != null) {
      throw Schedule.<X>sneaky(verdict);
    }
  }

  /** Throws what the caller cannot throw as far as the compiler knows. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <X extends Throwable> X sneaky(Throwable error) throws X {
    throw (X) error;
  }

  /**
   * The choices that were made, as a short text that {@link #of} understands. With what they were
   * drawn from out of play, it is the same for all that differ from first come, first served in the
   * same turns. Not a checkpoint.
   *
   * @return the code
   */
  public String code() {
    return codeOf(deviations(), cancelAt);
  }

  private static String codeOf(Map<Integer, Integer> deviations, int cancelAt) {
    List<String> parts = new ArrayList<>();
    if (cancelAt >= 0) {
      parts.add("c" + cancelAt);
    }
    deviations.forEach((point, pick) -> parts.add(point + "." + pick));
    return parts.isEmpty() ? FIFO : String.join("-", parts);
  }

  /** What was chosen other than first come, first served. */
  SortedMap<Integer, Integer> deviations() {
    return choices.deviations();
  }

  List<Choices.Choice> made() {
    return choices.made();
  }

  int cancelAt() {
    return cancelAt;
  }

  /** What was left open in the run, which has ended. */
  @Nullable AssertionError leak() {
    return watch.leak();
  }

  /** Why the body was ended, if it was. */
  @Nullable ScheduleError ending() {
    return watch.ending();
  }

  /** Whether the body was cancelled, as planned. */
  boolean injected() {
    return watch.injected();
  }

  /** Has somebody told, from a thread of the run, that the body hangs for good. */
  void onStuck(Runnable action) {
    onStuck = action;
  }

  /**
   * The turns that mattered: those that were not first come, first served, and the last ones. For
   * messages. Not a checkpoint.
   *
   * @return some lines of text
   */
  public String story() {
    return Story.of(choices.made());
  }

  /** What it was made from. */
  @Override
  public String toString() {
    return "Schedule[" + description + "]";
  }

  /** How it is named in the message of a failure. */
  String description() {
    return description;
  }

  static @Nullable String property() {
    return System.getProperty("roost.schedule");
  }
}
