package dev.roost.bench;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * Runs code on a virtual thread and waits for it, as {@code Roost.run} does: virtual threads are
 * started and woken faster from a virtual thread than from JMH's platform thread.
 */
public final class VirtualThread {

  private VirtualThread() {}

  public static void run(Callable<Void> code) throws Exception {
    FutureTask<Void> task = new FutureTask<>(code);
    Thread.startVirtualThread(task);
    task.get();
  }
}
