package dev.roost.channel;

import java.io.Serial;

/** This end of a channel was closed, by this task or, while this one waited, by another. */
public class ChannelClosedException extends IllegalStateException {

  @Serial private static final long serialVersionUID = 1;

  /**
   * The end is closed.
   *
   * @param message what was called, and why it cannot work
   */
  public ChannelClosedException(String message) {
    super(message);
  }
}
