package dev.roost.channel;

import dev.roost.lowlevel.Line;
import org.jspecify.annotations.Nullable;

/** Somebody who waits to send an item: a task, or a task that selects. */
abstract class SendWaiter<T> extends Line.Place {

  /** Where it sends; closing that ends the wait. */
  final SendEnd<T> end;

  SendWaiter(SendEnd<T> end) {
    this.end = end;
  }

  /**
   * Gives the item up, once, and goes on; it is out of the line. Null if it has got something else,
   * and keeps the item.
   */
  abstract @Nullable T take();

  /** Goes on without having sent; it is out of the line. */
  abstract void fail(RuntimeException error);
}
