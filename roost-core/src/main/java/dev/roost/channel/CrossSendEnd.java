package dev.roost.channel;

import dev.roost.lowlevel.Checkpoints;
import java.util.Objects;

/** One send end of a channel between runs. */
final class CrossSendEnd<T> implements SendChannel<T> {

  final CrossChannel<T> channel;

  /** Guarded by the lock of the channel. */
  private boolean closed;

  CrossSendEnd(CrossChannel<T> channel) {
    this.channel = channel;
  }

  @Override
  public void send(T item) throws InterruptedException {
    Objects.requireNonNull(item, "SendChannel.send: the item is null; a channel carries no nulls");
    boolean inTask = CrossCall.begin("SendChannel.send");
    CrossCall<T> waiter = null;
    channel.lock.lock();
    try {
      ensureUsable("SendChannel.send");
      if (!channel.offer(item, null)) {
        waiter = CrossCall.enlist(channel, channel.senders, this, item, inTask);
      }
    } finally {
      channel.lock.unlock();
    }
    if (waiter != null) {
      var _ = waiter.await("SendChannel.send");
    } else if (inTask) {
      Checkpoints.letOthersRun();
    }
  }

  @Override
  public boolean sendNow(T item) {
    Objects.requireNonNull(
        item, "SendChannel.sendNow: the item is null; a channel carries no nulls");
    channel.lock.lock();
    try {
      ensureUsable("SendChannel.sendNow");
      return channel.offer(item, null);
    } finally {
      channel.lock.unlock();
    }
  }

  /** Called under the lock. */
  void ensureUsable(String operation) {
    ensureOpen(operation);
    if (channel.receiveEnds == 0) {
      throw channel.broken(operation);
    }
  }

  private void ensureOpen(String operation) {
    if (closed) {
      throw closed(operation, "");
    }
  }

  ChannelClosedException closed(String operation, String when) {
    return new ChannelClosedException(
        operation
            + ": this end of the channel between runs was closed"
            + when
            + ". Whoever goes on sending needs an end of its own: give it a copy().");
  }

  @Override
  public SendChannel<T> copy() {
    channel.lock.lock();
    try {
      ensureOpen("SendChannel.copy");
      channel.sendEnds++;
      return new CrossSendEnd<>(channel);
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
    return "SendChannel[" + channel + "]";
  }
}
