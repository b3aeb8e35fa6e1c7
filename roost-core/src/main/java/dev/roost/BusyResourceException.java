package dev.roost;

/**
 * Two tasks used something at once that takes one at a time, such as one direction of a stream. The
 * second one gets this; the first one goes on undisturbed. To fix it, give the direction to one
 * task, or put a lock around it.
 */
public class BusyResourceException extends IllegalStateException {

  private static final long serialVersionUID = 1;

  /**
   * Makes the exception.
   *
   * @param message what is busy, and who keeps it so
   */
  public BusyResourceException(String message) {
    super(message);
  }
}
