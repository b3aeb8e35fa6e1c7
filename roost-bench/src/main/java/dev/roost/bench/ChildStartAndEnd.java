package dev.roost.bench;

import dev.roost.Nursery;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Starts children that do nothing and waits for all of them. Time per child; with few children to a
 * nursery, opening and closing the nursery is most of it. All nurseries of an invocation are in one
 * run, one after the other.
 */
@State(Scope.Thread)
public class ChildStartAndEnd extends TimePerOperation {

  private static final int ALL = 100_000;

  @Param({"1", "10", "1000", "100000"})
  public int children;

  @Benchmark
  @OperationsPerInvocation(ALL)
  public void roost(Runs runs) throws Exception {
    runs.options.run(() -> {
      for (int i = 0; i < ALL / children; i++) {
        Nursery.run(nursery -> {
          for (int k = 0; k < children; k++) {
            nursery.start(() -> {});
          }
        });
      }
    });
  }

  @Benchmark
  @OperationsPerInvocation(ALL)
  public void threads() throws Exception {
    VirtualThread.run(() -> {
      Thread[] threads = new Thread[children];
      for (int i = 0; i < ALL / children; i++) {
        for (int k = 0; k < children; k++) {
          threads[k] = Thread.startVirtualThread(() -> {});
        }
        for (Thread thread : threads) {
          thread.join();
        }
      }
      return null;
    });
  }

  @Benchmark
  @OperationsPerInvocation(ALL)
  public void kotlin() {
    Kotlin.children(children, ALL / children);
  }
}
