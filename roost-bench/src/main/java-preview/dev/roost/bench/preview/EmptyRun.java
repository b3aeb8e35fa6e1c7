package dev.roost.bench.preview;

import dev.roost.bench.TimePerOperation;
import java.util.concurrent.StructuredTaskScope;
import org.openjdk.jmh.annotations.Benchmark;

/** A scope with one subtask: Roost's main is a task as well. */
public class EmptyRun extends TimePerOperation {

  @Benchmark
  public void jdkScopes() throws Exception {
    try (var scope = StructuredTaskScope.open()) {
      scope.fork(() -> {});
      scope.join();
    }
  }
}
