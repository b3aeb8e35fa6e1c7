package dev.roost.internal;

/**
 * Where the virtual threads of a run are mounted: the seam between the carriers. SHARED makes them on the JDK's own
 * scheduler.
 */
interface Threads {

  /** A virtual thread for the fiber, not started, with the fiber as its uncaught-exception handler. */
  Thread create(Fiber fiber);

  /** Virtual threads on the scheduler of the JDK. */
  static Threads shared() {
    return fiber -> {
      Thread.Builder.OfVirtual builder =
          Thread.ofVirtual().inheritInheritableThreadLocals(false).uncaughtExceptionHandler(fiber);
      String name = fiber.threadName();
      return (name == null ? builder : builder.name(name)).unstarted(fiber);
    };
  }
}
