package dev.roost.bench;

import dev.roost.Nursery;
import dev.roost.Roost;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * From one task to the next. All tasks are always ready; each gives way until all together have
 * done so often enough. Starting them is about a hundredth of the time.
 */
@State(Scope.Thread)
public class TaskSwitch extends TimePerOperation {

  private static final int SWITCHES = 200_000;

  @Param({"2", "1000"})
  public int tasks;

  @Benchmark
  @OperationsPerInvocation(SWITCHES)
  public void roost(Runs runs) throws Exception {
    runs.options.run(() ->
        Nursery.run(nursery -> {
          for (int i = 0; i < tasks; i++) {
            nursery.start(this::giveWay);
          }
        }));
  }

  private void giveWay() throws InterruptedException {
    for (int i = 0; i < SWITCHES / tasks; i++) {
      Roost.checkpoint();
    }
  }

  @Benchmark
  @OperationsPerInvocation(SWITCHES)
  public void threads() throws Exception {
    VirtualThread.run(() -> {
      new Ring(tasks, SWITCHES / tasks).run();
      return null;
    });
  }

  @Benchmark
  @OperationsPerInvocation(SWITCHES)
  public void kotlin() {
    Kotlin.switches(tasks, SWITCHES / tasks);
  }
}
