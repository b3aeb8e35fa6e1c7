package dev.roost.process;

import dev.roost.AsyncConsumer;
import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Stops a process as its policy says, and waits until it has ended. Runs inside a shield: whoever
 * calls is cancelled or has failed.
 */
final class Ending {

  private static final System.Logger LOG = System.getLogger("dev.roost.process");

  /** For how long pipes are waited for that a descendant may keep open. */
  private static final long A_MOMENT = 100_000_000;

  private final RunningProcess process;
  private final CancelPolicy policy;

  /** Those that were there when it began: an orphan could not be found any more. */
  private final List<ProcessHandle> descendants = new ArrayList<>();

  private Ending(RunningProcess process) {
    this.process = process;
    this.policy = process.policy();
  }

  /** Stops it because of an error, which goes on with whatever the stopping adds to it. */
  static void because(Throwable error, RunningProcess process) throws InterruptedException {
    try {
      CancelScope.create().shielded().run(new Ending(process)::deliver);
    } catch (Throwable t) {
      error.addSuppressed(t);
    }
  }

  private void deliver() throws Exception {
    process.dropOutput();
    try {
      if (process.isAlive() || policy.wholeTree) {
        AsyncConsumer<? super RunningProcess, ?> custom = policy.delivery;
        if (custom == null) {
          terminateThenKill();
        } else {
          deliver(custom);
        }
      }
    } finally {
      if (policy.delivery != null && process.isAlive()) {
        killAll();
      }
      Blocking.run(() -> {
        process.awaitExit();
        process.awaitPipes(A_MOMENT);
      });
    }
  }

  private void deliver(AsyncConsumer<? super RunningProcess, ?> custom)
      throws InterruptedException {
    Nursery.run(nursery -> {
      nursery.start("cancel policy of " + process, () -> custom.accept(process));
      Blocking.run(process::awaitExit);
      nursery.cancel();
    });
  }

  private void terminateThenKill() throws InterruptedException {
    findDescendants();
    if (!policy.grace.isZero()) {
      process.terminate();
      descendants.forEach(ProcessHandle::destroy);
      var _ =
          CancelScope.moveOnAfter(policy.grace)
              .run(() -> Blocking.run(() -> awaitAll(policy.grace)));
      if (!isAnyAlive()) {
        return;
      }
      LOG.log(
          Level.WARNING,
          "{0} did not end within {1} of having been asked to terminate, and is killed.",
          process,
          policy.grace);
    }
    killAll();
  }

  private void findDescendants() {
    if (policy.wholeTree) {
      process.handle().descendants().forEach(descendants::add);
    }
  }

  private boolean isAnyAlive() {
    return process.isAlive() || descendants.stream().anyMatch(Liveness::goesOn);
  }

  private void killAll() {
    findDescendants();
    process.kill();
    descendants.forEach(ProcessHandle::destroyForcibly);
  }

  /**
   * Waits for the process, then for its descendants. Those are looked at again and again: the JDK's
   * own way to wait for them does the same, with longer pauses.
   */
  private void awaitAll(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + nanos(atMost);
    if (!process.awaitExit(nanos(atMost))) {
      return;
    }
    for (ProcessHandle descendant : descendants) {
      long pause = 1_000_000;
      while (Liveness.goesOn(descendant) && System.nanoTime() - deadline < 0) {
        TimeUnit.NANOSECONDS.sleep(pause);
        pause = Math.min(2 * pause, 50_000_000);
      }
    }
  }

  private static long nanos(Duration duration) {
    return duration.compareTo(Duration.ofDays(1000)) < 0
        ? duration.toNanos()
        : Duration.ofDays(1000).toNanos();
  }
}
