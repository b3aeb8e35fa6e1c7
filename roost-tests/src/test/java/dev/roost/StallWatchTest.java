package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * R14: a task that holds the baton for too long is found, and interrupted where one of its scopes
 * is over.
 */
class StallWatchTest {

  private static final Duration THRESHOLD = Duration.ofMillis(20);

  private record Stall(String task, Duration held, StackTraceElement[] stack) {}

  private final List<Stall> stalls = new CopyOnWriteArrayList<>();
  private final CountDownLatch reported = new CountDownLatch(1);

  private RunOptions watched() {
    return Roost.with()
        .stallThreshold(THRESHOLD)
        .instrument(
            new Instrument() {
              @Override
              public void stalled(Task task, Duration held, StackTraceElement[] stack) {
                stalls.add(new Stall(task.name(), held, stack));
                reported.countDown();
              }
            });
  }

  private void hog() throws InterruptedException {
    reported.await(); // holds the baton: the JDK's wait is no checkpoint
  }

  @Test
  void taskThatHogs_isReportedOnceWithNameAndPlace() throws InterruptedException {
    watched()
        .run(() -> {
          Nursery.run(nursery -> nursery.start("the hog", this::hog));
          Roost.checkpoint();
        });

    assertThat(stalls).hasSize(1);
    assertThat(stalls.getFirst().task()).isEqualTo("the hog");
    assertThat(stalls.getFirst().held()).isGreaterThanOrEqualTo(THRESHOLD);
    assertThat(Arrays.stream(stalls.getFirst().stack()).map(StackTraceElement::getMethodName))
        .contains("hog");
  }

  @Test
  void taskThatComputes_isReportedToo() throws InterruptedException {
    watched()
        .run(() -> {
          while (reported.getCount() > 0) {
            Thread.onSpinWait();
          }
        });

    assertThat(stalls).hasSize(1);
  }

  @Test
  void forgottenWait_endsAtTheDeadlineOfItsScope() throws InterruptedException {
    CancelScope scope = CancelScope.moveOnAfter(Duration.ofMillis(5));
    boolean finished = watched().call(() -> scope.run(() -> new CountDownLatch(1).await()));

    assertThat(finished).isFalse();
    assertThat(scope.cancelledCaught()).isTrue();
  }

  @Test
  void forgottenWaitInAChild_endsWhenItsNurseryIsCancelled() throws InterruptedException {
    watched()
        .run(() ->
            Nursery.run(nursery -> {
              nursery.start(() -> new CountDownLatch(1).await());
              nursery.cancel();
            }));

    assertThat(stalls).hasSize(1);
  }

  @Test
  void interruptionInsideAnotherException_becomesTheCancellationWithItAsTheCause()
      throws InterruptedException {
    Throwable[] seen = new Throwable[1];
    watched()
        .run(() ->
            CancelScope.moveOnAfter(Duration.ofMillis(5))
                .run(() -> {
                  try {
                    CancelScope.create()
                        .run(() -> {
                          try {
                            new CountDownLatch(1).await();
                          } catch (InterruptedException e) {
                            throw new IllegalStateException("a library's own words", e);
                          }
                        });
                  } catch (Cancelled c) {
                    seen[0] = c.getCause();
                    throw c;
                  }
                }));

    assertThat(seen[0])
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a library's own words");
  }

  @Test
  void taskWithoutAnOverdueScope_isNotInterrupted() throws InterruptedException {
    boolean finished =
        watched()
            .call(() -> {
              boolean normally = CancelScope.moveOnAfter(Duration.ofHours(1)).run(this::hog);
              return normally && !Thread.currentThread().isInterrupted();
            });

    assertThat(finished).isTrue();
  }

  @Test
  void lockThatAnotherThreadHolds_isNamed() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    CountDownLatch held = new CountDownLatch(1);
    Thread holder =
        Thread.ofVirtual()
            .start(() -> {
              lock.lock();
              try {
                held.countDown();
                reported.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              } finally {
                lock.unlock();
              }
            });
    held.await();
    watched()
        .run(() -> {
          lock.lock();
          lock.unlock();
        });
    holder.join();

