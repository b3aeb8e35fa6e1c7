package dev.roost.internal;

import java.util.concurrent.locks.LockSupport;

/**
 * Virtual threads on the scheduler of the JDK. Blocking sections stay where they are: other
 * carriers run the others.
 */
final class SharedThreads implements Threads {

  /** For how long a host spins before it parks for the first time: a short run is over by then. */
  private static final long FIRST_SPIN = 20_000;

  private static final boolean MAY_SPIN = Runtime.getRuntime().availableProcessors() > 1;
  private static final int SPINS_PER_LOOK = 64;

  private boolean spun;

  SharedThreads() {
    ExtraCarriers.prepare();
  }

  @Override
  public Thread create(Fiber fiber) {
    Thread.Builder.OfVirtual builder =
        Thread.ofVirtual().inheritInheritableThreadLocals(false).uncaughtExceptionHandler(fiber);
    String name = fiber.threadName();
    return (name == null ? builder : builder.name(name)).unstarted(fiber);
  }

  @Override
  public boolean waitInPlace() {
    return true;
  }

  @Override
  public boolean hasWork() {
    return false;
  }

  @Override
  public boolean attend(Host host) {
    if (!spun) {
      spun = true;
      if (MAY_SPIN && !Thread.currentThread().isVirtual() && spin(host)) {
        return true;
      }
    }
    host.sleepsUntil(Timer.NEVER);
    if (!host.hasBaton()) {
      try {
        LockSupport.park(host);
      } catch (StackOverflowError tooDeep) { // see Fiber.awaitBaton
        host.pauseOnCarrier();
      }
    }
    host.isUp();
    return true;
  }

  private static boolean spin(Host host) {
    long end = System.nanoTime() + FIRST_SPIN;
    do {
      for (int i = 0; i < SPINS_PER_LOOK; i++) {
        if (host.hasBaton()) {
          return true;
        }
        Thread.onSpinWait();
      }
    } while (System.nanoTime() < end);
    return false;
  }

  @Override
  public void runPending() {}

  @Override
  public void leave(Fiber fiber) {}

  @Override
  public void staysMounted(Fiber fiber) {
    ExtraCarriers.keeps(+1);
    try {
      while (!fiber.isAboutToRun()) {
        fiber.pauseOnCarrier();
        ExtraCarriers.nudge();
      }
    } finally {
      ExtraCarriers.keeps(-1);
    }
  }

  @Override
  public void comeBack(Fiber fiber) {}

  @Override
  public void settle(Fiber fiber) {}

  @Override
  public void close() {}
}
