package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.roost.channel.CrossRunChannel;
import dev.roost.sync.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several runs side by side. */
@Timeout(30)
class RunsTest {

  private static final int CORES = 2;

  private static long sumOfPart(int part) {
    return part + 1L;
  }

  @Test
  void runsAreParallel_andGiveTheirValuesInOrder() throws Exception {
    CyclicBarrier meeting = new CyclicBarrier(3);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    List<String> names =
        Runs.parallelCall(
            3,
            Roost.with().name("core"),
            index -> {
              meeting.await(); // each holds its baton meanwhile: there are three
              threads.add(Thread.currentThread());
              Roost.checkpoint();
              return TaskFiber.current().run.name;
            });

    assertThat(names).containsExactly("core-0", "core-1", "core-2");
    assertThat(threads).hasSize(3);
  }

  @Test
  void samples() throws Exception {
    // @start region="parallel"
    List<Long> sums = Runs.parallelCall(CORES, index -> sumOfPart(index));
    // @end
    assertThat(sums).containsExactly(1L, 2L);
    List<String> log = new ArrayList<>();
    // @start region="cross-run"
    var orders = CrossRunChannel.<String>open(16);
    Runs.parallel(
        2,
        index -> {
          if (index == 0) {
            try (var sender = orders.sender()) {
              sender.send("tea");
            }
          } else {
            orders.receiver().forEach(log::add);
          }
        });
    // @end
    assertThat(log).containsExactly("tea");
  }

  @Test
  void firstFailure_cancelsTheOthers_andAllErrorsAreInOneGroup() {
    IOException first = new IOException("first");
    IllegalStateException later = new IllegalStateException("while it unwound");
    AtomicInteger cancelled = new AtomicInteger();
    CyclicBarrier meeting = new CyclicBarrier(3);
    Throwable thrown =
        catchThrowable(() ->
            Runs.parallel(
                3,
                index -> {
                  meeting.await();
                  if (index == 0) {
                    throw first;
                  }
                  try {
                    Roost.sleepForever();
                  } catch (Cancelled c) {
                    cancelled.incrementAndGet();
                    assertThat(c.reason()).hasValueSatisfying(r -> assertThat(r).contains("run-0"));
                    if (index == 1) {
                      throw later;
                    }
                    throw c;
                  }
                }));

    assertThat(thrown)
        .isInstanceOf(ExceptionGroup.class)
        .hasMessageContaining("Runs.parallel: 2 of 3 runs failed");
    assertThat(((ExceptionGroup) thrown).errors()).containsExactly(first, later);
    assertThat(cancelled).hasValue(2);
  }

  @Test
  void interruptOfTheCaller_cancelsAll_andIsThrown() throws Exception {
    CountDownLatch inside = new CountDownLatch(2);
    AtomicInteger unwound = new AtomicInteger();
    Throwable[] thrown = new Throwable[1];
    Thread caller =
        Thread.ofPlatform()
            .start(() ->
                thrown[0] =
                    catchThrowable(() ->
                        Runs.parallel(
                            2,
                            _ -> {
                              inside.countDown();
                              try {
                                Roost.sleepForever();
                              } finally {
                                unwound.incrementAndGet();
                              }
                            })));
    inside.await();
    caller.interrupt();
    caller.join();

    assertThat(thrown[0])
        .isExactlyInstanceOf(InterruptedException.class)
        .hasMessageContaining("Runs.parallel: the thread was interrupted");
    assertThat(unwound).hasValue(2);
  }

  @Test
  void callerThatWasInterruptedInVain_hasItsStatusSet() throws Exception {
    Thread.currentThread().interrupt();
    List<Integer> values =
        Runs.parallelCall(
            2,
            index -> {
              CancelScope.cleanup(Duration.ofSeconds(9)).run(Roost::checkpoint);
              return index;
            });

    assertThat(Thread.interrupted()).isTrue();
    assertThat(values).containsExactly(0, 1);
  }

