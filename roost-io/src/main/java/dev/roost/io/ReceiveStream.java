package dev.roost.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Something that bytes come out of, in order, until the end. One task may receive at a time.
 *
 * {@snippet file="dev/roost/net/NetSamplesTest.java" region="receive"}
 */
public interface ReceiveStream extends AutoCloseable {

  /**
   * Receives what there is, waiting until there is something. If it is cancelled, no byte is lost.
   * A checkpoint.
   *
   * @param dst where to put the bytes; has room for at least one
   * @return how many came, at least 1; or -1 at the end of the stream, then and ever after
   * @throws java.nio.channels.ClosedChannelException if this stream is closed, also while the task
   *     waits
   * @throws BrokenStreamException if the stream broke: the bytes that were still to come are lost
   * @throws IOException only as one of the two above, unless the stream says otherwise
   * @throws InterruptedException if cancelled
   * @throws IllegalArgumentException if {@code dst} has no room
   * @throws dev.roost.BusyResourceException if another task is receiving
   * @throws IllegalStateException outside the run that the stream belongs to
   */
  int receiveSome(ByteBuffer dst) throws IOException, InterruptedException;

  /**
   * Receives what there is, but not more than {@code max} bytes, waiting until there is something.
   * If it is cancelled, no byte is lost. A checkpoint.
   *
   * @param max how many bytes at most, at least 1
   * @return the bytes that came, at least one; or an empty array at the end of the stream, then and
   *     ever after
   * @throws IOException as for {@link #receiveSome(ByteBuffer)}
   * @throws InterruptedException if cancelled
   * @throws IllegalArgumentException if {@code max} is less than 1
   * @throws dev.roost.BusyResourceException if another task is receiving
   * @throws IllegalStateException outside the run that the stream belongs to
   */
  default byte[] receiveSome(int max) throws IOException, InterruptedException {
    if (max < 1) {
      throw new IllegalArgumentException(
          "receiveSome: at most "
              + max
              + " bytes were asked for, and that is nothing to wait for. Ask for 1 or more.");
    }
    byte[] bytes = new byte[Math.min(max, 64 * 1024)];
    int count = receiveSome(ByteBuffer.wrap(bytes));
    return count == bytes.length ? bytes : Arrays.copyOf(bytes, Math.max(0, count));
  }

  /**
   * Closes the stream at once: a task that waits in it gets {@link
   * java.nio.channels.ClosedChannelException}. Never waits, works whatever is cancelled, and does
   * nothing the second time. Not a checkpoint.
   */
  @Override
  void close();
}
