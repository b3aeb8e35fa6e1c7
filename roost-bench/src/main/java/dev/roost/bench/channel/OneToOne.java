package dev.roost.bench.channel;

import dev.roost.AsyncRunnable;
import java.util.List;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One task sends, another receives, as fast as they can. Time per item. */
@State(Scope.Thread)
@OperationsPerInvocation(OneToOne.ITEMS)
public class OneToOne extends ItemsBetweenTasks {

  static final int ITEMS = 500_000;

  @Param({"16", "128"})
  public int buffered;

  @Override
  List<AsyncRunnable<RuntimeException>> tasks(IntFunction<Pipe> open) {
    Pipe pipe = open.apply(buffered);
    return List.of(sending(ITEMS, pipe), receiving(ITEMS, pipe));
  }

  @Benchmark
  public void kotlin() {
    KotlinChannels.manyToOne(1, ITEMS, buffered, ITEM);
  }
}
