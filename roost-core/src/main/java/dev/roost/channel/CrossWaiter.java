package dev.roost.channel;

import dev.roost.lowlevel.Line;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who waits at a channel between runs: a task or a thread in a {@link CrossCall}, or a task in a
 * {@link CrossSelect}.
 *
 * <pre>
 *                        serve, fail (whoever serves it, under the lock, having taken it out of line)
 *   IN LINE ---------------------------------------------------&gt; OVER --- its own thread hears of it
 *      |  cancelled, interrupted, or has got something else: takes itself out of line, under the lock
 *      +---------------------------------------------------------&gt; WITHDRAWN: nothing has happened
 * </pre>
 *
 * <p>Both ways out of IN LINE are taken under the lock of the channel, so exactly one is taken. Who
 * selects can be served only by whoever makes its {@link Choice}: see {@link #claim}.
 */
abstract class CrossWaiter<T> extends Line.Place {

  private final CrossChannel<T> channel;
  private final Line<CrossWaiter<T>> line;
  final Object end;

  /** Made by whoever serves it; null if it waits for nothing else. */
  final @Nullable Choice choice;

  // ---- guarded by the lock; what came of it is read by the waiter when it has been woken

  private @Nullable T item;
  private @Nullable RuntimeException error;

  CrossWaiter(
      CrossChannel<T> channel,
      Line<CrossWaiter<T>> line,
      Object end,
      @Nullable T item,
      @Nullable Choice choice) {
    this.channel = channel;
    this.line = line;
    this.end = end;
    this.item = item;
    this.choice = choice;
  }

  /** Makes sure that it still wants to be served; who succeeds serves or fails it. */
  final boolean claim() {
    return choice == null || choice.make();
  }

  /** What a sender brings. */
  final T item() {
    return Objects.requireNonNull(item);
  }

  /**
   * Ends the wait; it is out of line and claimed. For a receiver: null at the end of the channel.
   */
  final void serve(@Nullable T result) {
    item = result;
    wake();
  }

  /** Ends the wait with an error; it is out of line and claimed. */
  final void fail(RuntimeException thrown) {
    error = thrown;
    wake();
  }

  /** Takes it out of line; false if it was served before. */
  final boolean withdraw() {
    channel.lock.lock();
    try {
      return line.remove(this);
    } finally {
      channel.lock.unlock();
    }
  }

  /** Has the waiter go on; called under the lock, by any thread. */
  abstract void wake();

  /** What it got, once it was woken. */
  final @Nullable T result() {
    return item;
  }

  /** Why it got nothing, once it was woken. */
  final @Nullable RuntimeException error() {
    return error;
  }
}
