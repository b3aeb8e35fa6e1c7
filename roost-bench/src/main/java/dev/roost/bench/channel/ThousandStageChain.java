package dev.roost.bench.channel;

import dev.roost.AsyncRunnable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/**
 * A thousand tasks in a row, each of which hands on what it receives, with buffers of 16 between
 * them. Time per item and stage.
 */
@OperationsPerInvocation(ThousandStageChain.STAGES * ThousandStageChain.ITEMS)
public class ThousandStageChain extends ItemsBetweenTasks {

  static final int STAGES = 1_000;
  static final int ITEMS = 1_000;
  private static final int BUFFER = 16;

  @Override
  List<AsyncRunnable<RuntimeException>> tasks(IntFunction<Pipe> open) {
    List<AsyncRunnable<RuntimeException>> tasks = new ArrayList<>();
    Pipe first = open.apply(BUFFER);
    tasks.add(sending(ITEMS, first));
    Pipe last = first;
    for (int i = 0; i < STAGES; i++) {
      Pipe next = open.apply(BUFFER);
      tasks.add(handingOn(last, next));
      last = next;
    }
    tasks.add(receiving(ITEMS, last));
    return tasks;
  }

  private static AsyncRunnable<RuntimeException> handingOn(Pipe from, Pipe to) {
    return () -> {
      for (int i = 0; i < ITEMS; i++) {
        to.send(from.receive());
      }
    };
  }

  @Benchmark
  public void kotlin() {
    KotlinChannels.chain(STAGES, ITEMS, BUFFER, ITEM);
  }
}
