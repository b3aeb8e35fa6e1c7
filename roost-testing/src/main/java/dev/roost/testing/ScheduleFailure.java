package dev.roost.testing;

/**
 * A schedule under which a body failed. Its message says how to run that one again, and which turns
 * mattered; its cause is what the body failed with.
 */
public final class ScheduleFailure extends AssertionError {

  private static final long serialVersionUID = 1;

  private final String schedule;
  private final int tried;

  ScheduleFailure(String message, Throwable cause, String schedule, int tried) {
    super(message, cause);
    this.schedule = schedule;
    this.tried = tried;
  }

  /** One that can be replayed; {@code how} says what it was found with. */
  static ScheduleFailure of(String how, Schedule failed, Throwable error, int tried) {
    String code = failed.code();
    return new ScheduleFailure(
        "Failed with "
            + how
            + ", schedule "
            + tried
            + ": "
            + error
            + "\nTo replay it: Schedules.replay(\""
            + code
            + "\", body), or -Droost.schedule="
            + code
            + "\n"
            + failed.story(),
        error,
        code,
        tried);
  }

  /**
   * The schedule with the fewest turns that were not first come, first served, for {@link
   * Schedules#replay} and {@code -Droost.schedule}.
   *
   * @return its code
   */
  public String schedule() {
    return schedule;
  }

  /**
   * How many schedules were tried, this one included.
   *
   * @return the number, 1 at least
   */
  public int tried() {
    return tried;
  }
}
