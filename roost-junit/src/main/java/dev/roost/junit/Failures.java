package dev.roost.junit;

import dev.roost.ExceptionGroup;
import dev.roost.testing.Schedule;
import dev.roost.testing.ScheduleMode;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** Makes what came out of a run fit to be shown by JUnit. */
final class Failures {

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
    Schedule schedule = trial.schedule();
    String story = schedule == null ? "" : "\n" + schedule.story().strip();
    if (!settings.exploring()) {
      error.addSuppressed(new SeedNote("The test ran " + replay + story));
      return error;
    }
    String shorter =
        schedule == null || !isDrawn(settings)
            ? ""
            : "\nThe order of turns that this comes down to: -Droost.schedule=" + schedule.code();
    String message = "Failed " + replay + ": " + error + shorter + story;
    return error instanceof AssertionFailedError failed && failed.isExpectedDefined()
        ? new AssertionFailedError(message, failed.getExpected(), failed.getActual(), error)
        : new AssertionFailedError(message, error);
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
