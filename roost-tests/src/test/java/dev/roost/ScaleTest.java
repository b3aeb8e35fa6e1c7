package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roost.internal.Scheduler;
import dev.roost.internal.Timers;
import dev.roost.lowlevel.Readiness;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Big numbers, and nothing left after them (R16). */
class ScaleTest {

  private static final int FEW_MORE = 16; // the JDK's own threads come and go

  private int threadsBefore;

  @BeforeEach
  void count() throws Exception {
    Pipe pipe = Pipe.open();
    pipe.source().configureBlocking(false);
    Roost.run(() ->
        CancelScope.moveOnAfter(Duration.ofMillis(1))
            .run(() -> Readiness.waitReadable(pipe.source())));
    pipe.source().close();
    pipe.sink().close();
    threadsBefore = platformThreads();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(platformThreads()).isLessThanOrEqualTo(threadsBefore + FEW_MORE);
  }

  private static int platformThreads() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }

  private static int descriptors() {
    String[] open = new File("/proc/self/fd").list();
    return open == null ? 0 : open.length;
  }

  @Test
  void hundredThousandChildren_inOneNursery() throws Exception {
    int children = 100_000;
    int[] ended = {0};
    World.run(() ->
        Nursery.run(nursery -> {
          for (int n = 0; n < children; n++) {
            nursery.start(() -> ended[0]++);
          }
        }));
    assertThat(ended[0]).isEqualTo(children);
  }

  @Test
  void fiveThousandSleepers_areCancelledAsOne() throws Exception {
    int children = 5_000;
    int[] cancelled = {0};
    World.inOrder()
        .run(() -> {
          Run run = TaskFiber.current().run;
          Nursery.run(nursery -> {
            for (int n = 0; n < children; n++) {
              nursery.start(() -> {
                try {
                  World.sleep(1_000);
                } catch (Cancelled e) {
                  cancelled[0]++;
                  throw e;
                }
              });
            }
            Roost.checkpoint();
            assertThat(run.scheduler.timers().size()).isEqualTo(children);
            nursery.cancel();
            assertThat(run.scheduler.timers().isEmpty()).isTrue();
          });
        });
    assertThat(cancelled[0]).isEqualTo(children);
  }

  /** In one task, on a thread whose stack holds so many frames: on OWN that is the caller's. */
  @Test
  void fiveThousandNestedScopes_inOneTask() throws Exception {
    assumeTrue(Scheduler.ownThreadsAvailable());
    long stack = 64L << 20;
    FutureTask<Boolean> run =
        new FutureTask<>(() ->
            Roost.call(() ->
                CancelScope.moveOnAfter(Duration.ofMillis(1)).run(() -> nestInOneTask(5_000))));
    Thread deep = new Thread(null, run, "deep", stack);
    deep.start();
    assertThat(run.get()).isFalse();
    deep.join();
  }

  private static void nestInOneTask(int left) throws InterruptedException {
    if (left == 0) {
      Roost.sleepForever();
    } else {
      CancelScope.create().run(() -> nestInOneTask(left - 1));
    }
  }

  /**
   * A hundred scopes in each of fifty tasks, each a child of the one before: what the stack of one
   * thread need not hold.
   */
  @Test
  void fiveThousandNestedScopes() throws Exception {
    World.run(() -> {
      CancelScope outermost = CancelScope.moveOnAfter(World.seconds(1));
      assertThat(outermost.run(() -> nest(5_000))).isFalse();
      assertThat(World.elapsed()).isEqualTo(1);
    });
  }

  private static void nest(int left) throws InterruptedException {
    if (left == 0) {
      assertThat(CancelScope.timeLeft()).isPresent();
      Roost.sleepForever();
    } else if (left % 100 == 0) {
      Nursery.run(nursery -> nursery.start(() -> CancelScope.create().run(() -> nest(left - 1))));
    } else {
      CancelScope.create().run(() -> nest(left - 1));
    }
  }

  @Test
  void errorThroughAThousandNestedNurseries() throws Exception {
    World.run(() -> {
      Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(() -> nestNurseries(1_000));
      assertThat(((ExceptionGroup) thrown).leaves())
          .singleElement()
          .isInstanceOf(ArithmeticException.class);
    });
  }

  private static void nestNurseries(int left) throws InterruptedException {
    if (left == 0) {
      throw new ArithmeticException("deep inside");
    }
    Nursery.run(_ -> nestNurseries(left - 1));
  }

  @Test
  void millionDeadlineChanges_leaveNoGarbageInTheHeapOfTimers() throws Exception {
    RunOptions patient = Roost.with().stallThreshold(Duration.ofMinutes(1));
    patient.run(() -> {
      Timers timers = TaskFiber.current().run.scheduler.timers();
      CancelScope scope = CancelScope.moveOnAfter(Duration.ofHours(1));
      Duration[] timeouts = {Duration.ofHours(5), Duration.ofHours(3), Duration.ofHours(9)};
      scope.run(() -> {
        for (int n = 0; n < 1_000_000; n++) {
          scope.setTimeout(timeouts[n % timeouts.length]);
        }
        assertThat(timers.size()).isOne();
        scope.clearDeadline();
        assertThat(timers.size()).isZero();
      });
      for (int n = 0; n < 50_000; n++) {
        CancelScope.moveOnAfter(timeouts[0]).run(() -> {});
      }
      assertThat(timers.size()).isZero();
    });
  }

  /** One in twenty waits for a descriptor, the others for a timer. */
  @Test
  void tenThousandRuns_takeNoMoreThreads_andLeaveNoDescriptor() throws Exception {
    int runs = 10_000;
    int before = descriptors();
    CountDownLatch inside = new CountDownLatch(runs);
    AtomicInteger cancelled = new AtomicInteger();
    AtomicInteger received = new AtomicInteger();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> callers = new ArrayList<>(runs);
    List<Pipe> pipes = new ArrayList<>();
    for (int n = 0; n < runs; n++) {
      Pipe pipe = n % 20 == 0 ? Pipe.open() : null;
      if (pipe != null) {
        pipes.add(pipe);
      }
      callers.add(
          Thread.startVirtualThread(() -> {
            try {
              Roost.run(() -> {
                inside.countDown();
                if (pipe == null) {
                  Roost.sleep(Duration.ofHours(1));
                } else {
                  received.addAndGet(readFrom(pipe));
                }
              });
            } catch (InterruptedException e) {
              cancelled.incrementAndGet();
            } catch (Throwable t) {
              failure.set(t);
            }
          }));
    }
    inside.await();
    assertThat(platformThreads()).isLessThanOrEqualTo(threadsBefore + FEW_MORE);
    for (int n = 0; n < runs; n++) {
      if (n % 20 == 0) {
        Pipe pipe = pipes.get(n / 20);
        pipe.sink().write(ByteBuffer.wrap(new byte[] {1}));
        pipe.sink().close();
      } else {
        callers.get(n).interrupt();
      }
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(received.get()).isEqualTo(pipes.size());
    assertThat(cancelled.get()).isEqualTo(runs - pipes.size());
    assertThat(descriptors()).isLessThanOrEqualTo(before + 4);
  }

  private static int readFrom(Pipe pipe) throws Exception {
    try (Pipe.SourceChannel source = pipe.source()) {
      source.configureBlocking(false);
      Readiness.waitReadable(source);
      return source.read(ByteBuffer.allocate(10));
    } finally {
      Readiness.closed();
    }
  }

  @Test
  void afterARun_noTaskAndNoTimerIsLeft() throws Exception {
    Run[] kept = new Run[1];
    Thread[] child = new Thread[1];
    Roost.run(() -> {
      kept[0] = TaskFiber.current().run;
      Nursery.run(nursery -> {
        nursery.start(() -> {
          child[0] = Thread.currentThread();
          Roost.sleep(Duration.ofHours(1));
        });
        Roost.checkpoint();
        nursery.cancel();
      });
    });
    assertThat(child[0].isAlive()).isFalse();
    assertThat(kept[0].main.thread()).isNotNull();
    assertThat(kept[0].main.thread().isAlive()).isFalse();
    assertThat(kept[0].scheduler.timers().isEmpty()).isTrue();
    assertThat(kept[0].scheduler.poller().registered()).isZero();
    assertThat(kept[0].scheduler.postUnlessFinished(() -> {})).isFalse();
  }
}
