package dev.roost.file;

import dev.roost.AsyncConsumer;
import dev.roost.CancelScope;
import dev.roost.channel.ChannelClosedException;
import dev.roost.channel.ChannelStatistics;
import dev.roost.channel.ReceiveChannel;
import dev.roost.lowlevel.Readiness;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A channel without a sender: items are fetched when somebody wants one, so that there are never
 * more of them in memory than one fetch brings.
 */
final class PullChannel<T> implements ReceiveChannel<T> {

  private final Pulling<T> pulling;
  private final Readiness.Opened opened;

  /** One for each task that waits at this end. */
  private final List<CancelScope> waiting = new ArrayList<>();

  private boolean closed;

  /** The first end of a channel; the producer is closed with the last one. */
  PullChannel(String name, Producer<T> producer) {
    this(new Pulling<>(name, producer));
  }

  @SuppressWarnings("this-escape") // the run only keeps it, to close it at its end
  private PullChannel(Pulling<T> pulling) {
    this.pulling = pulling;
    pulling.binding.check("ReceiveChannel");
    this.opened = Readiness.opened(this);
    pulling.openEnds++;
  }

  @Override
  public T receive() throws InterruptedException {
    T item = take("ReceiveChannel.receive");
    if (item == null) {
      throw pulling.ended("ReceiveChannel.receive");
    }
    return item;
  }

  @Override
  public Optional<T> receiveOrEnd() throws InterruptedException {
    return Optional.ofNullable(take("ReceiveChannel.receiveOrEnd"));
  }

  @Override
  public Optional<T> receiveNow() {
    pulling.binding.check("ReceiveChannel.receiveNow");
    ensureOpen("ReceiveChannel.receiveNow");
    T item = pulling.items.poll();
    if (item == null && pulling.atEnd) {
      throw pulling.ended("ReceiveChannel.receiveNow");
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
    pulling.binding.startCheckpoint(operation);
    ensureOpen(operation);
    if (pulling.items.isEmpty() && !pulling.atEnd) {
      fetch();
      ensureOpen(operation);
      return pulling.items.poll();
    }
    T item = pulling.items.poll();
    pulling.binding.endCheckpoint();
    return item;
  }

  /** Waits for items, until there are some, the end has come, or this end is closed. */
  private void fetch() throws InterruptedException {
    CancelScope wait = CancelScope.create();
    waiting.add(wait);
    try {
      var _ = wait.run(pulling::fetch);
    } finally {
      waiting.remove(wait);
    }
  }

  private void ensureOpen(String operation) {
    if (closed) {
      throw new ChannelClosedException(
          operation
              + ": this end of "
              + pulling.name
              + " was closed. A task that goes on receiving needs an end of its own: give it a"
              + " copy().");
    }
  }

  @Override
  public ReceiveChannel<T> copy() {
    pulling.binding.check("ReceiveChannel.copy");
    ensureOpen("ReceiveChannel.copy");
    return new PullChannel<>(pulling);
  }

  @Override
  public ChannelStatistics statistics() {
    return pulling.statistics();
  }

  @Override
  public void close() {
    if (!closed) {
      pulling.binding.check("ReceiveChannel.close");
      closed = true;
      opened.closed();
      waiting.forEach(wait -> wait.cancel("the channel was closed"));
      pulling.endClosed();
    }
  }

  /** What it gives, and how it stands. */
  @Override
  public String toString() {
    return "ReceiveChannel[" + (closed ? "closed, " : "") + pulling.name + "]";
  }
}
