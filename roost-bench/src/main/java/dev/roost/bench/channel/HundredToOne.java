package dev.roost.bench.channel;

import dev.roost.AsyncRunnable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** A hundred tasks send to one, through a buffer of 16. Time per item. */
@OperationsPerInvocation(HundredToOne.SENDERS * HundredToOne.ITEMS_EACH)
public class HundredToOne extends ItemsBetweenTasks {

  static final int SENDERS = 100;
  static final int ITEMS_EACH = 2_000;
  private static final int BUFFER = 16;

  @Override
  List<AsyncRunnable<RuntimeException>> tasks(IntFunction<Pipe> open) {
    Pipe pipe = open.apply(BUFFER);
    List<AsyncRunnable<RuntimeException>> tasks = new ArrayList<>();
    for (int i = 0; i < SENDERS; i++) {
      tasks.add(sending(ITEMS_EACH, pipe));
    }
    tasks.add(receiving(SENDERS * ITEMS_EACH, pipe));
    return tasks;
  }

  @Benchmark
  public void kotlin() {
    KotlinChannels.manyToOne(SENDERS, ITEMS_EACH, BUFFER, ITEM);
  }
}
