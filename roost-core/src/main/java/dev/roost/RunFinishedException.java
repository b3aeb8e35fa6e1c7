package dev.roost;

/** Something was asked of a run that has ended. */
public class RunFinishedException extends IllegalStateException {

  private static final long serialVersionUID = 1;

  /**
   * Makes the exception.
   *
   * @param message what was asked, and of which run
   */
  public RunFinishedException(String message) {
    super(message);
  }
}
