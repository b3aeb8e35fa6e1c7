package dev.roost.io;

import java.io.IOException;

/** A stream in both directions that can say "that was all from me" and still receive. */
public interface HalfCloseableStream extends ByteStream {

  /**
   * Says that nothing more will be sent: the other side, when it has received all, sees the end of
   * the stream. To send after that is a {@link java.nio.channels.ClosedChannelException}; to
   * receive goes on. Does nothing the second time. A checkpoint.
   *
   * @throws java.nio.channels.ClosedChannelException if this stream is closed
   * @throws BrokenStreamException if the stream broke
   * @throws IOException only as one of the two above, unless the stream says otherwise
   * @throws InterruptedException if cancelled; the direction is still open then
   * @throws dev.roost.BusyResourceException if another task is sending
   * @throws IllegalStateException outside the run that the stream belongs to
   */
  void sendEof() throws IOException, InterruptedException;
}
