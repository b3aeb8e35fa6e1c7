package dev.roost.lowlevel;

import dev.roost.BusyResourceException;
import dev.roost.internal.Fiber;
import dev.roost.internal.Poller;
import dev.roost.internal.Resources;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Waits for channels of the JDK in the selector of the run: what the streams of Roost are made of.
 * The channels must be in non-blocking mode. One task may wait for each channel and direction.
 */
public final class Readiness {

  private Readiness() {}

  /**
   * Waits until the channel can be read from, or accepted from. A checkpoint.
   *
   * @param channel a channel in non-blocking mode
   * @throws IOException {@link java.nio.channels.ClosedChannelException} if it is closed, also
   *     while the task waits
   * @throws InterruptedException if cancelled
   * @throws BusyResourceException if another task waits for the same
   * @throws IllegalArgumentException if it is a channel that is never read from, such as the sink
   *     of a pipe
   * @throws IllegalStateException if the channel is in blocking mode, or outside a run
   */
  public static void waitReadable(SelectableChannel channel)
      throws IOException, InterruptedException {
    await(channel, true);
  }

  /**
   * Waits until the channel can be written to, or has connected. A checkpoint.
   *
   * @param channel a channel in non-blocking mode
   * @throws IOException as for {@link #waitReadable}
   * @throws InterruptedException if cancelled
   * @throws BusyResourceException if another task waits for the same
   * @throws IllegalArgumentException if it is a channel that is never written to, such as a
   *     server's
   * @throws IllegalStateException as for {@link #waitReadable}
   */
  public static void waitWritable(SelectableChannel channel)
      throws IOException, InterruptedException {
    await(channel, false);
  }

  private static void await(SelectableChannel channel, boolean reading)
      throws IOException, InterruptedException {
    Objects.requireNonNull(channel, "Readiness: the channel is null");
    if (channel instanceof Own own) {
      own.awaitReady(reading);
      return;
    }
    Fiber me = Fiber.currentFiber();
    try {
      me.scheduler().poller().await(me, channel, reading);
    } catch (Poller.Busy busy) {
      throw busy(me, reading, busy);
    }
  }

  /**
   * That the channel can be read from, or accepted from, as one of several things that a task waits
   * for: for {@code Select.on}. It is taken without reading anything, and also when the channel is
   * closed. Not a checkpoint.
   *
   * @param channel a channel in non-blocking mode
   * @return a source that gives the channel; {@link BusyResourceException} comes out of its methods
   *     if another task waits for the same
   */
  public static Selectable<SelectableChannel> readable(SelectableChannel channel) {
    return selectable(channel, true);
  }

  /**
   * Like {@link #readable}, that the channel can be written to, or has connected.
   *
   * @param channel a channel in non-blocking mode
   * @return a source that gives the channel
   */
  public static Selectable<SelectableChannel> writable(SelectableChannel channel) {
    return selectable(channel, false);
  }

  private static Selectable<SelectableChannel> selectable(
      SelectableChannel channel, boolean reading) {
    Objects.requireNonNull(channel, "Readiness: the channel is null");
    return channel instanceof Own own
        ? own.selectable(reading)
        : new SelectableReadiness(channel, reading);
  }

  /** What a task is told that comes second. */
  static BusyResourceException busy(Fiber me, boolean reading, Poller.Busy busy) {
    return new BusyResourceException(
        "Two tasks wait for "
            + (reading ? "input" : "output")
            + " on the same channel: "
            + me
            + " came while "
            + busy.holder()
            + " was waiting. Give each direction to one task, or put a lock around it.");
  }

  /**
   * Says that the channel is about to be closed: those who wait for it get {@link
   * java.nio.channels.ClosedChannelException}. Call it before {@code channel.close()}, then {@link
   * #closed()}. Not a checkpoint.
   *
   * @param channel the channel
   * @throws IllegalStateException outside a run
   */
  public static void notifyClosing(SelectableChannel channel) {
    Objects.requireNonNull(channel, "Readiness.notifyClosing: the channel is null");
    Fiber.currentFiber().scheduler().poller().closing(channel);
  }

  /**
   * Says that channels were closed: the system lets go of their descriptors and ports at once. Not
   * a checkpoint.
   *
   * @throws IllegalStateException outside a run
   */
  public static void closed() {
    Fiber.currentFiber().scheduler().poller().flush();
  }

  /**
   * Remembers that something is open, so that the run closes it when the program forgets to. Not a
   * checkpoint.
   *
   * @param resource how to close it; its {@code toString} names it in the report
   * @return to be told when it was closed
   * @throws IllegalStateException outside a run
   */
  public static Opened opened(AutoCloseable resource) {
    Objects.requireNonNull(resource, "Readiness.opened: the resource is null");
    return new Opened(Fiber.currentFiber().scheduler().resources(), resource);
  }

  /**
   * A channel that no selector knows, because it knows itself when it is ready: one of a simulated
   * network. Whoever waits for it with {@link #waitReadable} or {@link #waitWritable} waits here.
   * When it is closed, it has those who wait throw {@link java.nio.channels.ClosedChannelException}
   * by itself.
   */
  public interface Own {

    /**
     * Waits until the channel is ready, as {@link #waitReadable} and {@link #waitWritable} say. A
     * checkpoint.
     *
     * @param reading whether for input, rather than for output
     * @throws IOException {@link java.nio.channels.ClosedChannelException} if it is closed, also
     *     while the task waits
     * @throws InterruptedException if cancelled
     * @throws BusyResourceException if another task waits for the same
     */
    void awaitReady(boolean reading) throws IOException, InterruptedException;

    /**
     * That the channel is ready, as one of several things that a task waits for. Not a checkpoint.
     *
     * @param reading whether for input, rather than for output
     * @return a source that gives the channel, also when it is closed
     * @throws UnsupportedOperationException if it cannot be selected
     */
    default Selectable<SelectableChannel> selectable(boolean reading) {
      throw new UnsupportedOperationException(
          "Readiness: a channel of " + getClass().getName() + " cannot be waited for in a Select.");
    }
  }

  /** Something that is open in a run. */
  public static final class Opened {

    private final Resources resources;
    private Resources.@Nullable Entry entry;

    private Opened(Resources resources, AutoCloseable resource) {
      this.resources = resources;
      this.entry = resources.opened(resource);
    }

    /** Says that it was closed; nothing happens the second time. Not a checkpoint. */
    public void closed() {
      if (entry != null) {
        resources.closed(entry);
        entry = null;
      }
    }
  }
}
