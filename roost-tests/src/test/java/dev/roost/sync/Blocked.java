package dev.roost.sync;

import dev.roost.lowlevel.AllTasksBlocked;
import java.time.Duration;

/** A shorthand for tests. */
public final class Blocked {

  private Blocked() {}

  /** Waits until no other task can run. */
  public static void untilAllBlocked() throws InterruptedException {
    AllTasksBlocked.await(Duration.ZERO);
  }
}
