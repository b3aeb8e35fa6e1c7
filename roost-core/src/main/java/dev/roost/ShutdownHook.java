package dev.roost;

import dev.roost.internal.Fiber;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends a run in order when the JVM is asked to end: a soft cancel at once, a cancel after the
 * grace. The hook waits for the unwinding, but not for ever: a second grace, so that a {@code
 * System.exit} inside a task, which itself waits for the hook, cannot hang. After the end of the
 * run it lets the thread that called {@code run} take the result. A second signal ends the JVM at
 * once.
 */
final class ShutdownHook {

  /** What a run may take beyond its grace, also if that is zero. */
  private static final long UNWINDING = TimeUnit.MILLISECONDS.toNanos(100);

  /** What the thread that called {@code run} may take for what it does with the end of the run. */
  private static final long AFTERMATH = TimeUnit.SECONDS.toNanos(3);

  private static final Duration LOOK = Duration.ofMillis(2);

  /** Seen waiting so often in a row, that thread does something else. */
  private static final int SETTLED = 25;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Run run;
  private final Duration grace;
  private final Thread caller;
  private final Thread thread;

  private ShutdownHook(Run run, Duration grace, Thread caller) {
    this.run = run;
    this.grace = grace;
    this.caller = caller;
    this.thread = new Thread(this::jvmEnds, "roost-shutdown-" + run.name);
  }

  /** What the JVM does when it ends. */
  private void jvmEnds() {
    SecondSignal.arm();
    shutDown();
  }

  void shutDown() {
    long once = Times.nanos(grace);
    run.scheduler.post(() -> run.root.softCancel(grace, once, "by the shutdown of the JVM"));
    if (isCalledByTask()) {
      return;
    }
    try {
      long twice = Times.plus(Times.plus(once, once), UNWINDING);
      if (ended.await(twice, TimeUnit.NANOSECONDS)) {
        awaitCaller();
      } else {
        System.getLogger("dev.roost")
            .log(
                System.Logger.Level.WARNING,
                "Roost: the run "
                    + run.name
                    + " did not end within twice its grace of "
                    + grace
                    + "; the JVM ends without it.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever interrupts a shutdown hook wants it to end
    }
  }

  /**
   * The thread that called {@code run} has what the run returned or threw: lets it print that, or
   * write it down, before the JVM is gone. It is waited for until it ends or waits for something
   * else; not for long, since it might as well begin with something new.
   */
  private void awaitCaller() throws InterruptedException {
    long begun = System.nanoTime();
    int waits = 0;
    while (waits < SETTLED && System.nanoTime() - begun < AFTERMATH && !caller.join(LOOK)) {
      waits = caller.getState() == Thread.State.RUNNABLE ? 0 : waits + 1;
    }
  }

  /**
   * Whether it was a task that called {@code System.exit}: it holds the baton and waits for the end
   * of the JVM, so nobody can unwind, and there is nothing to wait for.
   */
  private boolean isCalledByTask() {
    Fiber holder = run.scheduler.current();
    Thread thread = holder == null ? null : holder.thread();
    return thread != null
        && Arrays.stream(thread.getStackTrace())
            .anyMatch(frame ->
                frame.getClassName().equals("java.lang.Runtime")
                    && frame.getMethodName().equals("exit"));
  }

  /**
   * Puts it in.
   *
   * @param caller the thread that goes on when the run has ended
   */
  static ShutdownHook install(Run run, Duration grace, Thread caller) {
    ShutdownHook hook = new ShutdownHook(run, grace, caller);
    Runtime.getRuntime().addShutdownHook(hook.thread);
    return hook;
  }

  /** The run has ended. */
  void remove() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException e) {
      // The JVM is ending already, which is why the run has ended.
    }
  }
}
