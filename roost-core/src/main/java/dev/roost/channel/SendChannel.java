package dev.roost.channel;

import dev.roost.CheckReturnValue;

/**
 * The end of a channel that items are put in at. Many tasks may use one end; give each producer a
 * {@link #copy} of its own if it should end the channel when the last of them is done.
 *
 * {@snippet file="dev/roost/channel/ChannelSamplesTest.java" region="channel"}
 *
 * @param <T> what is sent
 * @see MemoryChannel
 */
public interface SendChannel<T> extends AutoCloseable {

  /**
   * Sends an item: hands it to a task that waits for one, else puts it in the buffer, else waits
   * until either can be done. A checkpoint. If it throws, the item was not sent, and nobody else
   * will ever see it.
   *
   * @param item what to send
   * @throws InterruptedException if cancelled
   * @throws ChannelClosedException if this end is closed, also while the task waits
   * @throws BrokenChannelException if all receive ends are closed, also while the task waits
   * @throws IllegalStateException outside a run, or in another run than the channel's
   */
  void send(T item) throws InterruptedException;

  /**
   * Sends an item if that needs no waiting. Not a checkpoint. Does not overtake those who wait.
   *
   * @param item what to send
   * @return true if it was sent
   * @throws ChannelClosedException if this end is closed
   * @throws BrokenChannelException if all receive ends are closed
   * @throws IllegalStateException outside a run, or in another run than the channel's
   */
  boolean sendNow(T item);

  /**
   * Another end of the same channel, which is closed on its own: the channel ends when the last
   * send end is closed. Not a checkpoint.
   *
   * @return a new open end
   * @throws ChannelClosedException if this end is closed
   * @throws IllegalStateException outside a run, or in another run than the channel's
   */
  @CheckReturnValue
  SendChannel<T> copy();

  /**
   * How the channel stands. Not a checkpoint.
   *
   * @return a snapshot
   */
  ChannelStatistics statistics();

  /**
   * Closes this end. Tasks that are sending at it get {@link ChannelClosedException}. If it was the
   * last send end, what is in the buffer can still be received, and then comes the end. Nothing
   * happens the second time. Not a checkpoint, and works whatever is cancelled.
   *
   * @throws IllegalStateException outside a run, or in another run than the channel's
   */
  @Override
  void close();
}
