package dev.roost.channel;

import dev.roost.CheckReturnValue;

/**
 * Channels between runs, and between runs and other threads. They keep the rules of a {@link
 * MemoryChannel}: first come, first served on both sides; a full one makes its senders wait; ends
 * can be copied, and the last one to be closed ends the channel.
 *
 * {@snippet file="dev/roost/RunsTest.java" region="cross-run"}
 *
 * <p>What differs:
 *
 * <ul>
 *   <li>Everything can be called by any thread. Called by a task, {@code send} and {@code receive}
 *       are checkpoints; on other threads, and in blocking sections, they block, and an interrupt
 *       ends the wait.
 *   <li>Items must be safe to hand from thread to thread. What was done before an item was sent is
 *       seen by whoever receives it.
 *   <li>Each operation takes a lock, and each wait a wake-up across threads: inside one run use a
 *       {@code MemoryChannel}.
 * </ul>
 *
 * <p>A send that is cancelled or interrupted while another thread takes the item has either sent it
 * or not, never both and never neither: if it has, it returns normally, and the cancellation comes
 * at the next checkpoint. The same holds for receiving. A {@link Select} of a task can wait for
 * both sides, along with other things: it takes exactly one, whoever is first.
 */
public final class CrossRunChannel {

  private CrossRunChannel() {}

  /**
   * The two ends of a new channel. Not a checkpoint; can be called anywhere.
   *
   * @param capacity how many items it can hold; with zero, each sender waits for its receiver
   * @param <T> what is sent
   * @return its two ends
   * @throws IllegalArgumentException if the capacity is negative
   */
  @CheckReturnValue
  public static <T> MemoryChannel.Ends<T> open(int capacity) {
    if (capacity < 0) {
      throw new IllegalArgumentException(
          "CrossRunChannel.open: the capacity is negative ("
              + capacity
              + "). Zero is a rendezvous.");
    }
    CrossChannel<T> channel = new CrossChannel<>(capacity);
    return new MemoryChannel.Ends<>(new CrossSendEnd<>(channel), new CrossReceiveEnd<>(channel));
  }
}
