package dev.roost.internal;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * The threads that one run on carrier OWN keeps for what blocks; all are gone when it is closed.
 */
final class HelperThreads {

  static {
    // One rehearsal with everything, where there is plenty of stack. The first use may be at the
    // very bottom of one, where nothing can be loaded any more, and what was tried once and failed
    // does so for ever.
    HelperThreads rehearsal = new HelperThreads();
    rehearsal.execute(Thread::onSpinWait); // nothing of this class, which is not initialised yet
    rehearsal.pool.close();
  }

  private final ThreadFactory factory =
      Thread.ofPlatform().daemon().name("roost-blocking-", 1).factory();

  private final ExecutorService pool = Executors.newCachedThreadPool(this::make);

  /** The pool says that it is closed before its last threads have ended. */
  private final Endings endings = new Endings();

  /** Has everything in place that is needed at the bottom of a stack. */
  static void prepare() {
    // The class is initialised now.
  }

  private synchronized Thread make(Runnable worker) {
    Thread thread = factory.newThread(worker);
    endings.add(thread);
    return thread;
  }

  void execute(Runnable task) {
    pool.execute(task);
  }

  /** Waits until all that was given is done, and until the threads have ended. */
  void close(Threads carrier) {
    pool.close();
    endings.awaitAll(carrier);
  }
}
