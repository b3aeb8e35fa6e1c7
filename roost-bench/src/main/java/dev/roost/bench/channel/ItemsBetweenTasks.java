package dev.roost.bench.channel;

import dev.roost.AsyncRunnable;
import dev.roost.Nursery;
import dev.roost.bench.Runs;
import dev.roost.bench.TimePerOperation;
import dev.roost.bench.VirtualThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * Some tasks that do nothing but send and receive. Each benchmark says which tasks; here they are
 * run.
 */
public abstract class ItemsBetweenTasks extends TimePerOperation {

  /** What is sent. */
  static final Object ITEM = "item";

  /** The tasks, with channels that are opened by capacity. */
  abstract List<AsyncRunnable<RuntimeException>> tasks(IntFunction<Pipe> open);

  @Benchmark
  public void roost(Runs runs) throws Exception {
    runs.options.run(() -> Nursery.run(nursery -> tasks(Pipe::roost).forEach(nursery::start)));
  }

  @Benchmark
  public void threads() throws Exception {
    runInThreads(Pipe::queue);
  }

  @Benchmark
  public void jox() throws Exception {
    runInThreads(Pipe::jox);
  }

  private void runInThreads(IntFunction<Pipe> open) throws Exception {
    VirtualThread.run(() -> {
      List<FutureTask<Void>> started = new ArrayList<>();
      for (AsyncRunnable<RuntimeException> task : tasks(open)) {
        FutureTask<Void> thread = new FutureTask<>(callable(task));
        started.add(thread);
        Thread.startVirtualThread(thread);
      }
      for (FutureTask<Void> thread : started) {
        thread.get();
      }
      return null;
    });
  }

  private static Callable<Void> callable(AsyncRunnable<RuntimeException> task) {
    return () -> {
      task.run();
      return null;
    };
  }

  static AsyncRunnable<RuntimeException> sending(int items, Pipe pipe) {
    return () -> {
      for (int i = 0; i < items; i++) {
        pipe.send(ITEM);
      }
    };
  }

  static AsyncRunnable<RuntimeException> receiving(int items, Pipe pipe) {
    return () -> {
      for (int i = 0; i < items; i++) {
        pipe.receive();
      }
    };
  }
}
