package dev.roost.bench.channel;

import com.softwaremill.jox.Channel;
import dev.roost.Nursery;
import dev.roost.bench.Runs;
import dev.roost.bench.TimePerOperation;
import dev.roost.bench.VirtualThread;
import dev.roost.channel.MemoryChannel;
import dev.roost.channel.Select;
import java.util.concurrent.FutureTask;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/**
 * Two tasks send, each to a channel of its own with a buffer of 16, and a third one takes whatever
 * comes first from either. Time per item. The JDK's queues have nothing of the kind.
 */
@OperationsPerInvocation(2 * SelectOfTwo.ITEMS_EACH)
public class SelectOfTwo extends TimePerOperation {

  static final int ITEMS_EACH = 50_000;
  private static final int BUFFER = 16;
  private static final Object ITEM = "item";

  /** Something to be done that waits. */
  @FunctionalInterface
  private interface Step {
    void run() throws InterruptedException;
  }

  private static void repeat(int times, Step step) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      step.run();
    }
  }

  @Benchmark
  public void roost(Runs runs) throws Exception {
    runs.options.run(() -> {
      MemoryChannel.Ends<Object> one = MemoryChannel.open(BUFFER);
      MemoryChannel.Ends<Object> other = MemoryChannel.open(BUFFER);
      Nursery.run(nursery -> {
        nursery.start(() -> repeat(ITEMS_EACH, () -> one.sender().send(ITEM)));
        nursery.start(() -> repeat(ITEMS_EACH, () -> other.sender().send(ITEM)));
        repeat(
            2 * ITEMS_EACH,
            () ->
                Select.call(
                    Select.receive(one.receiver()).call(item -> item),
                    Select.receive(other.receiver()).call(item -> item)));
      });
    });
  }

  @Benchmark
  public void jox() throws Exception {
    VirtualThread.run(() -> {
      Channel<Object> one = Channel.newBufferedChannel(BUFFER);
      Channel<Object> other = Channel.newBufferedChannel(BUFFER);
      FutureTask<Void> first = started(() -> repeat(ITEMS_EACH, () -> one.send(ITEM)));
      FutureTask<Void> second = started(() -> repeat(ITEMS_EACH, () -> other.send(ITEM)));
      repeat(
          2 * ITEMS_EACH,
          () ->
              com.softwaremill.jox.Select.selectOrClosed(
                  one.receiveClause(), other.receiveClause()));
      first.get();
      second.get();
      return null;
    });
  }

  private static FutureTask<Void> started(Step step) {
    FutureTask<Void> task =
        new FutureTask<>(() -> {
          step.run();
          return null;
        });
    Thread.startVirtualThread(task);
    return task;
  }

  @Benchmark
  public void kotlin() {
    KotlinChannels.selectOfTwo(ITEMS_EACH, BUFFER, ITEM);
  }
}
