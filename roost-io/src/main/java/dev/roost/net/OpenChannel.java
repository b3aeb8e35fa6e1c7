package dev.roost.net;

import dev.roost.lowlevel.Readiness;
import dev.roost.lowlevel.RunBinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;

/**
 * A channel in non-blocking mode that is open in a run: used by its tasks alone, closed at the
 * latest when the run ends (R16).
 *
 * <pre>
 *   OPEN --- close, by a task of the run, or by the run at its end ---> CLOSED
 *    |  close by anybody else: IllegalStateException                       |  close: nothing happens, whoever calls
 * </pre>
 *
 * @param <C> the channel
 */
final class OpenChannel<C extends SelectableChannel> {

  private final C channel;
  private final RunBinding binding = new RunBinding();
  private final Readiness.Opened opened;
  private boolean closed;

  /**
   * Takes a channel over: it is this object's to close from now on, also if the constructor throws.
   *
   * @param owner what the run closes if the program does not
   */
  OpenChannel(C channel, AutoCloseable owner) throws IOException {
    this.channel = channel;
    try {
      binding.check(owner.getClass().getSimpleName());
      channel.configureBlocking(false);
      this.opened = Readiness.opened(owner);
    } catch (Throwable t) {
      discard(channel, t);
      throw t;
    }
  }

  C channel() {
    return channel;
  }

  boolean isClosed() {
    return closed;
  }

  /** Makes sure that the caller is a task of the run; {@code operation} is for the message. */
  void ensureInRun(String operation) {
    binding.check(operation);
  }

  /** The same, and the first half of a checkpoint. */
  void startCheckpoint(String operation) throws InterruptedException {
    binding.startCheckpoint(operation);
  }

  /** The second half of a checkpoint, for what was done without waiting. */
  void endCheckpoint() throws InterruptedException {
    binding.endCheckpoint();
  }

  void ensureOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  /** Closes it and wakes those who wait for it; {@code operation} is for the message. */
  void close(String operation) {
    close(operation, () -> {});
  }

  /** The same, and does something else while it is still open. */
  void close(String operation, Runnable before) {
    if (closed) {
      return;
    }
    binding.check(operation);
    closed = true;
    opened.closed();
    try {
      before.run();
    } finally {
      closeChannel(operation);
    }
  }

  private void closeChannel(String operation) {
    try {
      close(channel);
    } catch (IOException e) {
      throw new UncheckedIOException(
          operation + ": the system reported an error while it closed a channel.", e);
    }
  }

  /** Closes a channel of the current run that may be registered with its selector. */
  private static void close(SelectableChannel channel) throws IOException {
    if (!channel.isRegistered()) {
      SharedPorts.close(channel);
      return;
    }
    Readiness.notifyClosing(channel);
    try {
      SharedPorts.close(channel);
    } finally {
      Readiness.closed();
    }
  }

  /** Closes a channel because of an error, which goes on with whatever the closing adds to it. */
  static void discard(SelectableChannel channel, Throwable because) {
    try {
      close(channel);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }
}
