package dev.roost.bench.preview;

import dev.roost.bench.TimePerOperation;
import dev.roost.bench.VirtualThread;
import java.util.concurrent.StructuredTaskScope;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

@State(Scope.Thread)
public class ChildStartAndEnd extends TimePerOperation {

  private static final int ALL = 100_000;

  @Param({"1", "10", "1000", "100000"})
  public int children;

  @Benchmark
  @OperationsPerInvocation(ALL)
  public void jdkScopes() throws Exception {
    VirtualThread.run(() -> {
      for (int i = 0; i < ALL / children; i++) {
        try (var scope = StructuredTaskScope.open()) {
          for (int k = 0; k < children; k++) {
            scope.fork(() -> {});
          }
          scope.join();
        }
      }
      return null;
    });
  }
}
