package dev.roost.bench;

import dev.roost.CancelScope;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** A timeout of ten seconds around something that takes no time. */
public class UnusedTimeout extends TimePerOperation {

  private static final int TIMEOUTS = 100_000;
  private static final Duration LONG = Duration.ofSeconds(10);

  @Benchmark
  @OperationsPerInvocation(TIMEOUTS)
  public void roost(Runs runs, Blackhole blackhole) throws Exception {
    runs.options.run(() -> {
      for (int i = 0; i < TIMEOUTS; i++) {
        int work = i;
        blackhole.consume(CancelScope.moveOnAfter(LONG).run(() -> blackhole.consume(work)));
      }
    });
  }

  /** The thread is to be interrupted, as those do who have no scopes. */
  @Benchmark
  @OperationsPerInvocation(TIMEOUTS)
  public void threads(Interrupter interrupter, Blackhole blackhole) throws Exception {
    VirtualThread.run(() -> {
      Thread thread = Thread.currentThread();
      for (int i = 0; i < TIMEOUTS; i++) {
        Future<?> timeout =
            interrupter.timer.schedule(thread::interrupt, LONG.toSeconds(), TimeUnit.SECONDS);
        blackhole.consume(i);
        blackhole.consume(timeout.cancel(false));
      }
      return null;
    });
  }

  @Benchmark
  @OperationsPerInvocation(TIMEOUTS)
  public void kotlin(Blackhole blackhole) {
    Kotlin.timeouts(TIMEOUTS, LONG.toMillis(), blackhole::consume);
  }

  @State(Scope.Thread)
  public static class Interrupter {

    ScheduledThreadPoolExecutor timer;

    @Setup
    public void open() {
      timer = new ScheduledThreadPoolExecutor(1);
      timer.setRemoveOnCancelPolicy(true);
    }

    @TearDown
    public void close() {
      timer.shutdownNow();
    }
  }
}
