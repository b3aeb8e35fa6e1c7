package dev.roost.testing;

import dev.roost.AsyncRunnable;
import dev.roost.Blocking;
import dev.roost.Task;

/** Waits for other threads: in a task without holding up its run, elsewhere just so. */
final class OffTheBaton {

  private OffTheBaton() {}

  static void run(AsyncRunnable<RuntimeException> wait) throws InterruptedException {
    if (inTask()) {
      Blocking.run(wait);
    } else {
      wait.run();
    }
  }

  private static boolean inTask() {
    try {
      var _ = Task.current();
      return true;
    } catch (IllegalStateException noTask) { // a plain thread, or a blocking section
      return false;
    }
  }
}
