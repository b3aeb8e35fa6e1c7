package dev.roost.net;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A datagram was longer than the buffer that was there for it: the buffer is full, and the rest is
 * lost.
 */
public final class DatagramTruncatedException extends IOException {

  private static final long serialVersionUID = 1;

  /** Who sent it. */
  private final InetSocketAddress sender;

  /** How many bytes it had. */
  private final int length;

  DatagramTruncatedException(InetSocketAddress sender, int length, int room) {
    super(
        "A datagram of "
            + length
            + " bytes from "
            + Targets.text(sender)
            + " did not fit into a buffer with room for "
            + room
            + ": the rest is lost. Give receive a bigger buffer; 65,535 bytes take every datagram.");
    this.sender = sender;
    this.length = length;
  }

  /**
   * Who sent it. Not a checkpoint.
   *
   * @return the address and port it came from
   */
  public InetSocketAddress sender() {
    return sender;
  }

  /**
   * How long it was. Not a checkpoint.
   *
   * @return the number of bytes that it had, more than there was room for
   */
  public int length() {
    return length;
  }
}
