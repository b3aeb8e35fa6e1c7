package dev.roost.testing;

/** What a schedule brings to light that the program does not throw by itself. */
final class ScheduleError extends AssertionError {

  private static final long serialVersionUID = 1;

  /** What is wrong. */
  enum Kind {
    /** All tasks wait for each other. */
    DEADLOCK,
    /** It goes on and on. */
    ENDLESS,
    /** It neither ends nor moves, and cannot be cancelled. */
    STUCK,
    /** Streams were left open. */
    LEAK,
    /** A cancellation was delivered, and did not come out. */
    SWALLOWED,
    /** A cancellation was delivered, and something else came out. */
    OTHER_ERROR
  }

  final Kind kind;

  ScheduleError(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  ScheduleError(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Whether two failures are the same, as far as that can be told. */
  static boolean same(Throwable one, Throwable other) {
    if (one instanceof ScheduleError first && other instanceof ScheduleError second) {
      return first.kind == second.kind;
    }
    return one.getClass() == other.getClass();
  }
}
