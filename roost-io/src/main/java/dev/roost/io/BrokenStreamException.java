package dev.roost.io;

import java.io.IOException;

/**
 * A stream broke for a reason outside the program, such as a connection that the other side reset.
 * The cause says what it was. The stream is of no use any more, but still wants to be closed.
 */
public class BrokenStreamException extends IOException {

  private static final long serialVersionUID = 1;

  /**
   * Makes the exception, for a stream that was broken by something other than an exception.
   *
   * @param message which stream, and how it broke
   */
  public BrokenStreamException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message which stream, and what the task was doing with it
   * @param cause what broke it
   */
  public BrokenStreamException(String message, Throwable cause) {
    super(message, cause);
  }
}
