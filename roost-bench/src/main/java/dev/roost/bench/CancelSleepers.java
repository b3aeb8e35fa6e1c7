package dev.roost.bench;

import dev.roost.Carrier;
import dev.roost.Roost;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Cancels many sleeping tasks at once and waits until the last one has ended. Time for all of them,
 * the waking of their owner included, some 50 microseconds.
 */
public class CancelSleepers extends TimePerOperation {

  @Benchmark
  public void roost(InRoost asleep) throws Exception {
    asleep.all.end();
  }

  @Benchmark
  public void threads(InThreads asleep) throws Exception {
    asleep.all.end();
  }

  @Benchmark
  public void kotlin(InKotlin asleep) throws Exception {
    asleep.all.end();
  }

  /** The tasks that wait for being cancelled. */
  @State(Scope.Thread)
  public abstract static class Asleep {

    @Param({"1000", "100000"})
    public int sleepers;

    public Sleepers all;

    @Setup(Level.Invocation)
    public void start() throws Exception {
      all = start(sleepers);
      // The garbage of the start is not the cancellation's.
      System.gc();
    }

    protected abstract Sleepers start(int count) throws Exception;
  }

  @State(Scope.Thread)
  public static class InRoost extends Asleep {

    @Param({"SHARED", "OWN"})
    public Carrier carrier;

    @Override
    protected Sleepers start(int count) throws Exception {
      return SleepingTasks.start(
          Roost.with().carrier(carrier), count, () -> Roost.sleep(Duration.ofHours(1)));
    }
  }

  @State(Scope.Thread)
  public static class InThreads extends Asleep {

    @Override
    protected Sleepers start(int count) throws Exception {
      return SleepingThreads.start(count, SleepingThreads::sleep);
    }
  }

  @State(Scope.Thread)
  public static class InKotlin extends Asleep {

    @Override
    protected Sleepers start(int count) throws Exception {
      return Sleepers.start(count, Thread.ofPlatform(), Kotlin::sleepers);
    }
  }
}
