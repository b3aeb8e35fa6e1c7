package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Deadlines: when they fire, how they move, and what is said of them (R10). */
class CancelScopeDeadlineTest {

  @Test
  void moveOnAfter_cutsTheBlockAtTheMoment() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.moveOnAfter(World.seconds(5));
      assertThat(scope.run(Roost::sleepForever)).isFalse();
      assertThat(World.elapsed()).isEqualTo(5);
      assertThat(scope.cancelCalled()).isTrue();
      assertThat(scope.cancelledCaught()).isTrue();
    });
  }

  @Test
  void blockThatIsFaster_isLeftAlone() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.moveOnAfter(World.seconds(5));
      assertThat(scope.run(() -> World.sleep(4))).isTrue();
      World.sleep(10);
      assertThat(scope.cancelCalled()).as("the deadline is not looked at after it").isFalse();
      assertThat(scope.cancelledCaught()).isFalse();
    });
  }

  @Test
  void relativeTimeout_startsAtTheEntry() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.moveOnAfter(World.seconds(5));
      assertThat(scope.deadline()).isEmpty();
      World.sleep(100);
      assertThat(scope.cancelCalled()).isFalse();
      scope.run(() -> {
        assertThat(scope.deadline()).contains(Instant.EPOCH.plusSeconds(105));
        Roost.sleepForever();
      });
      assertThat(World.elapsed()).isEqualTo(105);
    });
  }

  @Test
  void moveOnAt_isAbsolute() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.moveOnAt(Instant.EPOCH.plusSeconds(7));
      assertThat(scope.deadline()).contains(Instant.EPOCH.plusSeconds(7));
      World.sleep(3);
      assertThat(scope.run(Roost::sleepForever)).isFalse();
      assertThat(World.elapsed()).isEqualTo(7);
    });
  }

  @Test
  void absoluteDeadlineThatPassesBeforeTheEntry_countsAsCancelled_whenAsked() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.moveOnAt(Instant.EPOCH.plusSeconds(1));
      assertThat(scope.cancelCalled()).isFalse();
      World.sleep(1);
      assertThat(scope.cancelCalled()).isTrue();
      assertThat(scope.run(Roost::checkpoint)).isFalse();
    });
  }

  @Test
  void zero_isAnExpiredScope() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      boolean whole =
          CancelScope.moveOnAfter(Duration.ZERO)
              .run(() -> {
                log.add("started");
                Roost.checkpoint();
                log.add("not reached");
              });
      assertThat(whole).isFalse();
      assertThat(log).containsExactly("started");
    });
  }

  @Test
  void hugeTimeouts_neverFire() throws Exception {
    World.run(() -> {
      Duration huge = Duration.ofSeconds(Long.MAX_VALUE);
      assertThat(CancelScope.moveOnAfter(huge).run(() -> World.sleep(1))).isTrue();
      assertThat(CancelScope.moveOnAt(Instant.MAX).run(() -> World.sleep(1))).isTrue();
      assertThat(CancelScope.moveOnAt(Instant.MIN).run(() -> World.sleep(1))).isFalse();
      assertThat(CancelScope.moveOnAfter(World.seconds(1)).run(() -> Roost.sleep(huge))).isFalse();
      CancelScope.create()
          .run(() -> {
            Nursery.run(nursery -> {
              nursery.cancelScope().softCancel(huge);
              World.sleep(1);
            });
          });
    });
  }

  @Test
  void expiryIsSeenInTheSameCall_thatLetOthersRun() throws Exception {
    World.inOrder()
        .run(() -> {
          CancelScope scope = CancelScope.create();
          Nursery.run(nursery -> {
            nursery.start(() -> scope.setTimeout(Duration.ZERO));
            assertThat(scope.run(Roost::checkpoint)).isFalse();
          });
        });
  }

  @Test
  void cancelCalled_noticesThePassedDeadlineInside_withoutACheckpoint() throws Exception {
    dev.roost.testing.MockClock clock = new dev.roost.testing.MockClock();
    Roost.with()
        .clock(clock)
        .run(() -> {
          CancelScope scope = CancelScope.moveOnAfter(World.seconds(1));
          boolean whole =
              scope.run(() -> {
                clock.jump(World.seconds(1));
                assertThat(scope.cancelCalled()).isTrue();
              });
          assertThat(whole).isTrue();
          assertThat(scope.cancelledCaught()).isFalse();
        });
  }

  @Test
  void passedDeadline_isNoticedByACheckpointThatKeepsTheBaton() throws Exception {
    dev.roost.testing.MockClock clock = new dev.roost.testing.MockClock();
    Roost.with()
        .clock(clock)
        .run(() -> {
          dev.roost.sync.Event set = new dev.roost.sync.Event();
          set.set();
          int[] passed = {0};
          CancelScope.moveOnAfter(World.seconds(1))
              .run(() -> {
                clock.jump(World.seconds(1));
                for (; passed[0] < 1000; passed[0]++) {
                  set.await();
                }
              });
          assertThat(passed[0]).isLessThanOrEqualTo(64);
        });
  }

  // ---- moving it

  @Test
  void laterDeadline_givesMoreTime() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.moveOnAfter(World.seconds(5));
      Nursery.run(nursery -> {
        nursery.start(() -> {
          World.sleep(4);
          scope.setDeadline(Instant.EPOCH.plusSeconds(20));
        });
        assertThat(scope.run(Roost::sleepForever)).isFalse();
      });
      assertThat(World.elapsed()).isEqualTo(20);
    });
  }

  @Test
  void earlierDeadline_cutsEarlier_andAPassedOneAtOnce() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.moveOnAfter(World.seconds(50));
      scope.run(() -> {
        scope.setTimeout(World.seconds(2));
        assertThat(scope.deadline()).contains(Instant.EPOCH.plusSeconds(2));
        Roost.sleepForever();
      });
      assertThat(World.elapsed()).isEqualTo(2);
      CancelScope passed = CancelScope.moveOnAfter(World.seconds(50));
      passed.run(() -> {
        passed.setDeadline(Instant.EPOCH);
        assertThat(passed.cancelCalled()).isTrue();
        assertThatThrownBy(Roost::checkpoint).isInstanceOf(Cancelled.class);
      });
    });
  }

  @Test
  void clearedDeadline_neverComes() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.moveOnAfter(World.seconds(5));
      assertThat(
              scope.run(() -> {
                scope.clearDeadline();
                World.sleep(100);
              }))
          .isTrue();
      assertThat(scope.deadline()).isEmpty();
    });
  }

  @Test
  void movingTheDeadline_doesNotUndoACancel() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.moveOnAfter(World.seconds(1));
      scope.run(() -> {
        assertThatThrownBy(Roost::sleepForever).isInstanceOf(Cancelled.class);
        scope.setTimeout(World.seconds(100));
        assertThat(scope.cancelCalled()).isTrue();
        assertThatThrownBy(Roost::checkpoint).isInstanceOf(Cancelled.class);
      });
    });
  }

  @Test
  void deadlineOfAScopeThatHadNone_canBeSet_beforeAndInside() throws Exception {
    World.run(() -> {
      CancelScope before = CancelScope.create();
      before.setTimeout(World.seconds(3));
      World.sleep(10);
      assertThat(before.run(Roost::sleepForever)).isFalse();
      assertThat(World.elapsed()).isEqualTo(13);
      CancelScope absolute = CancelScope.moveOnAfter(World.seconds(1));
      absolute.setDeadline(Instant.EPOCH.plusSeconds(20));
      absolute.run(Roost::sleepForever);
      assertThat(World.elapsed()).isEqualTo(20);
      CancelScope cleared = CancelScope.moveOnAt(Instant.EPOCH);
      cleared.clearDeadline();
      assertThat(cleared.run(() -> World.sleep(1))).isTrue();
    });
  }

  @Test
  void deadlineOfANursery_reachesTheChildren() throws Exception {
    World.run(() -> {
      Nursery.run(nursery -> {
        nursery.cancelScope().setTimeout(World.seconds(3));
        nursery.start(Roost::sleepForever);
      });
      assertThat(World.elapsed()).isEqualTo(3);
    });
  }

  @Test
  void earliestOfNestedDeadlines_counts() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.moveOnAfter(World.seconds(2));
      CancelScope inner = CancelScope.moveOnAfter(World.seconds(5));
      assertThat(outer.run(() -> inner.run(Roost::sleepForever))).isFalse();
      assertThat(World.elapsed()).isEqualTo(2);
      assertThat(inner.cancelCalled()).isFalse();
    });
  }

  @Test
  void twoDeadlinesAtTheSameMoment_theOuterOneCatches() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.moveOnAfter(World.seconds(2));
      CancelScope inner = CancelScope.moveOnAfter(World.seconds(2));
      assertThat(outer.run(() -> inner.run(Roost::sleepForever))).isFalse();
      assertThat(inner.cancelledCaught()).isFalse();
    });
  }

  // ---- what is said of it

  @Test
  void currentEffectiveDeadline_isTheEarliestVisible() throws Exception {
    World.run(() -> {
      assertThat(CancelScope.currentEffectiveDeadline()).isEmpty();
      assertThat(CancelScope.timeLeft()).isEmpty();
      CancelScope.moveOnAfter(World.seconds(5))
          .run(() -> {
            CancelScope.moveOnAfter(World.seconds(9))
                .run(() -> {
                  assertThat(CancelScope.currentEffectiveDeadline())
                      .contains(Instant.EPOCH.plusSeconds(5));
                  assertThat(CancelScope.timeLeft()).contains(World.seconds(5));
                });
            CancelScope shielded = CancelScope.moveOnAfter(World.seconds(9)).shielded();
            shielded.run(() -> {
              assertThat(CancelScope.currentEffectiveDeadline())
                  .contains(Instant.EPOCH.plusSeconds(9));
              shielded.setShield(false);
              assertThat(CancelScope.timeLeft()).contains(World.seconds(5));
              shielded.setShield(true);
              shielded.clearDeadline();
              assertThat(CancelScope.timeLeft()).isEmpty();
            });
            World.sleep(2);
            assertThat(CancelScope.timeLeft()).contains(World.seconds(3));
          });
    });
  }

  @Test
  void cancelledScope_leavesNoTime() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.create();
      outer.run(() -> {
        outer.cancel();
        CancelScope.moveOnAfter(World.seconds(5))
            .run(() -> {
              assertThat(CancelScope.timeLeft()).contains(Duration.ZERO);
              assertThat(CancelScope.currentEffectiveDeadline()).contains(Instant.MIN);
            });
      });
    });
  }

  @Test
  void deadlinesAroundTheNursery_areThoseOfTheChild() throws Exception {
    World.run(() ->
        CancelScope.moveOnAfter(World.seconds(5))
            .run(() ->
                Nursery.run(nursery ->
                    CancelScope.moveOnAfter(World.seconds(1))
                        .run(() -> {
                          nursery.start(
                              () -> assertThat(CancelScope.timeLeft()).contains(World.seconds(5)));
                          Roost.checkpoint();
                        }))));
  }

  // ---- failAfter

  @Test
  void failAfter_throws_exactlyIfItCaught() throws Exception {
    World.run(() -> {
      FailScope late = CancelScope.failAfter(World.seconds(5));
      Throwable thrown = catchThrowable(() -> late.run(Roost::sleepForever));
      assertThat(thrown)
          .isInstanceOf(DeadlineExceededException.class)
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("failAfter(5s)");
      assertThat(((DeadlineExceededException) thrown).scope()).isSameAs(late.scope());
      assertThat(thrown.getCause()).isInstanceOf(Cancelled.class);
      assertThat(
              CancelScope.failAfter(World.seconds(5))
                  .<String, RuntimeException>call(() -> "in time"))
          .isEqualTo("in time");
      FailScope unnoticed = CancelScope.failAfter(Duration.ZERO);
      unnoticed.run(() -> {});
      assertThat(unnoticed.scope().cancelledCaught()).isFalse();
    });
  }

  @Test
  void failAfter_throws_alsoAfterAnExplicitCancel() throws Exception {
    World.run(() -> {
      FailScope scope = CancelScope.failAfter(World.seconds(5));
      scope.scope().cancel("enough");
      assertThatThrownBy(() -> scope.run(Roost::sleepForever))
          .isInstanceOf(DeadlineExceededException.class)
          .hasMessageContaining("enough");
    });
  }

  @Test
  void failAfter_letsAnOuterCancellationPass() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.moveOnAfter(World.seconds(1));
      FailScope inner = CancelScope.failAfter(World.seconds(1));
      boolean whole =
          outer.run(() -> {
            try {
              inner.run(Roost::sleepForever);
            } catch (TimeoutException e) {
              throw new AssertionError(e);
            }
          });
      assertThat(whole).isFalse();
    });
  }

  @Test
  void failAfter_letsOtherErrorsGoFirst() throws Exception {
    World.run(() -> {
      assertThatThrownBy(() ->
              CancelScope.failAfter(World.seconds(1))
                  .run(() -> {
                    throw new IOException("mine");
                  }))
          .isInstanceOf(IOException.class);
      Throwable mixed =
          catchThrowable(() ->
              CancelScope.failAfter(World.seconds(1))
                  .run(() ->
                      Nursery.run(nursery -> {
                        nursery.start(Roost::sleepForever);
                        nursery.start(() -> {
                          try {
                            Roost.sleepForever();
                          } catch (InterruptedException e) {
                            throw new IOException("while unwinding");
                          }
                        });
                      })));
      assertThat(mixed).isInstanceOf(ExceptionGroup.class);
      assertThat(((ExceptionGroup) mixed).errors())
          .singleElement()
          .satisfies(e -> assertThat(e).isInstanceOf(IOException.class));
    });
  }

  @Test
  void failAt_andShielded_work() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.create();
      outer.run(() -> {
        outer.cancel();
        assertThatThrownBy(() ->
                CancelScope.failAt(Instant.EPOCH.plusSeconds(3))
                    .shielded()
                    .run(Roost::sleepForever))
            .isInstanceOf(DeadlineExceededException.class);
      });
      assertThat(World.elapsed()).isEqualTo(3);
    });
  }

  @Test
  void sleepUntil_waitsForTheMoment() throws Exception {
    World.run(() -> {
      Roost.sleepUntil(Instant.EPOCH.plusSeconds(3));
      assertThat(World.elapsed()).isEqualTo(3);
      Roost.sleepUntil(Instant.EPOCH);
      assertThat(World.elapsed()).isEqualTo(3);
    });
  }

  @Test
  void timersFireInTheOrderOfTheirMoments() throws Exception {
    World.run(() -> {
      List<Long> order = new ArrayList<>();
      Nursery.run(nursery -> {
        for (long n : new long[] {5, 1, 9, 3, 7, 2, 8, 4, 6}) {
          nursery.start(() -> {
            World.sleep(n);
            order.add(World.elapsed());
          });
        }
      });
      assertThat(order).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    });
  }
}
