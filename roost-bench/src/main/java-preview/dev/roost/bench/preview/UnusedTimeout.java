package dev.roost.bench.preview;

import dev.roost.bench.TimePerOperation;
import dev.roost.bench.VirtualThread;
import java.time.Duration;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.infra.Blackhole;

/** The timeout of a scope reaches its subtasks alone, so there has to be one. */
public class UnusedTimeout extends TimePerOperation {

  private static final int TIMEOUTS = 10_000;
  private static final Duration LONG = Duration.ofSeconds(10);

  @Benchmark
  @OperationsPerInvocation(TIMEOUTS)
  public void jdkScopes(Blackhole blackhole) throws Exception {
    VirtualThread.run(() -> {
      for (int i = 0; i < TIMEOUTS; i++) {
        int work = i;
        try (var scope =
            StructuredTaskScope.open(
                Joiner.awaitAllSuccessfulOrThrow(), with -> with.withTimeout(LONG))) {
          scope.fork(() -> blackhole.consume(work));
          scope.join();
        }
      }
      return null;
    });
  }
}
