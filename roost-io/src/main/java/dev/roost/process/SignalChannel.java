package dev.roost.process;

import dev.roost.channel.ForwardingReceiveChannel;
import dev.roost.channel.ReceiveChannel;
import dev.roost.lowlevel.Readiness;

/** An end that signals come out of: that of a channel in memory, which knows when it is closed. */
final class SignalChannel implements ForwardingReceiveChannel<String> {

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
  public ReceiveChannel<String> target() {
    return end;
  }

  @Override
  public ReceiveChannel<String> copy() {
    return new SignalChannel(queue, end.copy());
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
