package dev.roost.channel;

import java.io.Serial;

/** All receive ends of a channel are closed: nobody will ever receive what is sent. */
public class BrokenChannelException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  /**
   * The channel is broken.
   *
   * @param message what was called, and why it cannot work
   */
  public BrokenChannelException(String message) {
    super(message);
  }
}
