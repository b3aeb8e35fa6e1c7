package dev.roost.bench;

import dev.roost.Carrier;
import dev.roost.Roost;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * How much heap a task holds that sleeps, or waits for something else: what is in use with many of
 * them, after a garbage collection, less what was before. Each kind of task has a JVM of its own,
 * and the first rounds do not count: the frames of methods that are not compiled yet are larger.
 */
public final class HeapPerTask {

  private static final int TASKS = 100_000;
  private static final int WARMUP_ROUNDS = 4;
  private static final int ROUNDS = 3;

  private HeapPerTask() {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("sleeps", "roost SHARED", () -> sleepingTasks(Carrier.SHARED)),
          new Kind("sleeps", "roost OWN", () -> sleepingTasks(Carrier.OWN)),
          new Kind("sleeps", "threads", () -> SleepingThreads.start(TASKS, SleepingThreads::sleep)),
          new Kind(
              "sleeps",
              "kotlin",
              () -> Sleepers.start(TASKS, Thread.ofPlatform(), Kotlin::sleepers)),
          new Kind("waits for ever", "roost SHARED", () -> waitingTasks(Carrier.SHARED)),
          new Kind("waits for ever", "roost OWN", () -> waitingTasks(Carrier.OWN)),
          new Kind(
              "waits for ever", "threads", () -> SleepingThreads.start(TASKS, HeapPerTask::park)),
          new Kind(
              "waits for ever",
              "kotlin",
              () -> Sleepers.start(TASKS, Thread.ofPlatform(), Kotlin::waiters)));

  /**
   * Without arguments measures everything; with the index of one kind this one, and prints the
   * bytes.
   */
  public static void main(String[] args) throws Exception {
    if (args.length == 1) {
      measure(KINDS.get(Integer.parseInt(args[0])));
    } else {
      ResultTable table = new ResultTable();
      measureAll(table);
      System.out.println(table);
    }
  }

  static void measureAll(ResultTable table) throws Exception {
    for (int i = 0; i < KINDS.size(); i++) {
      Kind kind = KINDS.get(i);
      for (String bytes : measureInOwnProcess(i)) {
        table.add(
            "Heap of a task that " + kind.what,
            kind.contender,
            Double.parseDouble(bytes),
            ResultTable::bytes);
      }
    }
  }

  private static List<String> measureInOwnProcess(int kind) throws Exception {
    return ChildJvm.start(
            HeapPerTask.class, List.of("-Xms2g", "-Xmx2g"), List.of(Integer.toString(kind)))
        .lines();
  }

  private static void measure(Kind kind) throws Exception {
    for (int round = 0; round < WARMUP_ROUNDS + ROUNDS; round++) {
      long before = usedHeap();
      Sleepers sleepers = kind.start.call();
      long with = usedHeap();
      sleepers.end();
      if (round >= WARMUP_ROUNDS) {
        System.out.println((double) (with - before) / TASKS);
      }
    }
  }

  private static long usedHeap() {
    // Twice: the first one may leave what only then turned out to be unreachable.
    System.gc();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static Sleepers sleepingTasks(Carrier carrier) throws Exception {
    return SleepingTasks.start(
        Roost.with().carrier(carrier), TASKS, () -> Roost.sleep(Duration.ofHours(1)));
  }

  private static Sleepers waitingTasks(Carrier carrier) throws Exception {
    return SleepingTasks.start(Roost.with().carrier(carrier), TASKS, Roost::sleepForever);
  }

  private static void park() {
    while (!Thread.interrupted()) {
      LockSupport.park();
    }
  }

  /** Tasks of a contender, and what they do. */
  private record Kind(String what, String contender, Callable<Sleepers> start) {}
}