    assertThat(Arrays.stream(stalls.getFirst().stack()).map(StackTraceElement::getClassName))
        .contains(ReentrantLock.class.getName());
  }

  /** What is logged while the body runs. */
  private static List<String> logged(Hang.Body body) throws Exception {
    List<String> messages = new CopyOnWriteArrayList<>();
    Logger logger = Logger.getLogger("dev.roost");
    logger.setFilter(entry -> {
      messages.add(entry.getMessage());
      return false;
    });
    try {
      body.run();
    } finally {
      logger.setFilter(null);
    }
    return messages;
  }

  @Test
  void monitorThatAnotherThreadHas_isNamed_withTheThread() throws Exception {
    StringBuilder monitor = new StringBuilder();
    CountDownLatch held = new CountDownLatch(1);
    Thread holder =
        Thread.ofVirtual()
            .name("the holder")
            .start(() -> {
              synchronized (monitor) {
                held.countDown();
                try {
                  reported.await();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              }
            });
    held.await();
    List<String> messages =
        logged(() ->
            watched()
                .run(() -> {
                  synchronized (monitor) {
                    monitor.append("got it");
                  }
                }));
    holder.join();

    assertThat(messages)
        .singleElement()
        .asString()
        .contains(
            "waiting for the monitor of java.lang.StringBuilder@",
            ", which the thread the holder has. Put calls that block into Blocking");
  }

  @Test
  void dumpInWhichNobodyWaits_namesNoMonitor() {
    List<String> dump =
        List.of(
            "#7 \"\" virtual BLOCKED",
            "    - waiting to lock <x.Y@1>",
            "",
            "#8 \"\"",
            "- locked <x.Y@1>");
    assertThat(Contention.monitorOf(7, dump))
        .isEqualTo("the monitor of x.Y@1, which the thread #8 has");
    assertThat(Contention.monitorOf(8, dump)).isEqualTo("a monitor");
    assertThat(Contention.monitorOf(7, dump.subList(0, 2))).isEqualTo("the monitor of x.Y@1");
  }

  @Test
  void monitorThatATaskHoldsOverACheckpoint_isToldWithTheRemedy() {
    List<String> dump =
        List.of(
            "#7 \"\" virtual BLOCKED",
            "    - waiting to lock <x.Y@1>",
            "    at dev.roost.internal.Fiber.run(Fiber.java:1)",
            "",
            "#8 \"other\" virtual WAITING",
            "    at java.base/java.lang.VirtualThread.park(VirtualThread.java:742)",
            "    at dev.roost.internal.Fiber.awaitBaton(Fiber.java:1)",
            "    at dev.roost.Roost.sleep(Roost.java:1)",
            "    at Bank.transfer(Bank.java:1)",
            "    - locked <x.Y@1>",
            "    at dev.roost.internal.Fiber.run(Fiber.java:1)");
    assertThat(Contention.monitorOf(7, dump))
        .isEqualTo(
            "the monitor of x.Y@1, which the thread other has over a checkpoint: if that is a task"
                + " of this run, neither of them can ever go on, and a dev.roost.sync.Lock is what"
                + " to hold there");
  }

  @Test
  void jvmThatMakesNoDump_namesNoMonitor() {
    Contention.Dump refused =
        () -> {
          throw new IOException("no dump");
        };
    assertThat(Contention.monitorOf(7, refused)).isEqualTo("a monitor");
  }

  @Test
  void runThatOnlyWaits_isNoStall() throws InterruptedException {
    watched()
        .run(() ->
            Nursery.run(nursery -> {
              nursery.start(() ->
                  Blocking.run(
                      () -> reported.await(60, java.util.concurrent.TimeUnit.MILLISECONDS)));
              Roost.sleep(Duration.ofMillis(60));
            }));

    assertThat(stalls).isEmpty();
  }

  @Test
  void thresholdOfZero_isRefused() {
    assertThatThrownBy(() -> Roost.with().stallThreshold(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("every turn would be a stall");
  }
}
