package dev.roost.channel;

import dev.roost.AsyncConsumer;
import dev.roost.lowlevel.Checkpoints;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One receive end of a channel between runs. */
final class CrossReceiveEnd<T> implements ReceiveChannel<T> {

  final CrossChannel<T> channel;

  /** Guarded by the lock of the channel. */
  private boolean closed;

  CrossReceiveEnd(CrossChannel<T> channel) {
    this.channel = channel;
  }

  @Override
  public T receive() throws InterruptedException {
    T item = take("ReceiveChannel.receive");
    if (item == null) {
      throw ended("ReceiveChannel.receive");
    }
    return item;
  }

  @Override
  public Optional<T> receiveOrEnd() throws InterruptedException {
    return Optional.ofNullable(take("ReceiveChannel.receiveOrEnd"));
  }

  /** The next item, null at the end. */
  private @Nullable T take(String operation) throws InterruptedException {
    boolean inTask = CrossCall.begin(operation);
    CrossCall<T> waiter = null;
    T item;
    channel.lock.lock();
    try {
      ensureOpen(operation);
      item = channel.poll(null);
      if (item == null && channel.sendEnds > 0) {
        waiter = CrossCall.enlist(channel, channel.receivers, this, null, inTask);
      }
    } finally {
      channel.lock.unlock();
    }
    if (waiter != null) {
      return waiter.await(operation);
    }
    if (inTask) {
      Checkpoints.letOthersRun();
    }
    return item;
  }

  @Override
  public Optional<T> receiveNow() {
    channel.lock.lock();
    try {
      ensureOpen("ReceiveChannel.receiveNow");
      T item = channel.poll(null);
      if (item == null && channel.sendEnds == 0) {
        throw ended("ReceiveChannel.receiveNow");
      }
      return Optional.ofNullable(item);
    } finally {
      channel.lock.unlock();
    }
  }

  @Override
  public <X extends Exception> void forEach(AsyncConsumer<? super T, X> action)
      throws X, InterruptedException {
    Objects.requireNonNull(action, "ReceiveChannel.forEach: the action is null");
    for (T item; (item = take("ReceiveChannel.forEach")) != null; ) {
      action.accept(item);
    }
  }

  static EndOfChannelException ended(String operation) {
    return new EndOfChannelException(
        operation
            + ": all send ends of this channel between runs are closed and nothing is left to receive. If the end is"
            + " expected, use receiveOrEnd or forEach.");
  }

  /** Called under the lock. */
  void ensureOpen(String operation) {
    if (closed) {
      throw closed(operation, "");
    }
  }

  ChannelClosedException closed(String operation, String when) {
    return new ChannelClosedException(
        operation
            + ": this end of the channel between runs was closed"
            + when
            + ". Whoever goes on receiving needs an end of its own: give it a copy().");
  }

  @Override
  public ReceiveChannel<T> copy() {
    channel.lock.lock();
    try {
      ensureOpen("ReceiveChannel.copy");
      channel.receiveEnds++;
      return new CrossReceiveEnd<>(channel);
    } finally {
      channel.lock.unlock();
    }
  }

  @Override
  public ChannelStatistics statistics() {
    return channel.statistics();
  }

  @Override
  public void close() {
    channel.lock.lock();
    try {
      if (!closed) {
        closed = true;
        channel.closed(this);
      }
    } finally {
      channel.lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "ReceiveChannel[" + channel + "]";
  }
}
