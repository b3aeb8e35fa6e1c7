package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The entry into the concurrent world. */
class RunTest {

  private static final ThreadLocal<String> THREAD_LOCAL = new ThreadLocal<>();
  private static final InheritableThreadLocal<String> INHERITABLE = new InheritableThreadLocal<>();
  private static final ScopedValue<String> USER = ScopedValue.newInstance();
  private static final ScopedValue<String> TENANT = ScopedValue.newInstance();

  @Test
  void call_returnsWhatMainReturns_nullToo() throws Exception {
    assertThat(Roost.<String, RuntimeException>call(() -> "value")).isEqualTo("value");
    Object nothing = Roost.call(() -> null);
    assertThat(nothing).isNull();
  }

  @Test
  void exceptionOfMain_comesOutAsItIs() {
    IOException original = new IOException("main");
    assertThatThrownBy(() ->
            Roost.run(() -> {
              Roost.checkpoint();
              throw original;
            }))
        .isSameAs(original);
    assertThatThrownBy(() ->
            Roost.call(() -> {
              throw new AssertionError("an error");
            }))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void runs_areIndependent_andManyMayGoOnInParallel() throws Exception {
    CountDownLatch bothIn = new CountDownLatch(2);
    Runnable run =
        () -> {
          try {
            Roost.run(() ->
                Blocking.run(() -> {
                  bothIn.countDown();
                  bothIn.await();
                }));
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    Thread other = Thread.ofPlatform().start(run);
    run.run();
    other.join();
    assertThat(bothIn.getCount()).isZero();
  }

  @Test
  void nestedRun_isRefusedInATask_andAllowedInABlockingSection() throws Exception {
    Roost.run(() -> {
      assertThatThrownBy(() -> Roost.run(() -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("inside a task")
          .hasMessageContaining("Blocking.run");
      String inner =
          Blocking.call(() ->
              Roost.call(() -> {
                World.sleep(0);
                assertThatThrownBy(() -> Roost.run(() -> {}))
                    .isInstanceOf(IllegalStateException.class);
                return Task.current().name() + Task.current().id();
              }));
      assertThat(inner).isEqualTo("main1");
      Roost.checkpoint();
    });
  }

  @Test
  void cancelOfATaskInASection_cancelsTheRunInside() throws Exception {
    List<String> log = new ArrayList<>();
    Roost.run(() -> {
      CountDownLatch inside = new CountDownLatch(1);
      Nursery.run(nursery -> {
        nursery.start(() ->
            Blocking.run(() ->
                Roost.run(() -> {
                  inside.countDown();
                  try {
                    Roost.sleepForever();
                  } finally {
                    log.add("inner run unwound");
                  }
                })));
        Roost.checkpoint();
        Blocking.run(inside::await);
        nursery.cancel();
      });
    });
    assertThat(log).containsExactly("inner run unwound");
  }

  @Test
  void clock_neverGoesBack_andSleepsTakeTheirTime() throws Exception {
    Roost.run(() -> {
      Instant before = Roost.now();
      Roost.sleep(Duration.ofMillis(2));
      Instant after = Roost.now();
      assertThat(Duration.between(before, after)).isGreaterThanOrEqualTo(Duration.ofMillis(2));
      assertThat(Duration.between(Instant.now(), after).abs()).isLessThan(Duration.ofSeconds(10));
    });
  }

  @Test
  void anotherRunStartsAfresh() throws Exception {
    for (int i = 0; i < 3; i++) {
      World.run(() -> {
        assertThat(World.elapsed()).isZero();
        World.sleep(10);
        assertThat(World.elapsed()).isEqualTo(10);
        assertThat(Task.current().id()).isEqualTo(1);
      });
    }
  }

  @Test
  void threadLocalsAndScopedValuesOfTheCaller_doNotReachTasks() throws Exception {
    THREAD_LOCAL.set("caller");
    INHERITABLE.set("caller");
    try {
      ScopedValue.where(USER, "caller")
          .call(() -> {
            Roost.run(() -> {
              assertThat(THREAD_LOCAL.get()).isNull();
              assertThat(INHERITABLE.get()).isNull();
              assertThat(USER.isBound()).isFalse();
              Nursery.run(nursery -> nursery.start(() -> assertThat(USER.isBound()).isFalse()));
            });
            return null;
          });
    } finally {
      THREAD_LOCAL.remove();
      INHERITABLE.remove();
    }
  }

  @Test
  void scopedValuesToInherit_reachMainAndChildren_whereTheyAreStarted() throws Exception {
    List<String> log = new ArrayList<>();
    ScopedValue.where(USER, "ada")
        .call(() -> {
          Roost.with()
              .inherit(USER, TENANT)
              .run(() -> {
                log.add("main " + USER.get() + " " + TENANT.isBound());
                Nursery.run(nursery -> {
                  ScopedValue.where(TENANT, "red")
                      .run(() -> nursery.start(() -> log.add(USER.get() + " " + TENANT.get())));
                  ScopedValue.where(USER, "bob")
                      .run(() -> nursery.start(() -> log.add(USER.get() + " " + TENANT.isBound())));
                });
              });
          return null;
        });
    assertThat(log).containsExactly("main ada false", "ada red", "bob false");
  }

  @Test
  void contextCarriers_captureAtTheStart_andPutBackAroundTheChild() throws Exception {
    List<String> log = new ArrayList<>();
    int[] captures = {0};
    ContextCarrier carrier =
        () -> {
          int number = ++captures[0];
          return child -> {
            log.add("in " + number);
            try {
              child.run();
            } finally {
              log.add("out " + number);
            }
          };
        };
    Roost.with()
        .contextCarrier(carrier)
        .run(() -> {
          log.clear();
          Nursery.run(nursery -> {
            nursery.start(() -> log.add("child"));
            log.add("started");
          });
          assertThat(log).containsExactly("started", "in 2", "child", "out 2");
          Throwable thrown =
              catchThrowable(() ->
                  Nursery.run(nursery ->
                      nursery.start(() -> {
                        throw new IOException("through the carrier");
                      })));
          assertThat(thrown).hasRootCauseMessage("through the carrier");
          assertThat(((ExceptionGroup) thrown).errors())
              .singleElement()
              .isInstanceOf(IOException.class);
          Integer value =
              Nursery.call(
                  nursery -> nursery.startAndWait((TaskStatus<Integer> s) -> s.started(1)));
          assertThat(value).isOne();
        });
  }

  @Test
  void carrierThatThrows_failsWhereTheChildIsStarted() throws Exception {
    boolean[] broken = {false};
    Roost.with()
        .contextCarrier(() -> {
          if (broken[0]) {
            throw new IllegalArgumentException("no context");
          }
          return AsyncRunnable::run;
        })
        .run(() ->
            Nursery.run(nursery -> {
              broken[0] = true;
              assertThatThrownBy(() -> nursery.start(() -> {}))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThat(nursery.children()).isEmpty();
            }));
  }

  @Test
  void carrierThatDoesNotRunTheBodyOnce_isToldSo() {
    assertThatThrownBy(
            () -> Roost.with().contextCarrier(() -> _ -> {}).run(() -> fail("nobody ran this")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("returned without having run the body")
        .hasMessageContaining("has to call body.run() exactly once");
    int[] runs = {0};
    ContextCarrier twice =
        () ->
            body -> {
              body.run();
              body.run();
            };
    assertThatThrownBy(() -> Roost.with().contextCarrier(twice).run(() -> runs[0]++))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ran the body twice");
    assertThat(runs[0]).isOne();
  }

  @Test
  void optionsAreImmutable() {
    RunOptions plain = Roost.with();
    RunOptions named = plain.name("other");
    assertThat(named).isNotSameAs(plain);
    assertThat(plain.name()).isEqualTo("run");
    assertThat(named.seed(5).checkpointBudget(3).name()).isEqualTo("other");
    assertThat(plain.instrument(new Instrument() {}).instruments()).hasSize(1);
    assertThat(plain.instruments()).isEmpty();
    assertThat(plain.cancelOnShutdown(Duration.ZERO).shutdownGrace()).isZero();
    assertThat(plain.carrier(Carrier.SHARED)).isNotSameAs(plain);
  }

  @Test
  void customClock_isFollowed() throws Exception {
    class Fast implements RunClock {
      @Override
      public Instant instant() {
        return Instant.EPOCH;
      }

      @Override
      public long nanoTime() {
        return System.nanoTime() * 1000;
      }

      @Override
      public long realNanosUntil(long moment) {
        return RunClock.super.realNanosUntil(moment) / 1000;
      }
    }

    Roost.with()
        .clock(new Fast())
        .run(() -> {
          Instant before = Roost.now();
          World.sleep(1);
          assertThat(Roost.now()).isAfterOrEqualTo(before.plusSeconds(1));
        });
  }

  @Test
  void systemClock_saysWhatItIs() {
    assertThat(RunClock.system()).hasToString("RunClock.system()");
    assertThat(RunClock.system().realNanosUntil(0)).isZero();
    assertThat(RunClock.system().quietNanos()).isEqualTo(Long.MAX_VALUE);
    RunClock.system().quiet(0); // nothing
  }

  @Test
  void mainThatIsCancelledByNobody_butThrowsAStaleCancelled_isInterrupted() {
    assertThatThrownBy(() ->
            Roost.run(() -> {
              Cancelled[] stale = new Cancelled[1];
              CancelScope scope = CancelScope.create();
              scope.cancel("kept");
              scope.run(() -> {
                try {
                  Roost.checkpoint();
                } catch (Cancelled e) {
                  stale[0] = e;
                }
              });
              throw stale[0];
            }))
        .isExactlyInstanceOf(InterruptedException.class)
        .hasCauseInstanceOf(Cancelled.class);
  }
}