  @Test
  void errorsOfAnInterruptedGroup_areNotLost() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() ->
            Runs.parallel(
                1,
                _ -> {
                  try {
                    Roost.sleepForever();
                  } finally {
                    failInFinally();
                  }
                }))
        .isInstanceOf(ExceptionGroup.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  private static void failInFinally() throws IOException {
    throw new IOException("in finally");
  }

  @Test
  void insideATask_itIsABlockingSection_andItsScopesReachTheRuns() throws Exception {
    CountDownLatch inside = new CountDownLatch(2);
    AtomicInteger unwound = new AtomicInteger();
    Roost.run(() -> {
      CancelScope scope = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(() -> {
          Blocking.run(inside::await);
          scope.cancel("enough");
        });
        boolean whole =
            scope.run(() ->
                Runs.parallel(
                    2,
                    _ -> {
                      inside.countDown();
                      try {
                        new Event().await();
                      } catch (Cancelled c) {
                        unwound.incrementAndGet();
                        throw c;
                      }
                    }));
        assertThat(whole).isFalse();
      });
      assertThat(Runs.<Integer>parallelCall(2, index -> index)).containsExactly(0, 1);
      assertThatThrownBy(() ->
              Runs.parallel(
                  1,
                  _ -> {
                    throw new IOException("of a run");
                  }))
          .isInstanceOf(ExceptionGroup.class)
          .hasRootCauseMessage("of a run");
    });

    assertThat(unwound).hasValue(2);
  }

  @Test
  void interruptedExceptionOfABody_isThrownOn_andRunsThatAreShutDownHaveNoValue() {
    InterruptedException own = new InterruptedException("my own");
    assertThatThrownBy(() ->
            Runs.parallel(
                2,
                index -> {
                  if (index == 0) {
                    throw own;
                  }
                  Roost.sleepForever();
                }))
        .isSameAs(own);
    Runs.ValueBody<String> stopped =
        _ -> {
          TaskFiber.current().run.root.softCancel(Duration.ZERO, 0, "by the test");
          Roost.sleepForever();
          return "never";
        };
    assertThatThrownBy(() -> Runs.parallelCall(1, stopped))
        .isExactlyInstanceOf(InterruptedException.class)
        .hasMessageContaining("shut down before it had a result");
  }

  @Test
  void runForWhichThereIsNoThread_failsTheGroup() throws Exception {
    RunGroup<Integer> group = new RunGroup<>("test", 2, Roost.with(), index -> index);
    assertThat(group.perform().values()).containsExactly(0, 1);
    assertThatThrownBy(group::perform) // threads start once
        .isInstanceOf(ExceptionGroup.class)
        .hasCauseInstanceOf(IllegalThreadStateException.class);
  }

  @Test
  void misuse_isRefused() {
    assertThatThrownBy(() -> Runs.parallel(0, _ -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one");
    assertThatThrownBy(() -> Runs.parallel(1, null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> Runs.parallelCall(1, null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> Runs.parallel(1, null, _ -> {}))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("options");
  }

  @Test
  void softCancelOfTheCaller_reachesAllRuns() throws Exception {
    CountDownLatch serving = new CountDownLatch(2);
    Set<String> stopped = ConcurrentHashMap.newKeySet();
    Roost.run(() -> {
      CancelScope scope = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(() -> {
          Blocking.run(serving::await);
          scope.softCancel(Duration.ofMinutes(1));
        });
        boolean whole =
            scope.run(() ->
                Runs.parallel(
                    2,
                    index -> {
                      serving.countDown();
                      boolean cut = !CancelScope.untilStopping().run(Roost::sleepForever);
                      stopped.add(index + " " + cut + " " + CancelScope.stopping());
                    }));
        assertThat(whole).isTrue();
      });
    });

    assertThat(stopped).containsExactlyInAnyOrder("0 true true", "1 true true");
  }

  @Test
  void cancelOfTheCaller_losesNoErrorOfARun() {
    CountDownLatch started = new CountDownLatch(1);
    CancelScope scope = CancelScope.create();
    AsyncRunnable<Exception> failingCleanUp =
        () -> {
          started.countDown();
          try {
            Roost.sleepForever();
          } finally {
            closeBadly();
          }
        };

    assertThatThrownBy(() ->
            Roost.run(() ->
                Nursery.run(nursery -> {
                  nursery.start(() -> {
                    Blocking.run(started::await);
                    scope.cancel();
                  });
                  scope.run(() -> Runs.parallel(1, _ -> failingCleanUp.run()));
                })))
        .hasStackTraceContaining("broken clean-up");
  }

  private static void closeBadly() throws IOException {
    throw new IOException("broken clean-up");
  }

  @Test
  void cancelOfTheCaller_losesNoValuesOfRunsThatAllSucceed() throws Exception {
    CountDownLatch inside = new CountDownLatch(2);
    CountDownLatch goOn = new CountDownLatch(1);
    List<Integer> values = new ArrayList<>();
    Roost.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          nursery.start(() -> {
            Blocking.run(inside::await);
            scope.cancel();
            goOn.countDown();
          });
          boolean whole =
              scope.run(() -> {
                values.addAll(
                    Runs.<Integer>parallelCall(
                        2,
                        index -> {
                          Blocking.uninterrupted()
                              .run(() -> {
                                inside.countDown();
                                goOn.await();
                              });
                          return index;
                        }));
                Roost.checkpoint();
              });
          assertThat(whole).isFalse();
        }));

    assertThat(values).containsExactly(0, 1);
  }
}
