package dev.roost.channel;

import java.io.Serial;

/**
 * All send ends of a channel are closed, and everything that was sent has been received: nothing
 * will ever come.
 */
public class EndOfChannelException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  /**
   * The channel has ended.
   *
   * @param message what was called, and why it cannot work
   */
  public EndOfChannelException(String message) {
    super(message);
  }
}
