package dev.roost.junit;

import static java.util.stream.Collectors.toSet;

import dev.roost.AsyncRunnable;
import dev.roost.ContextCarrier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sees which threads the tasks of a run start, and tells which of them are still alive when it has
 * ended. The JDK has no list of the threads that a thread has started; but inheritable
 * thread-locals ask for the value of a new thread, on the thread that makes it. The watch is such a
 * value: each task has it, and what a task starts inherits it.
 *
 * <p>At that moment the new thread has its number, which is the last one given out, or nearly so if
 * others make threads just then; and it is not alive yet. So the numbers tell later which of the
 * threads that live is the one. Virtual threads live on no list; theirs are not looked for.
 */
final class ThreadWatch implements ContextCarrier, ContextCarrier.Captured {

  private static final int MOST_BIRTHS = 1000;

  /** How many threads others may start at the same moment. */
  private static final int TOLERANCE = 4;

  /**
   * Threads of Roost: helpers that end by themselves, code that was abandoned on purpose, and runs
   * of other tests. And threads of JUnit, which keeps some until all tests are over.
   */
  private static final List<String> OURS =
      List.of(
          "roost-stall-watch",
          "roost-blocking-",
          "roost-resolver-",
          "roost-abandonable-",
          "roost-test ",
          "junit-");

  private static final InheritableThreadLocal<@Nullable ThreadWatch> WATCH =
      new InheritableThreadLocal<>() {
        @Override
        protected @Nullable ThreadWatch childValue(@Nullable ThreadWatch parent) {
          if (parent != null) {
            parent.born();
          }
          return parent;
        }
      };

  /** A thread was made that has a number a little below this one, and is not one of the others. */
  private record Birth(long before, Set<Long> others, Throwable where) {

    boolean mayBe(Thread thread) {
      return thread.threadId() < before
          && before - thread.threadId() <= TOLERANCE
          && !others.contains(thread.threadId());
    }
  }

  /** A thread that is left. */
  record Leak(Thread thread, Throwable startedAt) {}

  /** Guarded by itself: the threads that tasks have started may start others. */
  private final List<Birth> births = new ArrayList<>();

  ThreadWatch() {}

  private void born() {
    if (isVirtual()) {
      return;
    }
    long number =
        Thread.ofVirtual().inheritInheritableThreadLocals(false).unstarted(() -> {}).threadId();
    synchronized (births) {
      if (births.size() < MOST_BIRTHS) {
        births.add(new Birth(number, running(number), new Throwable("started here")));
      }
    }
  }

  /** Whether the thread that is being made is a virtual one. */
  private static boolean isVirtual() {
    return StackWalker.getInstance()
        .walk(frames ->
            frames.anyMatch(frame ->
                frame.getMethodName().equals("<init>")
                    && frame.getClassName().equals("java.lang.VirtualThread")));
  }

  /** Those that run already, with numbers that the new thread might have. */
  private static Set<Long> running(long number) {
    return platformThreads().stream()
        .map(Thread::threadId)
        .filter(id -> number - id <= TOLERANCE)
        .collect(toSet());
  }

  // ---- around each task

  @Override
  public Captured capture() {
    return this;
  }

  @Override
  public void around(AsyncRunnable<?> task) throws Exception {
    WATCH.set(this);
    task.run();
  }

  // ---- after the run

  /** The threads that are still alive, after a short wait: what is about to end is no leak. */
  List<Leak> leaks(Duration grace) throws InterruptedException {
    List<Birth> all;
    synchronized (births) {
      all = births.stream().sorted(Comparator.comparingLong(Birth::before)).toList();
    }
    if (all.isEmpty()) {
      return List.of();
    }
    List<Thread> alive = platformThreads();
    List<Leak> found = new ArrayList<>();
    long end = System.nanoTime() + grace.toNanos();
    for (Birth birth : all) {
      Optional<Thread> thread =
          alive.stream().filter(birth::mayBe).max(Comparator.comparingLong(Thread::threadId));
      if (thread.isPresent()
          && alive.remove(thread.get())
          && isOfTheProgram(thread.get())
          && !endsUntil(end, thread.get())) {
        found.add(new Leak(thread.get(), birth.where));
      }
    }
    return found;
  }

  private static boolean endsUntil(long end, Thread thread) throws InterruptedException {
    long left = Math.max(1, end - System.nanoTime());
    return thread.join(Duration.ofNanos(left));
  }

  private static List<Thread> platformThreads() {
    ThreadGroup top = Thread.currentThread().getThreadGroup();
    while (top.getParent() != null) {
      top = top.getParent();
    }
    Thread[] threads = new Thread[top.activeCount() + 100];
    int count = top.enumerate(threads, true);
    List<Thread> found = new ArrayList<>();
    Stream.of(threads).limit(count).forEach(found::add);
    return found;
  }

  private static boolean isOfTheProgram(Thread thread) {
    boolean common =
        thread instanceof ForkJoinWorkerThread worker
            && worker.getPool() == ForkJoinPool.commonPool();
    boolean jdk = thread.getClass().getName().startsWith("jdk.internal."); // carriers, pollers
    return !common
        && !jdk
        && !thread.getName().startsWith("ForkJoinPool.commonPool")
        && OURS.stream().noneMatch(thread.getName()::startsWith);
  }
}
