package dev.roost.channel;

import dev.roost.lowlevel.Line;

/** Somebody who waits for an item: a task, or a task that selects. */
abstract class ReceiveWaiter<T> extends Line.Place {

  /** Where it receives; closing that ends the wait. */
  final ReceiveEnd<T> end;

  ReceiveWaiter(ReceiveEnd<T> end) {
    this.end = end;
  }

  /** Gets the item and goes on; it is out of the line. False if it has got something else. */
  abstract boolean give(T item);

  /** Goes on because nothing will come; it is out of the line. */
  abstract void end();

  /** Goes on without having received; it is out of the line. */
  abstract void fail(RuntimeException error);
}
