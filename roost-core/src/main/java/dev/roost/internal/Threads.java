package dev.roost.internal;

/**
 * Where the virtual threads of a run are mounted: the seam between the carriers. The scheduler is
 * the same on each; what differs is who makes a fiber's thread, what the host does while the baton
 * is elsewhere, and where a blocking section runs.
 */
interface Threads {

  /**
   * A virtual thread for the fiber, not started, with the fiber as its uncaught-exception handler.
   */
  Thread create(Fiber fiber);

  /** Whether a fiber that finds nothing ready waits itself, rather than leave that to the host. */
  boolean waitInPlace();

  /** For the host's thread: whether there is something that only it can run. */
  boolean hasWork();

  /** For the host's thread: runs what only it can run and is there now. */
  void runPending();

  /**
   * For the host's thread, or one that stands in for it: does what only it can do, until the baton
   * lies with the host. False if another thread does the host's work now.
   */
  boolean attend(Host host);

  /** Called by a fiber that has let the baton go: its thread is about to block. */
  void leave(Fiber fiber);

  /**
   * Called by a fiber that is about to wait for the baton after a blocking section, or has it
   * already.
   */
  void comeBack(Fiber fiber);

  /**
   * Called by a fiber that waits for the baton, and could not be taken off the thread below it: its
   * stack is too deep for that. Waits, and keeps that thread meanwhile.
   */
  void staysMounted(Fiber fiber);

  /** Called by the same fiber when it has the baton. */
  void settle(Fiber fiber);

  /** Ends the threads that the run made for itself; called by the host when the run is finished. */
  void close();
}
