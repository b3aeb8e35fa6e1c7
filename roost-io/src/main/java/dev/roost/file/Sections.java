package dev.roost.file;

import dev.roost.AsyncCallable;
import dev.roost.AsyncRunnable;
import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.lowlevel.Checkpoints;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How this package calls the file system: always on helper threads. A call that is stuck in the
 * kernel (a dead network drive, a FIFO) holds the thread of the system that it runs on, and would
 * take a carrier from all virtual threads of the JVM. Nor is a thread ever interrupted: the JDK
 * closes a file whose reader is.
 */
final class Sections {

  private Sections() {}

  /**
   * A call that changes nothing: when cancelled it is left behind, and what it finds is dropped.
   */
  static <T extends @Nullable Object, X extends Exception> T look(AsyncCallable<T, X> code)
      throws X, InterruptedException {
    return Blocking.abandoning().call(code);
  }

  /** A call that changes something: when cancelled it is awaited, and counts as done. */
  static <X extends Exception> void change(AsyncRunnable<X> code) throws X, InterruptedException {
    Checkpoints.throwIfCancelled();
    shielded(code);
  }

  /** The same, also if the caller is cancelled already: for cleaning up. */
  static <X extends Exception> void shielded(AsyncRunnable<X> code) throws X, InterruptedException {
    var _ = CancelScope.create().shielded().run(() -> Blocking.abandoning().run(code));
  }

  /** The same, with a result. */
  static <T, X extends Exception> T changing(AsyncCallable<T, X> code)
      throws X, InterruptedException {
    Checkpoints.throwIfCancelled();
    return CancelScope.create()
        .shielded()
        .call(() -> Blocking.abandoning().call(code))
        .orElseThrow(); // nobody can cancel it
  }

  /** Opens something: when cancelled it is left behind, and closed when it is open after all. */
  static <C extends Closeable> C open(Opening<C> code) throws IOException, InterruptedException {
    Handover<C> handover = new Handover<>();
    try {
      return Blocking.abandoning().call(() -> handover.made(code.open()));
    } catch (Throwable t) {
      handover.abandon();
      throw t;
    }
  }

  /** How something is opened. */
  interface Opening<C extends Closeable> {
    C open() throws IOException;
  }

  /** What a helper opens, for a task that may be gone by then. */
  private static final class Handover<C extends Closeable> {

    private @Nullable C made;
    private boolean abandoned;

    synchronized C made(C resource) throws IOException {
      if (abandoned) {
        resource.close();
      } else {
        made = resource;
      }
      return resource;
    }

    synchronized void abandon() throws IOException {
      abandoned = true;
      if (made != null) {
        made.close();
      }
    }
  }
}
