package dev.roost.io;

import dev.roost.AsyncConsumer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

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
   * Receives until the end and hands each piece to {@code action}, in a buffer that may be used
   * again for the next one. If it is cancelled inside the action, what that had of its piece is its
   * affair. A checkpoint for each piece and one for the end.
   *
   * @param action what to do with a piece; if it throws, that comes out of here
   * @param <X> what it may throw
   * @throws X what the action throws
   * @throws IOException as for {@link #receiveSome(ByteBuffer)}
   * @throws InterruptedException if cancelled
   * @throws dev.roost.BusyResourceException if another task is receiving
   * @throws IllegalStateException outside the run that the stream belongs to
   */
  default <X extends Exception> void forEachPiece(AsyncConsumer<? super ByteBuffer, X> action)
      throws X, IOException, InterruptedException {
    Objects.requireNonNull(action, "forEachPiece: the action is null");
    ByteBuffer piece = ByteBuffer.allocate(16 * 1024);
    while (receiveSome(piece.clear()) >= 0) {
      action.accept(piece.flip());
    }
  }

  /**
   * Sends all that comes, until the end of this stream, to another one; closes neither, and sends
   * no end. If it is cancelled, or sending fails, what was received last is lost. A checkpoint.
   *
   * @param to where the bytes go
   * @return how many bytes there were
   * @throws IOException if either stream fails
   * @throws InterruptedException if cancelled
   * @throws dev.roost.BusyResourceException if another task is receiving here or sending there
   * @throws IllegalStateException outside the run that the streams belong to
   */
  default long transferTo(SendStream to) throws IOException, InterruptedException {
    Objects.requireNonNull(to, "transferTo: the other stream is null");
    long[] count = {0};
    this.<IOException>forEachPiece(piece -> {
      count[0] += piece.remaining();
      to.sendAll(piece);
    });
    return count[0];
  }

  /**
   * Closes the stream at once: a task that waits in it gets {@link
   * java.nio.channels.ClosedChannelException}. Never waits, works whatever is cancelled, and does
   * nothing the second time. Not a checkpoint.
   */
  @Override
  void close();
}
