package dev.roost.junit;

import dev.roost.ExceptionGroup;
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
   * Says which seed it was. In a search the message itself does; nothing else would tell them
   * apart.
   */
  static Throwable named(Throwable error, TestSettings settings, @Nullable Long seed) {
    if (seed == null || error instanceof TestAbortedException || error instanceof SeedNote) {
      return error;
    }
    String replay =
        "with seed "
            + seed
            + "; to replay it: @RoostTest(seed = "
            + seed
            + (fitsInt(seed) ? "" : "L")
            + "), or -Droost.seed="
            + seed;
    if (!settings.exploring()) {
      error.addSuppressed(new SeedNote("The test ran " + replay));
      return error;
    }
    String message = "Failed " + replay + ": " + error;
    return error instanceof AssertionFailedError failed && failed.isExpectedDefined()
        ? new AssertionFailedError(message, failed.getExpected(), failed.getActual(), error)
        : new AssertionFailedError(message, error);
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
