package dev.roost.internal;

import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What other threads want done in a run: small actions that the holder of the baton takes over. A
 * burst costs one wake-up, because only the thread that finds {@link #pending} unset wakes the run.
 *
 * <p>No wake-up is lost: a poster first adds, then sets {@code pending}, then looks whether the run
 * is idle; the run first says that it is idle, then looks at {@code pending}.
 */
final class Inbox {

  private static final int MOST_AT_ONCE = 1024;

  private final ConcurrentLinkedQueue<Runnable> actions = new ConcurrentLinkedQueue<>();
  private volatile boolean pending;
  private volatile boolean closed;

  boolean pending() {
    return pending;
  }

  /** Adds an action, from any thread; false if the run has ended and nobody would do it. */
  boolean add(Runnable action) {
    if (closed) {
      return false;
    }
    actions.add(action);
    return !closed
        || !actions.remove(action); // closed meanwhile: either we take it back, or it was done
  }

  /** Says that something was added; true if the caller has to wake the run. */
  boolean signal() {
    if (pending) {
      return false;
    }
    pending = true;
    return true;
  }

  /** Runs what has arrived, a bounded number at a time so that nobody can starve the tasks. */
  void drain() {
    pending = false;
    for (int done = 0; done < MOST_AT_ONCE; done++) {
      Runnable action = actions.poll();
      if (action == null) {
        return;
      }
      action.run();
    }
    pending = true;
  }

  /** Ends it: what was accepted before is done, what comes later is refused. */
  void close() {
    closed = true;
    for (Runnable action; (action = actions.poll()) != null; ) {
      action.run();
    }
  }
}
