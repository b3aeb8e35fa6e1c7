package dev.roost;

import dev.roost.internal.Fiber;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A run on a thread of its own, for programs whose life something else governs: beans, frameworks,
 * tests. It has nothing to do but what comes through its {@link #portal()}, until it is closed.
 *
 * {@snippet file="dev/roost/PortalSamplesTest.java" region="background"}
 *
 * <p>Its thread is a daemon: a run that nobody closes does not keep the JVM alive. It ends early if
 * an action posted to it fails.
 */
public final class BackgroundRun implements AutoCloseable {

  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Run run;
  private final Thread thread;
  private final Duration grace;

  /** What the run threw, until somebody who closes it has thrown that on. */
  private final AtomicReference<@Nullable Throwable> error = new AtomicReference<>();

  private BackgroundRun(RunOptions options) {
    Duration onShutdown = options.shutdownGrace();
    grace = onShutdown == null ? GRACE : onShutdown;
    run = new Run(options, BackgroundRun::serve, false, true);
    thread = Thread.ofPlatform().daemon().name("roost-" + run.name).unstarted(this::execute);
  }

  static BackgroundRun open(RunOptions options) {
    Fiber outer = Fiber.currentFiberOrNull();
    if (outer != null) {
      throw new IllegalStateException(
          "Roost.open was called inside a task of a run ("
              + outer
              + "), where to close it would stop all other tasks."
              + " Open a Nursery instead; or, if it must be a run of its own, open and close it inside"
              + " Blocking.run(() -> …).");
    }
    BackgroundRun opened = new BackgroundRun(options);
    opened.thread.start();
    return opened;
  }

  /** The main task. */
  private static void serve() throws InterruptedException {
    CancelScope.untilStopping().run(Roost::sleepForever);
    TaskFiber me = TaskFiber.current();
    me.run.portals.closeAndAwait(me);
  }

  private void execute() {
    try {
      run.execute(Thread.currentThread());
    } catch (Throwable thrown) {
      error.set(thrown);
    }
  }

  /**
   * The door into the run.
   *
   * @return the portal; after the end of the run it throws {@link RunFinishedException}
   */
  public Portal portal() {
    return run.portals.handOut();
  }

  /**
   * Ends the run in order and waits until it has ended: like {@link #close(Duration)} with the
   * grace given to {@link RunOptions#cancelOnShutdown}, or 5 seconds.
   *
   * @throws IllegalStateException as for {@link #close(Duration)}
   */
  @Override
  public void close() {
    close(grace);
  }

  /**
   * Ends the run in order and waits until it has ended. It is {@linkplain CancelScope#softCancel
   * soft-cancelled}: no new calls are taken through the portal, calls that are going on may end by
   * themselves, and when the grace is over they are cancelled, and their callers get {@link
   * RunFinishedException}. If the calling thread is interrupted, they are cancelled at once; it
   * waits all the same, and its interrupt status is set when this returns.
   *
   * <p>What ended the run with an error comes out here, as it is, once. Closing again waits for the
   * end and does nothing else; of several graces the one that ends first counts. Safe from any
   * thread outside the run.
   *
   * @param atMost the grace
   * @throws IllegalArgumentException if the grace is negative
   * @throws IllegalStateException if called inside the run, which would wait for itself, or by a
   *     task of another run, outside a blocking section
   */
  public void close(Duration atMost) {
    long nanos = Times.timeout(atMost, "BackgroundRun.close");
    ensureMayWait();
    run.scheduler.post(() -> run.root.softCancel(atMost, nanos, "by BackgroundRun.close"));
    awaitEnd();
    Throwable thrown = error.getAndSet(null);
    Bodies.throwIfAny(thrown);
  }

  private void ensureMayWait() {
    TaskFiber running = TaskFiber.currentOrNull();
    boolean inside =
        running == null
            ? Fiber.ofThisThread() instanceof TaskFiber blocking && blocking.run == run
            : running.run == run;
    if (inside) {
      throw new IllegalStateException(
          "BackgroundRun.close was called inside the run "
              + run.name
              + " itself, which would wait for its own end. Let"
              + " whoever opened it close it.");
    }
    if (running != null) {
      throw new IllegalStateException(
          "BackgroundRun.close was called by "
              + running
              + " of the run "
              + running.run.name
              + ": all tasks of that run would stop meanwhile. Call it inside Blocking.run(() -> …).");
    }
  }

  private void awaitEnd() {
    boolean interrupted = false;
    for (; ; ) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        run.scheduler.post(() ->
            run.root.cancel(new CancelCause.Own("the thread that closes it was interrupted")));
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The name of the run, and whether it goes on. */
  @Override
  public String toString() {
    return "BackgroundRun[" + run.name + (thread.isAlive() ? "]" : ", ended]");
  }
}
