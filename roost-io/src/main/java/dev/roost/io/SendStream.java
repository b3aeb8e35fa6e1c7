package dev.roost.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Something that bytes go into, in order. One task may send at a time.
 *
 * {@snippet file="dev/roost/net/NetSamplesTest.java" region="send"}
 */
public interface SendStream extends AutoCloseable {

  /**
   * Sends all bytes, waiting for as long as the other side does not keep up. Nothing goes on in the
   * background: when it returns, the stream has taken every byte, and the buffer has none left.
   * Sending nothing is legal. A checkpoint.
   *
   * <p>If it is cancelled or fails, a part of the bytes may have gone out; the position of the
   * buffer tells how many the stream has taken.
   *
   * @param src what to send
   * @throws java.nio.channels.ClosedChannelException if this stream, or this direction of it, is
   *     closed, also while the task waits
   * @throws BrokenStreamException if the stream broke
   * @throws IOException only as one of the two above, unless the stream says otherwise
   * @throws InterruptedException if cancelled
   * @throws dev.roost.BusyResourceException if another task is sending
   * @throws IllegalStateException outside the run that the stream belongs to
   */
  void sendAll(ByteBuffer src) throws IOException, InterruptedException;

  /**
   * Sends all bytes of an array. If it is cancelled or fails, an unknown part of them may have gone
   * out. A checkpoint.
   *
   * @param bytes what to send
   * @throws IOException as for {@link #sendAll(ByteBuffer)}
   * @throws InterruptedException if cancelled
   * @throws dev.roost.BusyResourceException if another task is sending
   * @throws IllegalStateException outside the run that the stream belongs to
   */
  default void sendAll(byte[] bytes) throws IOException, InterruptedException {
    sendAll(ByteBuffer.wrap(bytes));
  }

  /**
   * Sends a text in UTF-8. If it is cancelled or fails, an unknown part of it may have gone out. A
   * checkpoint.
   *
   * @param utf8 what to send; what cannot be encoded (half a surrogate pair) is sent as {@code ?}
   * @throws IOException as for {@link #sendAll(ByteBuffer)}
   * @throws InterruptedException if cancelled
   * @throws dev.roost.BusyResourceException if another task is sending
   * @throws IllegalStateException outside the run that the stream belongs to
   */
  default void sendAll(CharSequence utf8) throws IOException, InterruptedException {
    sendAll(
        utf8 instanceof String text
            ? ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))
            : StandardCharsets.UTF_8.encode(CharBuffer.wrap(utf8)));
  }

  /**
   * Waits until {@link #sendAll(ByteBuffer)} would perhaps not wait: to make the bytes as late as
   * possible. It may return too early, never too late. A checkpoint.
   *
   * @throws IOException as for {@link #sendAll(ByteBuffer)}
   * @throws InterruptedException if cancelled
   * @throws dev.roost.BusyResourceException if another task is sending
   * @throws IllegalStateException outside the run that the stream belongs to
   */
  void waitSendAllMightNotBlock() throws IOException, InterruptedException;

  /**
   * Closes the stream at once: a task that waits in it gets {@link
   * java.nio.channels.ClosedChannelException}. Never waits, works whatever is cancelled, and does
   * nothing the second time. Not a checkpoint.
   */
  @Override
  void close();
}
