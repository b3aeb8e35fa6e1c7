package dev.roost.channel;

import dev.roost.CheckReturnValue;

/**
 * Channels between tasks of one run. An item goes to one receiver, in the order in which it was
 * sent; who waits longest is served first, on both sides.
 *
 * {@snippet file="dev/roost/channel/ChannelSamplesTest.java" region="channel"}
 *
 * <p>A channel that is full makes its senders wait: that is how a slow consumer slows its producers
 * down. The smallest capacity that does is the best one; start with zero.
 */
public final class MemoryChannel {

  private MemoryChannel() {}

  /**
   * The two ends of a new channel.
   *
   * @param sender where items go in
   * @param receiver where they come out
   * @param <T> what is sent
   */
  public record Ends<T>(SendChannel<T> sender, ReceiveChannel<T> receiver) {}

  /**
   * A channel with a buffer, or with none. Not a checkpoint; can be called anywhere. The channel is
   * bound to the first run that uses it.
   *
   * @param capacity how many items it can hold; with zero, each sender waits for its receiver
   * @param <T> what is sent
   * @return its two ends
   * @throws IllegalArgumentException if the capacity is negative
   */
  @CheckReturnValue
  public static <T> Ends<T> open(int capacity) {
    if (capacity < 0) {
      throw new IllegalArgumentException(
          "MemoryChannel.open: the capacity is negative ("
              + capacity
              + "). Zero is a rendezvous; for no limit call MemoryChannel.unbounded().");
    }
    Channel<T> channel = new Channel<>(capacity);
    return new Ends<>(new SendEnd<>(channel), new ReceiveEnd<>(channel));
  }

  /**
   * A channel with a buffer without a limit: sending never waits, so that a slow receiver lets it
   * grow until the memory is full. Not a checkpoint; can be called anywhere.
   *
   * @param <T> what is sent
   * @return its two ends
   */
  @CheckReturnValue
  public static <T> Ends<T> unbounded() {
    return open(Integer.MAX_VALUE);
  }
}
