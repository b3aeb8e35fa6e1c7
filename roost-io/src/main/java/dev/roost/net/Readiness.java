package dev.roost.net;

import dev.roost.lowlevel.Selectable;
import java.io.IOException;
import java.nio.channels.SelectableChannel;

/**
 * Waits for channels of the JDK, for protocols that Roost has no stream for. The channels must be
 * in non-blocking mode. One task may wait for each channel and direction.
 *
 * {@snippet file="dev/roost/net/NetSamplesTest.java" region="readiness"}
 *
 * <p>Whoever closes a channel calls {@link #notifyClosing} first, so that nobody waits for it for
 * ever.
 */
public final class Readiness {

  private Readiness() {}

  /**
   * Waits until the channel can be read from, or accepted from. It may return too early: read, and
   * wait again if there is nothing. A checkpoint.
   *
   * @param channel a channel in non-blocking mode
   * @throws IOException {@link java.nio.channels.ClosedChannelException} if it is closed, also
   *     while the task waits
   * @throws InterruptedException if cancelled
   * @throws dev.roost.BusyResourceException if another task waits for the same
   * @throws IllegalStateException if the channel is in blocking mode, or outside a run
   */
  public static void waitReadable(SelectableChannel channel)
      throws IOException, InterruptedException {
    dev.roost.lowlevel.Readiness.waitReadable(channel);
  }

  /**
   * Waits until the channel can be written to, or its connecting can be finished. It may return too
   * early. A checkpoint.
   *
   * @param channel a channel in non-blocking mode
   * @throws IOException as for {@link #waitReadable}
   * @throws InterruptedException if cancelled
   * @throws dev.roost.BusyResourceException if another task waits for the same
   * @throws IllegalStateException as for {@link #waitReadable}
   */
  public static void waitWritable(SelectableChannel channel)
      throws IOException, InterruptedException {
    dev.roost.lowlevel.Readiness.waitWritable(channel);
  }

  /**
   * That the channel can be read from, or accepted from, as one of several things that a task waits
   * for: for {@code Select.on}. Nothing is read by that, and it is also taken when the channel is
   * closed. Not a checkpoint.
   *
   * @param channel a channel in non-blocking mode
   * @return a source that gives the channel; {@link dev.roost.BusyResourceException} comes out of
   *     the select if another task waits for the same
   */
  public static Selectable<SelectableChannel> readable(SelectableChannel channel) {
    return dev.roost.lowlevel.Readiness.readable(channel);
  }

  /**
   * Like {@link #readable}, that the channel can be written to, or has connected.
   *
   * @param channel a channel in non-blocking mode
   * @return a source that gives the channel
   */
  public static Selectable<SelectableChannel> writable(SelectableChannel channel) {
    return dev.roost.lowlevel.Readiness.writable(channel);
  }

  /**
   * Says that the channel is about to be closed: those who wait for it get {@link
   * java.nio.channels.ClosedChannelException}. Call it before {@code channel.close()}. Not a
   * checkpoint.
   *
   * @param channel the channel
   * @throws IllegalStateException outside a run
   */
  public static void notifyClosing(SelectableChannel channel) {
    dev.roost.lowlevel.Readiness.notifyClosing(channel);
  }

  /**
   * Says that a channel was closed: the system lets go of its descriptor and its port at once,
   * rather than at the next time that the run looks for events. Call it after {@code
   * channel.close()} where that matters. Not a checkpoint.
   *
   * @throws IllegalStateException outside a run
   */
  public static void closed() {
    dev.roost.lowlevel.Readiness.closed();
  }
}
