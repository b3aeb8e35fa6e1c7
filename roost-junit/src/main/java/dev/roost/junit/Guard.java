package dev.roost.junit;

import dev.roost.CancelScope;
import dev.roost.ExceptionGroup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts a cancel scope around what the main task does for JUnit, so that something else of the run
 * can end it: a fixture that crashed. Touched by tasks of the run alone.
 */
final class Guard {

  /** Something to be done. */
  @FunctionalInterface
  interface Attempt {
    void run() throws Throwable;
  }

  /** Around what the main task is at; null between two jobs. */
  private @Nullable CancelScope working;

  /** Whether that is a part of the test, and not of what cleans up after it. */
  private boolean interruptible;

  /** What ended it, until it is reported. */
  private @Nullable Throwable reason;

  /** Does something and gives what comes of it, or what ended it. */
  @Nullable Throwable run(boolean mayBeInterrupted, Attempt attempt) {
    CancelScope scope = CancelScope.create();
    working = scope;
    interruptible = mayBeInterrupted;
    Throwable error = null;
    try {
      scope.run(() -> {
        try {
          attempt.run();
        } catch (Throwable thrown) {
          throw Failures.<RuntimeException>sneaky(thrown);
        }
      });
    } catch (Throwable t) {
      error = t;
    }
    working = null;
    Throwable ended = reason;
    reason = null;
    if (ended == null || ended == error) {
      return error;
    }
    return error == null
        ? ended
        : new ExceptionGroup(
            "The test failed, and before that what it stands on", List.of(ended, error));
  }

  /** Ends the test with an error; false if it is not at the test, or has an error already. */
  boolean interrupt(Throwable why, String what) {
    return interruptible && end(why, what);
  }

  /** Ends whatever is being done with an error; false if nothing is, or that has one already. */
  boolean end(Throwable why, String what) {
    CancelScope scope = working;
    if (scope == null || reason != null) {
      return false;
    }
    reason = why;
    scope.cancel(what);
    return true;
  }
}
