package dev.roost.bench.preview;

import dev.roost.bench.Sleepers;
import dev.roost.bench.SleepingThreads;
import dev.roost.bench.TimePerOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.ThreadFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A scope is cancelled by its joiner alone: here by one that has enough when the first subtask
 * succeeds.
 */
public class CancelSleepers extends TimePerOperation {

  @Benchmark
  public void jdkScopes(InScope asleep) throws Exception {
    asleep.all.end();
  }

  @State(Scope.Thread)
  public static class InScope extends dev.roost.bench.CancelSleepers.Asleep {

    @Override
    protected Sleepers start(int count) throws Exception {
      return Sleepers.start(count, Thread.ofVirtual(), InScope::race);
    }

    private static void race(int count, CountDownLatch asleep, CountDownLatch end)
        throws Exception {
      List<Thread> threads = new ArrayList<>(count);
      ThreadFactory factory =
          task -> {
            Thread thread = Thread.ofVirtual().unstarted(task);
            threads.add(thread);
            return thread;
          };
      Callable<Void> sleep =
          () -> {
            Thread.sleep(3_600_000);
            return null;
          };
      try (var scope =
          StructuredTaskScope.open(
              Joiner.<Void>anySuccessfulResultOrThrow(), with -> with.withThreadFactory(factory))) {
        for (int i = 0; i < count; i++) {
          scope.fork(sleep);
        }
        SleepingThreads.awaitAsleep(threads);
        asleep.countDown();
        end.await();
        scope.fork(() -> null);
        scope.join();
      }
    }
  }
}
