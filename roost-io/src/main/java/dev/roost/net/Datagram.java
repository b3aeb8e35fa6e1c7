package dev.roost.net;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * One datagram as it arrived: what was in it, and who sent it.
 *
 * <p>The array is not copied: whoever changes it changes this datagram.
 */
public final class Datagram {

  private final byte[] bytes;
  private final InetSocketAddress sender;
  private final boolean truncated;

  private Datagram(byte[] bytes, InetSocketAddress sender, boolean truncated) {
    this.bytes = bytes;
    this.sender = sender;
    this.truncated = truncated;
  }

  /**
   * A whole datagram, for {@linkplain DatagramTransport transports} of one's own. Not a checkpoint.
   *
   * @param bytes what is in it; not copied
   * @param sender who sent it
   * @return the datagram
   */
  public static Datagram of(byte[] bytes, InetSocketAddress sender) {
    return new Datagram(
        Objects.requireNonNull(bytes, "Datagram.of: the bytes are null"),
        Objects.requireNonNull(sender, "Datagram.of: the sender is null"),
        false);
  }

  /**
   * The beginning of this datagram; the datagram itself if it is no longer than that. Not a
   * checkpoint.
   *
   * @param max how many bytes to keep at most
   * @return a datagram that says that it is {@link #truncated}, if bytes were cut off
   * @throws IllegalArgumentException if {@code max} is negative
   */
  public Datagram truncatedTo(int max) {
    if (max < 0) {
      throw new IllegalArgumentException(
          "Datagram.truncatedTo: at most " + max + " bytes cannot be kept. 0 keeps none.");
    }
    return bytes.length <= max ? this : new Datagram(Arrays.copyOf(bytes, max), sender, true);
  }

  /**
   * What is in it. Not a checkpoint.
   *
   * @return the bytes, none for an empty datagram
   */
  public byte[] bytes() {
    return bytes;
  }

  /**
   * What is in it, read as UTF-8. Not a checkpoint.
   *
   * @return the text; bytes that are none become replacement characters
   */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
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
   * Whether it was longer than the receiver had asked for: the rest of it is lost. Not a
   * checkpoint.
   *
   * @return true if bytes were cut off
   */
  public boolean truncated() {
    return truncated;
  }

  /** How long it is, and who sent it. */
  @Override
  public String toString() {
    return "Datagram["
        + bytes.length
        + (truncated ? " bytes, truncated, from " : " bytes from ")
        + Targets.text(sender)
        + "]";
  }
}
