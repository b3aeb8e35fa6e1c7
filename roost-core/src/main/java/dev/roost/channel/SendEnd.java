package dev.roost.channel;

import dev.roost.lowlevel.Suspension;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One send end of a channel in memory. */
final class SendEnd<T> implements SendChannel<T> {

  final Channel<T> channel;
  private boolean closed;

  SendEnd(Channel<T> channel) {
    this.channel = channel;
  }

  @Override
  public void send(T item) throws InterruptedException {
    Objects.requireNonNull(item, "SendChannel.send: the item is null; a channel carries no nulls");
    Channel<T> to = channel;
    to.binding.startCheckpoint("SendChannel.send");
    ensureUsable("SendChannel.send");
    if (to.offer(item)) {
      to.binding.endCheckpoint();
    } else {
      new Sending<>(this, item).await();
    }
  }

  @Override
  public boolean sendNow(T item) {
    Objects.requireNonNull(
        item, "SendChannel.sendNow: the item is null; a channel carries no nulls");
    channel.binding.check("SendChannel.sendNow");
    ensureUsable("SendChannel.sendNow");
    return channel.offer(item);
  }

  void ensureUsable(String operation) {
    if (closed) {
      throw closed(operation, "");
    }
    if (channel.receiveEnds == 0) {
      throw channel.broken(operation);
    }
  }

  ChannelClosedException closed(String operation, String when) {
    return new ChannelClosedException(
        operation
            + ": this end of the channel was closed"
            + when
            + ". A task that goes on sending needs an end of its own: give it a copy().");
  }

  @Override
  public SendChannel<T> copy() {
    channel.binding.check("SendChannel.copy");
    if (closed) {
      throw closed("SendChannel.copy", "");
    }
    channel.sendEnds++;
    return new SendEnd<>(channel);
  }

  @Override
  public ChannelStatistics statistics() {
    return channel.statistics();
  }

  @Override
  public void close() {
    if (!closed) {
      channel.binding.check("SendChannel.close");
      closed = true;
      channel.closed(this);
    }
  }

  @Override
  public String toString() {
    return "SendChannel[" + (closed ? "closed, " : "") + channel + "]";
  }

  /** A task that waits in {@link #send}. */
  private static final class Sending<T> extends SendWaiter<T> implements Suspension.AbortHandler {

    private final T item;
    private final Suspension<@Nullable Void> suspension;

    Sending(SendEnd<T> end, T item) {
      super(end);
      this.item = item;
      this.suspension = Suspension.create(end);
    }

    void await() throws InterruptedException {
      end.channel.senders.add(this);
      suspension.await(this);
    }

    @Override
    T take() {
      suspension.resume(null);
      return item;
    }

    @Override
    void fail(RuntimeException error) {
      suspension.fail(error);
    }

    @Override
    public boolean abort(Throwable cancellation) {
      end.channel.senders.remove(this);
      return true;
    }
  }
}
