package dev.roost.file;

import java.io.IOException;
import java.util.List;

/**
 * Brings the items of a {@link PullChannel}, some at a time.
 *
 * @param <T> the items
 */
interface Producer<T> {

  /**
   * The next items, none at the end. A checkpoint that loses nothing if it is cancelled; one task
   * at a time.
   */
  List<T> next() throws IOException, InterruptedException;

  /** Ends it; whoever waits in {@link #next} may be woken, but need not. Does not wait. */
  void close();
}
