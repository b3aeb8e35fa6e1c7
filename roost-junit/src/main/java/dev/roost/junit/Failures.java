package dev.roost.junit;

import dev.roost.ExceptionGroup;
import dev.roost.testing.Schedule;
import dev.roost.testing.ScheduleMode;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** Makes what came out of a run fit to be shown by JUnit. */
final class Failures {

  private static final String ELSE_TOO =
      "\nThe same order of turns does not make it fail again: it depends on something else too,"
          + " such as real time, other threads, random numbers, or what an earlier run left"
          + " behind.";

  private Failures() {}

  /** The only error in a group, at whatever depth; otherwise the error itself. */
  static Throwable alone(Throwable error) {
    Throwable at = error;
    while (at instanceof ExceptionGroup group && group.errors().size() == 1) {
      at = group.errors().getFirst();
    }
    return at;
  }

  /**
   * Says which order of tasks it was. In a search the message itself does; nothing else would tell
   * them apart.
   */
  static Throwable named(Throwable error, TestSettings settings, Trials.Trial trial) {
    String replay = replay(settings, trial);
    if (replay == null || error instanceof TestAbortedException || error instanceof SeedNote) {
      return error;
    }
    if (!settings.exploring()) {
      error.addSuppressed(new SeedNote("The test ran " + replay + storyOf(trial)));
      return error;
    }
    return OrderFailure.of(message(error, settings, trial, true), error);
  }

  /** What a failure in one of several orders says. */
  static String message(
      Throwable error, TestSettings settings, Trials.Trial trial, boolean failsAgain) {
    Schedule schedule = trial.schedule();
    String shorter =
        schedule == null || !isDrawn(settings)
            ? ""
            : "\nThe order of turns that this comes down to: -Droost.schedule=" + schedule.code();
    return "Failed "
        + replay(settings, trial)
        + ": "
        + error
        + (failsAgain ? shorter : ELSE_TOO)
        + storyOf(trial);
  }

  private static String storyOf(Trials.Trial trial) {
    Schedule schedule = trial.schedule();
    return schedule == null ? "" : "\n" + schedule.story().strip();
  }

  private static boolean isDrawn(TestSettings settings) {
    return settings.mode() == ScheduleMode.RANDOM || settings.mode() == ScheduleMode.PCT;
  }

  /** How to have the same order again; null if that is nothing special. */
  private static @Nullable String replay(TestSettings settings, Trials.Trial trial) {
    Schedule schedule = trial.schedule();
    if (schedule != null && (!isDrawn(settings) || settings.schedule() != null)) {
      String given = settings.schedule();
      String code = given == null ? schedule.code() : given;
      return "under the schedule "
          + code
          + "; to replay it: @RoostTest(schedule = \""
          + code
          + "\"), or -Droost.schedule="
          + code;
    }
    Long seed = trial.seed();
    return seed == null
        ? null
        : "with seed "
            + seed
            + "; to replay it: @RoostTest(seed = "
            + seed
            + (fitsInt(seed) ? "" : "L")
            + (settings.mode() == ScheduleMode.PCT ? ", mode = PCT" : "")
            + "), or -Droost.seed="
            + seed;
  }

  private static boolean fitsInt(long seed) {
    return seed == (int) seed;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <X extends Throwable> X sneaky(Throwable error) throws X {
    throw (X) error;
  }

  /** Hangs on a failure as a suppressed exception. */
  private static final class SeedNote extends RuntimeException {

    private static final long serialVersionUID = 1;

    SeedNote(String message) {
      super(message, null, false, false);
    }
  }
}
