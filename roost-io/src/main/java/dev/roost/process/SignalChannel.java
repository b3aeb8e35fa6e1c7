package dev.roost.process;

import dev.roost.AsyncConsumer;
import dev.roost.channel.ChannelStatistics;
import dev.roost.channel.ReceiveChannel;
import dev.roost.lowlevel.Readiness;
import java.util.Optional;

/** An end that signals come out of: that of a channel in memory, which knows when it is closed. */
final class SignalChannel implements ReceiveChannel<String> {

  private final SignalQueue queue;
  private final ReceiveChannel<String> end;
  private final Readiness.Opened opened;
  private boolean closed;

  @SuppressWarnings("this-escape") // the run only keeps it, to close it at its end
  SignalChannel(SignalQueue queue, ReceiveChannel<String> end) {
    this.queue = queue;
    this.end = end;
    this.opened = Readiness.opened(this);
    queue.endOpened();
  }

  @Override
  public String receive() throws InterruptedException {
    return end.receive();
  }

  @Override
  public Optional<String> receiveOrEnd() throws InterruptedException {
    return end.receiveOrEnd();
  }

  @Override
  public Optional<String> receiveNow() {
    return end.receiveNow();
  }

  @Override
  public <X extends Exception> void forEach(AsyncConsumer<? super String, X> action)
      throws X, InterruptedException {
    end.forEach(action);
  }

  @Override
  public ReceiveChannel<String> copy() {
    return new SignalChannel(queue, end.copy());
  }

  @Override
  public ChannelStatistics statistics() {
    return end.statistics();
  }

  @Override
  public void close() {
    if (!closed) {
      queue.closeEnd(end);
      closed = true;
      opened.closed();
    }
  }

  /** The signals, and how the channel stands. */
  @Override
  public String toString() {
    return "Signals[" + queue + ": " + end + "]";
  }
}
