package dev.roost.file;

import dev.roost.Blocking;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Calls that bring one piece after the other out of something that cannot go back, such as a FIFO.
 * A call that a cancelled task left behind goes on, and what it brings is for the next.
 *
 * <pre>
 *   IDLE --- a helper begins ---> GOING --- it ended ---> READY --- the task takes it ---> IDLE
 *     |                             | close: the helper closes the source when it ends
 *     +--- close: the source is closed
 * </pre>
 *
 * @param <T> the pieces
 */
final class Ahead<T> implements Closeable {

  /** Where the pieces come from. */
  interface Source<T> extends Closeable {
    /** The next piece. Called on helper threads, by one at a time. */
    T next() throws IOException;
  }

  private final Source<T> source;

  // ---- guarded by the monitor

  private boolean going;
  private boolean closed;
  private @Nullable T ready;
  private @Nullable IOException error;

  Ahead(Source<T> source) {
    this.source = source;
  }

  /** The next piece. A checkpoint; one task at a time. */
  T next() throws IOException, InterruptedException {
    Blocking.abandoning().run(this::bring);
    return take();
  }

  /** Sees to it that there is something to take. On a helper thread. */
  private void bring() throws InterruptedException {
    synchronized (this) {
      while (going) {
        wait(); // for what a call has begun that was left behind
      }
      if (ready != null || error != null || closed) {
        return;
      }
      going = true;
    }
    T piece = null;
    IOException failure = null;
    try {
      piece = source.next();
    } catch (IOException e) {
      failure = e;
    } catch (UncheckedIOException e) {
      failure = e.getCause();
    } finally {
      ended(piece, failure);
    }
  }

  private synchronized void ended(@Nullable T piece, @Nullable IOException failure) {
    going = false;
    ready = piece;
    error = failure;
    notifyAll();
    if (closed) {
      closeSource();
    }
  }

  private synchronized T take() throws IOException {
    T piece = ready;
    ready = null;
    if (piece == null) {
      throw error == null ? new java.nio.channels.ClosedChannelException() : error;
    }
    return piece;
  }

  /** Closes the source, or leaves that to the helper that is using it. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (!going) {
        closeSource();
      }
    }
  }

  private void closeSource() {
    try {
      source.close();
    } catch (IOException e) {
      if (error == null) {
        error = e;
      } else {
        error.addSuppressed(e);
      }
    }
  }
}
