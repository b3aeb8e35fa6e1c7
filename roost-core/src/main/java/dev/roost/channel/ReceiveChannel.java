package dev.roost.channel;

import dev.roost.AsyncConsumer;
import dev.roost.CheckReturnValue;
import java.util.Optional;

/**
 * The end of a channel that items come out of. Many tasks may use one end, or copies of it: each
 * item goes to one of them.
 *
 * {@snippet file="dev/roost/channel/ChannelSamplesTest.java" region="channel"}
 *
 * @param <T> what is received
 * @see MemoryChannel
 */
public interface ReceiveChannel<T> extends AutoCloseable {

  /**
   * Receives an item, and waits until there is one. A checkpoint. If it throws, no item was taken.
   *
   * @return the item
   * @throws InterruptedException if cancelled
   * @throws EndOfChannelException if all send ends are closed and nothing is left, also while the
   *     task waits
   * @throws ChannelClosedException if this end is closed, also while the task waits
   * @throws IllegalStateException outside a run, or in another run than the channel's
   */
  T receive() throws InterruptedException;

  /**
   * Like {@link #receive}, for those who expect the end. A checkpoint.
   *
   * @return the item, empty if all send ends are closed and nothing is left
   * @throws InterruptedException if cancelled
   * @throws ChannelClosedException if this end is closed, also while the task waits
   * @throws IllegalStateException outside a run, or in another run than the channel's
   */
  Optional<T> receiveOrEnd() throws InterruptedException;

  /**
   * Receives an item if one is there. Not a checkpoint. Does not overtake those who wait.
   *
   * @return the item, empty if none is there now
   * @throws EndOfChannelException if all send ends are closed and nothing is left
   * @throws ChannelClosedException if this end is closed
   * @throws IllegalStateException outside a run, or in another run than the channel's
   */
  Optional<T> receiveNow();

  /**
   * Receives items until the end of the channel and hands each to {@code action}. A checkpoint for
   * each item and one for the end. Does not close this end.
   *
   * @param action what to do with an item; if it throws, that comes out of here and no more items
   *     are taken
   * @param <X> what it may throw
   * @throws X what the action throws
   * @throws InterruptedException if cancelled
   * @throws ChannelClosedException if this end is closed, also while the task waits
   * @throws IllegalStateException outside a run, or in another run than the channel's
   */
  <X extends Exception> void forEach(AsyncConsumer<? super T, X> action)
      throws X, InterruptedException;

  /**
   * Another end of the same channel, which is closed on its own: senders are turned away when the
   * last receive end is closed. It competes with this one for the items. Not a checkpoint.
   *
   * @return a new open end
   * @throws ChannelClosedException if this end is closed
   * @throws IllegalStateException outside a run, or in another run than the channel's
   */
  @CheckReturnValue
  ReceiveChannel<T> copy();

  /**
   * How the channel stands. Not a checkpoint.
   *
   * @return a snapshot
   */
  ChannelStatistics statistics();

  /**
   * Closes this end. Tasks that are receiving at it get {@link ChannelClosedException}. If it was
   * the last receive end, what is in the buffer is gone, and senders get {@link
   * BrokenChannelException}. Nothing happens the second time. Not a checkpoint, and works whatever
   * is cancelled.
   *
   * @throws IllegalStateException outside a run, or in another run than the channel's
   */
  @Override
  void close();
}
