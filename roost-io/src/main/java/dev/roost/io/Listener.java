package dev.roost.io;

import java.io.IOException;

/**
 * Something that streams come from: whoever connects becomes one. One task may accept at a time.
 *
 * @param <S> the streams
 */
public interface Listener<S extends ByteStream> extends AutoCloseable {

  /**
   * Waits for the next one to connect. If it is cancelled, nobody is lost. A checkpoint.
   *
   * @return the stream to it; the caller closes it
   * @throws java.nio.channels.ClosedChannelException if this listener is closed, also while the
   *     task waits
   * @throws IOException if the system cannot accept anybody at present
   * @throws InterruptedException if cancelled
   * @throws dev.roost.BusyResourceException if another task is accepting
   * @throws IllegalStateException outside the run that the listener belongs to
   */
  S accept() throws IOException, InterruptedException;

  /**
   * Closes the listener at once, not the streams that came from it: a task that waits in {@link
   * #accept} gets {@link java.nio.channels.ClosedChannelException}. Never waits, works whatever is
   * cancelled, and does nothing the second time. Not a checkpoint.
   */
  @Override
  void close();
}
