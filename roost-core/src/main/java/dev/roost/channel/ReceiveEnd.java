package dev.roost.channel;

import dev.roost.AsyncConsumer;
import dev.roost.lowlevel.Suspension;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One receive end of a channel in memory. */
final class ReceiveEnd<T> implements ReceiveChannel<T> {

  final Channel<T> channel;
  private boolean closed;

  ReceiveEnd(Channel<T> channel) {
    this.channel = channel;
  }

  @Override
  public T receive() throws InterruptedException {
    T item = take("ReceiveChannel.receive");
    if (item == null) {
      throw channel.ended("ReceiveChannel.receive");
    }
    return item;
  }

  @Override
  public Optional<T> receiveOrEnd() throws InterruptedException {
    return Optional.ofNullable(take("ReceiveChannel.receiveOrEnd"));
  }

  @Override
  public Optional<T> receiveNow() {
    channel.binding.check("ReceiveChannel.receiveNow");
    ensureOpen("ReceiveChannel.receiveNow");
    T item = channel.poll();
    if (item == null && channel.sendEnds == 0) {
      throw channel.ended("ReceiveChannel.receiveNow");
    }
    return Optional.ofNullable(item);
  }

  @Override
  public <X extends Exception> void forEach(AsyncConsumer<? super T, X> action)
      throws X, InterruptedException {
    Objects.requireNonNull(action, "ReceiveChannel.forEach: the action is null");
    for (T item; (item = take("ReceiveChannel.forEach")) != null; ) {
      action.accept(item);
    }
  }

  /** A whole checkpoint that gives the next item, or null at the end. */
  private @Nullable T take(String operation) throws InterruptedException {
    Channel<T> from = channel;
    from.binding.startCheckpoint(operation);
    ensureOpen(operation);
    T item = from.poll();
    if (item != null || from.sendEnds == 0) {
      from.binding.endCheckpoint();
      return item;
    }
    return new Receiving<>(this).await();
  }

  void ensureOpen(String operation) {
    if (closed) {
      throw closed(operation, "");
    }
  }

  ChannelClosedException closed(String operation, String when) {
    return new ChannelClosedException(
        operation
            + ": this end of the channel was closed"
            + when
            + ". A task that goes on receiving needs an end of its own: give it a copy().");
  }

  @Override
  public ReceiveChannel<T> copy() {
    channel.binding.check("ReceiveChannel.copy");
    ensureOpen("ReceiveChannel.copy");
    channel.receiveEnds++;
    return new ReceiveEnd<>(channel);
  }

  @Override
  public ChannelStatistics statistics() {
    return channel.statistics();
  }

  @Override
  public void close() {
    if (!closed) {
      channel.binding.check("ReceiveChannel.close");
      closed = true;
      channel.closed(this);
    }
  }

  @Override
  public String toString() {
    return "ReceiveChannel[" + (closed ? "closed, " : "") + channel + "]";
  }

  /** A task that waits for an item. */
  private static final class Receiving<T> extends ReceiveWaiter<T>
      implements Suspension.AbortHandler {

    private final Suspension<@Nullable T> suspension;

    Receiving(ReceiveEnd<T> end) {
      super(end);
      this.suspension = Suspension.create(end);
    }

    /** The item, null at the end. */
    @Nullable T await() throws InterruptedException {
      end.channel.await(this);
      return suspension.await(this);
    }

    @Override
    boolean give(T item) {
      suspension.resume(item);
      return true;
    }

    @Override
    void end() {
      suspension.resume(null);
    }

    @Override
    void fail(RuntimeException error) {
      suspension.fail(error);
    }

    @Override
    public boolean abort(Throwable cancellation) {
      end.channel.receivers.remove(this);
      return true;
    }
  }
}
