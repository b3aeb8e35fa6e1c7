package dev.roost.io;

import java.io.IOException;

/**
 * What was to be read from a {@link BufferedStream} is longer than the reader allows. Nothing of it
 * was taken out of the stream, so that it can be read with a larger limit.
 */
public class LimitExceededException extends IOException {

  private static final long serialVersionUID = 1;

  private final int limit;

  /**
   * Makes the exception.
   *
   * @param message what was read, and what the limit is
   * @param limit how many bytes were allowed
   */
  public LimitExceededException(String message, int limit) {
    super(message);
    this.limit = limit;
  }

  /**
   * What was allowed. Not a checkpoint.
   *
   * @return the number of bytes
   */
  public int limit() {
    return limit;
  }
}
