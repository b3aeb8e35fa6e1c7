package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.roost.sync.Event;
import dev.roost.testing.MockClock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Blocking sections in place. */
class BlockingTest {

  private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();
  private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

  /** Blocks until interrupted; then throws what it is given. */
  private static <X extends Exception> void blockThenThrow(CountDownLatch inside, X error)
      throws X {
    inside.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw error;
    }
  }

  @Test
  void code_runsOnTheTasksOwnThread() throws Exception {
    Roost.run(() -> {
      LOCAL.set("mine");
      Thread mine = Thread.currentThread();
      ScopedValue.where(SCOPED, "bound")
          .call(() -> {
            Blocking.run(() -> {
              assertThat(Thread.currentThread()).isSameAs(mine);
              assertThat(LOCAL.get()).isEqualTo("mine");
              assertThat(SCOPED.get()).isEqualTo("bound");
            });
            return null;
          });
    });
  }

  @Test
  void otherTasks_runMeanwhile_onTheirOwnClock() throws Exception {
    Roost.run(() -> {
      List<String> log = new ArrayList<>();
      CountDownLatch slept = new CountDownLatch(1);
      Nursery.run(nursery -> {
        nursery.start(() -> {
          Roost.sleep(Duration.ofMillis(1));
          log.add("slept");
          slept.countDown();
        });
        String value =
            Blocking.call(() -> {
              slept.await();
              return "value";
            });
        log.add(value);
      });
      assertThat(log).containsExactly("slept", "value");
    });
  }

  @Test
  void valueAndErrors_comeOutAsTheyAre() throws Exception {
    Roost.run(() -> {
      Object nothing = Blocking.call(() -> null);
      assertThat(nothing).isNull();
      IOException original = new IOException("mine");
      assertThatThrownBy(() ->
              Blocking.run(() -> {
                throw original;
              }))
          .isSameAs(original);
      assertThatThrownBy(() ->
              Blocking.call(() -> {
                throw new AssertionError("mine");
              }))
          .isInstanceOf(AssertionError.class);
      assertThatThrownBy(() ->
              Blocking.run(() -> {
                throw new InterruptedException("of its own making");
              }))
          .isExactlyInstanceOf(InterruptedException.class);
    });
  }

  @Test
  void cancelledTask_doesNotEnter() throws Exception {
    World.run(() -> {
      boolean[] entered = {false};
      CancelScope scope = CancelScope.create();
      scope.cancel();
      assertThat(scope.run(() -> Blocking.run(() -> entered[0] = true))).isFalse();
      assertThat(entered[0]).isFalse();
    });
  }

  /** Cancels a section that is inside, and gives what came out of it. */
  private static Throwable cancelInside(
      Blocking.Section section, AsyncConsumer<CountDownLatch, ?> code) throws Exception {
    return cancelInside(section, (inside, _) -> code.accept(inside));
  }

  /** Code that says when it is inside, and is told when it was cancelled. */
  @FunctionalInterface
  private interface Code {
    void run(CountDownLatch inside, CountDownLatch cancelled) throws Exception;
  }

  private static Throwable cancelInside(Blocking.Section section, Code code) throws Exception {
    Throwable[] thrown = new Throwable[1];
    Roost.run(() -> {
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch cancelled = new CountDownLatch(1);
      CancelScope scope = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(() -> {
          Blocking.run(inside::await);
          scope.cancel("for the test");
          cancelled.countDown();
        });
        boolean whole =
            scope.run(() -> {
              thrown[0] =
                  catchThrowable(() ->
                      section.run(() -> {
                        try {
                          code.run(inside, cancelled);
                        } catch (RuntimeException e) {
                          throw e;
                        } catch (Exception e) {
                          throw Bodies.rethrow(e);
                        }
                      }));
              assertThat(Thread.currentThread().isInterrupted())
                  .as("the interrupt status must not leak")
                  .isFalse();
              assertThatThrownBy(Roost::checkpoint).isInstanceOf(Cancelled.class);
              Roost.checkpoint();
            });
        assertThat(whole).isFalse();
      });
    });
    return thrown[0];
  }

  private static final Blocking.Section PLAIN = new BlockingSection(null, null, false, false);

  @Test
  void interruption_becomesCancelled_howeverItIsDressed() throws Exception {
    List<Exception> dresses =
        List.of(
            new InterruptedException("x"),
            new ClosedByInterruptException(),
            new FileLockInterruptionException(),
            new InterruptedIOException("x"),
            new SocketException("Closed by interrupt"),
            new SQLException("driver", new IOException(new SocketException("Closed by interrupt"))),
            new IllegalStateException(new RuntimeException(new InterruptedException())));
    for (Exception dress : dresses) {
      Throwable thrown = cancelInside(PLAIN, inside -> blockThenThrow(inside, dress));
      assertThat(thrown).as(dress.toString()).isInstanceOf(Cancelled.class);
      assertThat(thrown.getCause()).isSameAs(dress);
      assertThat(((Cancelled) thrown).reason()).contains("for the test");
    }
  }

  @Test
  void otherErrorsOfACancelledSection_areKept() throws Exception {
    IOException circular = new IOException("a");
    circular.initCause(new IOException("b", circular));
    for (Exception other :
        List.of(
            new SocketTimeoutException("x"),
            new SocketException("Connection reset"),
            new IOException("disk full"),
            circular)) {
      assertThat(cancelInside(PLAIN, inside -> blockThenThrow(inside, other))).isSameAs(other);
    }
  }

  @Test
  void valueOfACancelledSection_isKept() throws Exception {
    assertThat(
            cancelInside(
                PLAIN,
                inside -> {
                  inside.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt(); // and a result all the same
                  }
                }))
        .isNull();
  }

  @Test
  void onCancel_runsTheActionInstead_andTakesAnyErrorForItsOwn() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    Thread[] threads = new Thread[2];
    SQLException failure = new SQLException("statement cancelled");
    Throwable thrown =
        cancelInside(
            Blocking.onCancel(() -> {
              threads[1] = Thread.currentThread();
              cancelled.countDown();
            }),
            inside -> {
              threads[0] = Thread.currentThread();
              inside.countDown();
              cancelled.await();
              assertThat(Thread.currentThread().isInterrupted()).isFalse();
              throw failure;
            });
    assertThat(thrown).isInstanceOf(Cancelled.class).hasCause(failure);
    assertThat(threads[1]).isNotNull().isNotSameAs(threads[0]);
  }

  @Test
  void actionThatIsSlow_isAwaited_soThatItHitsNobodyElse() throws Exception {
    boolean[] acted = {false};
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch sectionOver = new CountDownLatch(1);
    cancelInside(
        Blocking.onCancel(() -> {
          started.countDown();
          sectionOver.await();
          acted[0] = true;
        }),
        inside -> {
          inside.countDown();
          started.await();
          Thread.startVirtualThread(sectionOver::countDown);
        });
    assertThat(acted[0]).isTrue();
  }

  @Test
  void errorOfTheAction_isReported_notLost() throws Exception {
    List<String> dropped = new ArrayList<>();
    Instrument instrument =
        new Instrument() {
          @Override
          public void errorDropped(Throwable error, String where) {
            dropped.add(error.getMessage() + " from " + where);
          }
        };
    InstrumentTest.quietly(() ->
        Roost.with()
            .instrument(instrument)
            .run(() -> {
              CountDownLatch inside = new CountDownLatch(1);
              CountDownLatch acting = new CountDownLatch(1);
              Nursery.run(nursery -> {
                nursery.start(
                    "section",
                    () ->
                        Blocking.onCancel(
                                () -> {
                                  acting.countDown();
                                  throw new IOException("cancel failed");
                                })
                            .run(() -> {
                              inside.countDown();
                              acting.await();
                            }));
                Roost.checkpoint();
                Blocking.run(inside::await);
                nursery.cancel();
              });
            }));
    assertThat(dropped).singleElement().asString().contains("cancel failed", "onCancel", "section");
  }

  @Test
  void uninterrupted_defersTheCancellation() throws Exception {
    Throwable thrown =
        cancelInside(
            Blocking.uninterrupted(),
            (inside, cancelled) -> {
              inside.countDown();
              cancelled.await();
              assertThat(Thread.currentThread().isInterrupted()).isFalse();
            });
    assertThat(thrown).isNull();
    IOException failure = new IOException("commit failed");
    assertThat(
            cancelInside(
                Blocking.uninterrupted(),
                (inside, cancelled) -> {
                  inside.countDown();
                  cancelled.await();
                  throw failure;
                }))
        .isSameAs(failure);
  }

  /** Enters a section that can be abandoned, and is cancelled while the code is inside. */
  private static void abandon(Blocking.Section section, AsyncRunnable<?> code)
      throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CancelScope scope = CancelScope.create();
    Nursery.run(nursery -> {
      nursery.start(() -> {
        Blocking.run(inside::await);
        scope.cancel();
      });
      boolean whole =
          scope.run(() ->
              section
                  .abandoning()
                  .run(() -> {
                    inside.countDown();
                    try {
                      code.run();
                    } catch (Exception e) {
                      throw Bodies.rethrow(e);
                    }
                  }));
      assertThat(whole).isFalse();
    });
  }

  @Test
  void abandoning_returnsAtOnce_andDropsTheLateResult() throws Exception {
    List<String> dropped = new ArrayList<>();
    Instrument instrument =
        new Instrument() {
          @Override
          public void errorDropped(Throwable error, String where) {
            dropped.add(error.getMessage() + " from " + where);
          }
        };
    InstrumentTest.quietly(() ->
        Roost.with()
            .instrument(instrument)
            .run(() -> {
              CountDownLatch release = new CountDownLatch(1);
              CountDownLatch ended = new CountDownLatch(1);
              abandon(
                  Blocking.abandoning(),
                  () -> {
                    try {
                      release.await();
                      throw new IOException("late");
                    } finally {
                      ended.countDown();
                    }
                  });
              assertThat(ended.getCount()).isOne();
              release.countDown();
              while (dropped.isEmpty()) {
                Roost.sleep(Duration.ofMillis(1));
              }
            }));
    assertThat(dropped).singleElement().asString().contains("late", "abandoned");
  }

  @Test
  void abandoning_givesValueAndErrors_andRunsOnAnotherThread() throws Exception {
    Roost.run(() -> {
      Thread mine = Thread.currentThread();
      Thread other = Blocking.abandoning().call(Thread::currentThread);
      assertThat(other).isNotSameAs(mine);
      assertThatThrownBy(() ->
              Blocking.abandoning()
                  .run(() -> {
                    throw new IOException("mine");
                  }))
          .isInstanceOf(IOException.class);
    });
  }

  @Test
  void lateErrorAfterTheRun_isReportedToo() throws Exception {
    CountDownLatch reported = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Instrument instrument =
        new Instrument() {
          @Override
          public void errorDropped(Throwable error, String where) {
            reported.countDown();
          }
        };
    InstrumentTest.quietly(() -> {
      Roost.with()
          .instrument(instrument)
          .run(() ->
              abandon(
                  Blocking.abandoning(),
                  () -> {
                    release.await();
                    throw new IOException("after the run");
                  }));
      release.countDown();
      reported.await();
    });
  }

  @Test
  void limiter_boundsTheSections_andGetsItsPermitsBack() throws Exception {
    World.run(() -> {
      int[] now = {0};
      int[] most = {0};
      int[] given = {0};
      Event free = new Event();
      Limiter limiter =
          () -> {
            if (now[0] == 1) {
              free.await();
            }
            now[0]++;
            most[0] = Math.max(most[0], now[0]);
            given[0]++;
            return () -> {
              now[0]--;
              free.set();
            };
          };
      Nursery.run(nursery -> {
        nursery.start(() -> Blocking.limitedBy(limiter).run(() -> {}));
        nursery.start(() -> Blocking.limitedBy(limiter).abandoning().run(() -> {}));
      });
      assertThat(most[0]).isOne();
      assertThat(given[0]).isEqualTo(2);
      assertThat(now[0]).isZero();
      assertThatThrownBy(() ->
              Blocking.uninterrupted()
                  .limitedBy(limiter)
                  .onCancel(() -> {})
                  .run(() -> {
                    throw new IOException("x");
                  }))
          .isInstanceOf(IOException.class);
      assertThat(now[0]).isZero();
    });
  }

  @Test
  void abandonedCode_keepsItsPermit_untilItHasEnded() throws Exception {
    Roost.run(() -> {
      int[] held = {0};
      Limiter limiter =
          () -> {
            Roost.checkpoint();
            held[0]++;
            return () -> held[0]--;
          };
      CountDownLatch release = new CountDownLatch(1);
      abandon(Blocking.limitedBy(limiter), release::await);
      assertThat(held[0]).isOne();
      release.countDown();
      while (held[0] > 0) {
        Roost.sleep(Duration.ofMillis(1));
      }
    });
  }

  @Test
  void virtualClock_doesNotJump_whileASectionRuns() throws Exception {
    MockClock clock = new MockClock().autojump();
    Roost.with()
        .clock(clock)
        .run(() -> {
          for (Blocking.Section section : List.of(PLAIN, Blocking.abandoning())) {
            CountDownLatch blocked = new CountDownLatch(1);
            List<String> log = new ArrayList<>();
            Nursery.run(nursery -> {
              nursery.start(() -> {
                World.sleep(1);
                log.add("slept");
              });
              Roost.checkpoint();
              long before = World.elapsed();
              section.run(() -> {
                Thread.ofPlatform().start(blocked::countDown);
                blocked.await();
              });
              assertThat(World.elapsed()).isEqualTo(before);
              log.add("blocked");
            });
            assertThat(log).containsExactly("blocked", "slept");
          }
        });
  }

  @Test
  void shieldedSection_isNotInterrupted() throws Exception {
    Roost.run(() -> {
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      boolean[] whole = {false};
      Nursery.run(nursery -> {
        nursery.start(() ->
            CancelScope.create()
                .shielded()
                .run(() ->
                    Blocking.run(() -> {
                      inside.countDown();
                      release.await();
                      whole[0] = true;
                    })));
        Roost.checkpoint();
        Blocking.run(inside::await);
        nursery.cancel();
        release.countDown();
      });
      assertThat(whole[0]).isTrue();
    });
  }
}
