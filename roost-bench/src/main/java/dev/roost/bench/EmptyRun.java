package dev.roost.bench;

import org.openjdk.jmh.annotations.Benchmark;

/**
 * Into the concurrent world and out again, from a platform thread; there is nothing to do there.
 */
public class EmptyRun extends TimePerOperation {

  @Benchmark
  public void roost(Runs runs) throws Exception {
    runs.options.run(() -> {});
  }

  @Benchmark
  public void threads() throws Exception {
    Thread.startVirtualThread(() -> {}).join();
  }

  @Benchmark
  public void kotlin() {
    Kotlin.emptyRun();
  }
}
