package dev.roost.bench;

import dev.roost.AsyncRunnable;
import dev.roost.Blocking;
import dev.roost.Nursery;
import dev.roost.RunOptions;
import dev.roost.lowlevel.AllTasksBlocked;
import java.time.Duration;

/** The sleepers of Roost. */
final class SleepingTasks {

  private SleepingTasks() {}

  static Sleepers start(RunOptions options, int count, AsyncRunnable<InterruptedException> sleep)
      throws Exception {
    return Sleepers.start(
        count,
        Thread.ofPlatform(),
        (n, asleep, end) ->
            options.run(() ->
                Nursery.run(nursery -> {
                  for (int i = 0; i < n; i++) {
                    nursery.start(sleep);
                  }
                  AllTasksBlocked.await(Duration.ZERO);
                  asleep.countDown();
                  Blocking.run(end::await);
                  nursery.cancel();
                })));
  }
}
