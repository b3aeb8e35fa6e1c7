package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.sync.Event;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a cancelled scope does to its block, and which scope catches (R7, R8). */
class CancelScopeTest {

  @Test
  void bodyThatEnds_isASuccess() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      assertThat(scope.run(Roost::checkpoint)).isTrue();
      assertThat(scope.cancelCalled()).isFalse();
      assertThat(scope.cancelledCaught()).isFalse();
    });
  }

  @Test
  void cancelledBody_isCutShort() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      List<String> log = new ArrayList<>();
      boolean whole =
          scope.run(() -> {
            scope.cancel();
            log.add("cancel is no checkpoint");
            Roost.checkpoint();
            log.add("not reached");
          });
      assertThat(whole).isFalse();
      assertThat(log).containsExactly("cancel is no checkpoint");
      assertThat(scope.cancelCalled()).isTrue();
      assertThat(scope.cancelledCaught()).isTrue();
    });
  }

  @Test
  void cancelBeforeTheEntry_cutsAtTheFirstCheckpoint() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      scope.cancel();
      List<String> log = new ArrayList<>();
      boolean whole =
          scope.run(() -> {
            log.add("started");
            Roost.checkpoint();
            log.add("not reached");
          });
      assertThat(whole).isFalse();
      assertThat(log).containsExactly("started");
    });
  }

  @Test
  void cancelAfterTheExit_hasNoEffectButOnTheAnswer() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      assertThat(scope.run(Roost::checkpoint)).isTrue();
      scope.cancel("too late");
      assertThat(scope.cancelCalled()).isTrue();
      assertThat(scope.cancelledCaught()).isFalse();
      Roost.checkpoint();
    });
  }

  @Test
  void bodyWithoutACheckpoint_isASuccess_thoughCancelled() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      assertThat(scope.run(scope::cancel)).isTrue();
      assertThat(scope.cancelCalled()).isTrue();
      assertThat(scope.cancelledCaught()).isFalse();
      Roost.checkpoint(); // what was not delivered has vanished
    });
  }

  @Test
  void cancelTwice_isLikeOnce_andTheFirstReasonStays() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      scope.cancel("first");
      scope.cancel("second");
      scope.cancel();
      assertThat(scope.reason()).contains("first");
      assertThat(scope.run(Roost::checkpoint)).isFalse();
    });
  }

  @Test
  void firstCancelWithoutAReason_staysWithoutOne() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      scope.cancel();
      scope.cancel("second");
      assertThat(scope.reason()).isEmpty();
    });
  }

  @Test
  void cancelByAnotherTask_wakesTheOneThatWaits() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(() -> {
          World.sleep(3);
          scope.cancel();
        });
        assertThat(scope.run(Roost::sleepForever)).isFalse();
      });
      assertThat(World.elapsed()).isEqualTo(3);
    });
  }

  @Test
  void everyKindOfCheckpoint_throws_andThrowsAgain() throws Exception {
    World.run(() -> {
      Event set = new Event();
      set.set();
      List<AsyncRunnable<?>> checkpoints =
          List.of(
              Roost::checkpoint,
              Roost::sleepForever,
              () -> World.sleep(0),
              () -> World.sleep(-1),
              () -> World.sleep(1),
              () -> Roost.sleepUntil(Roost.now()),
              () -> Roost.sleepUntil(Roost.now().plusSeconds(1)),
              () -> new Event().await(),
              set::await,
              () -> Blocking.run(() -> {}),
              () -> Blocking.call(() -> 1),
              () -> Blocking.uninterrupted().run(() -> {}),
              () -> Blocking.abandoning().run(() -> {}));
      CancelScope scope = CancelScope.create();
      int[] caught = {0};
      boolean whole =
          scope.run(() -> {
            scope.cancel();
            for (AsyncRunnable<?> checkpoint : checkpoints) {
              for (int again = 0; again < 2; again++) {
                assertThatThrownBy(checkpoint::run).isInstanceOf(Cancelled.class);
                caught[0]++;
              }
            }
          });
      assertThat(whole).isTrue();
      assertThat(caught[0]).isEqualTo(2 * checkpoints.size());
      assertThat(World.elapsed()).isZero();
    });
  }

  @Test
  void swallowedCancellation_isDeliveredAgain_afterOthersHadTheirTurn() throws Exception {
    World.inOrder()
        .run(() -> {
          List<String> log = new ArrayList<>();
          CancelScope scope = CancelScope.create();
          Nursery.run(nursery -> {
            nursery.start(() -> {
              for (int i = 0; i < 3; i++) {
                log.add("other " + i);
                Roost.checkpoint();
              }
            });
            scope.run(() -> {
              scope.cancel();
              for (int i = 0; i < 3; i++) {
                log.add("me " + i);
                assertThatThrownBy(Roost::sleepForever).isInstanceOf(Cancelled.class);
              }
            });
          });
          assertThat(log).containsExactly("me 0", "other 0", "me 1", "other 1", "me 2", "other 2");
        });
  }

  @Test
  void scopeMadeInOneTask_mayBeEnteredInAnother() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      boolean[] whole = {true};
      Nursery.run(nursery -> {
        nursery.start(() -> whole[0] = scope.run(Roost::sleepForever));
        World.sleep(1);
        scope.cancel();
        Roost.checkpoint(); // the maker is not inside
      });
      assertThat(whole[0]).isFalse();
    });
  }

  @Test
  void innerCancel_leavesTheOuterBlockAlone() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.create();
      CancelScope inner = CancelScope.create();
      boolean whole =
          outer.run(() -> {
            inner.cancel();
            assertThat(inner.run(Roost::checkpoint)).isFalse();
            Roost.checkpoint();
          });
      assertThat(whole).isTrue();
      assertThat(outer.cancelCalled()).isFalse();
    });
  }

  @Test
  void outermostCancelledScope_catches() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.create();
      CancelScope middle = CancelScope.create();
      CancelScope inner = CancelScope.create();
      boolean whole =
          outer.run(() ->
              middle.run(() ->
                  inner.run(() -> {
                    inner.cancel();
                    outer.cancel();
                    Roost.checkpoint();
                  })));
      assertThat(whole).isFalse();
      assertThat(outer.cancelledCaught()).isTrue();
      assertThat(middle.cancelledCaught()).isFalse();
      assertThat(inner.cancelledCaught()).isFalse();
    });
  }

  @Test
  void outerCancelWhileTheInnerOneUnwinds_isCaughtByTheOuter() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.create();
      CancelScope inner = CancelScope.create();
      List<String> log = new ArrayList<>();
      boolean whole =
          outer.run(() -> {
            inner.run(() -> {
              inner.cancel();
              try {
                Roost.checkpoint();
              } finally {
                outer.cancel();
              }
            });
            log.add("not reached");
          });
      assertThat(whole).isFalse();
      assertThat(inner.cancelledCaught()).isFalse();
      assertThat(outer.cancelledCaught()).isTrue();
      assertThat(log).isEmpty();
    });
  }

  @Test
  void outerCancelWithoutADelivery_isLeftToTheNextCheckpoint() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.create();
      List<String> log = new ArrayList<>();
      boolean whole =
          outer.run(() -> {
            assertThat(CancelScope.create().run(outer::cancel)).isTrue();
            log.add("the inner block had no checkpoint");
            Roost.checkpoint();
          });
      assertThat(whole).isFalse();
      assertThat(log).hasSize(1);
    });
  }

  @Test
  void cancelReachesGrandchildren_atOnce() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      int[] cancelled = {0};
      AsyncRunnable<InterruptedException> sleeper =
          () -> {
            try {
              Roost.sleepForever();
            } catch (Cancelled e) {
              cancelled[0]++;
              throw e;
            }
          };
      Nursery.run(nursery -> {
        nursery.start(() -> {
          World.sleep(1);
          scope.cancel();
        });
        boolean whole =
            scope.run(() ->
                Nursery.run(children -> {
                  children.start(sleeper);
                  children.start(() ->
                      Nursery.run(grandchildren -> {
                        grandchildren.start(sleeper);
                        grandchildren.start(sleeper);
                      }));
                }));
        assertThat(whole).isFalse();
      });
      assertThat(cancelled[0]).isEqualTo(3);
      assertThat(World.elapsed()).isEqualTo(1);
    });
  }

  @Test
  void call_givesTheValue_orNothingWhenCutShort() throws Exception {
    World.run(() -> {
      assertThat(CancelScope.create().call(() -> "value")).contains("value");
      CancelScope scope = CancelScope.create();
      scope.cancel();
      assertThat(
              scope.call(() -> {
                Roost.checkpoint();
                return "not reached";
              }))
          .isEmpty();
      CancelScope late = CancelScope.create();
      assertThat(
              late.call(() -> {
                late.cancel();
                return "whole";
              }))
          .contains("whole");
    });
  }

  @Test
  void exceptionsOfTheBody_keepTheirType_andDoNotCountAsCaught() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      assertThatThrownBy(() ->
              scope.run(() -> {
                scope.cancel();
                throw new FileNotFoundException("x");
              }))
          .isInstanceOf(FileNotFoundException.class);
      assertThat(scope.cancelledCaught()).isFalse();
      assertThatThrownBy(() ->
              CancelScope.create()
                  .call(() -> {
                    throw new AssertionError("an error too");
                  }))
          .isInstanceOf(AssertionError.class);
    });
  }

  @Test
  void cancelledThatUserCodeWrapped_isAnOrdinaryError() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      scope.cancel();
      assertThatThrownBy(() ->
              scope.run(() -> {
                try {
                  Roost.checkpoint();
                } catch (InterruptedException e) {
                  throw new IOException("wrapped", e);
                }
              }))
          .isInstanceOf(IOException.class);
      assertThat(scope.cancelledCaught()).isFalse();
    });
  }

  @Test
  void plainInterruptedException_isNoCancellation() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      assertThatThrownBy(() ->
              scope.run(() -> {
                scope.cancel();
                throw new InterruptedException("of somebody else");
              }))
          .isExactlyInstanceOf(InterruptedException.class);
      assertThat(scope.cancelledCaught()).isFalse();
    });
  }

  @Test
  void staleCancelled_escapesScopesThatAreNotCancelled_andIsTakenByAnyThatIs() throws Exception {
    World.run(() -> {
      Cancelled[] stale = new Cancelled[1];
      CancelScope first = CancelScope.create();
      first.cancel();
      first.run(() -> {
        try {
          Roost.checkpoint();
        } catch (Cancelled e) {
          stale[0] = e;
        }
      });
      CancelScope alive = CancelScope.create();
      assertThatThrownBy(() ->
              alive.run(() -> {
                throw stale[0];
              }))
          .isSameAs(stale[0]);
      CancelScope other = CancelScope.create();
      assertThat(
              other.<InterruptedException>run(() -> {
                other.cancel();
                throw stale[0];
              }))
          .isFalse();
    });
  }

  @Test
  void interruptStatusOfATasksThread_doesNoHarm() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      scope.cancel();
      scope.run(() -> {
        try {
          Roost.checkpoint();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt(); // the idiom
        }
      });
      Roost.checkpoint();
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      Thread.currentThread().interrupt();
      World.sleep(5);
      assertThat(World.elapsed()).isEqualTo(5);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    });
  }

  @Test
  void nameOfAScope_isInWhatItSays() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create().named("the left half");
      assertThat(scope.name()).contains("the left half");
      assertThat(CancelScope.create().name()).isEmpty();
      scope.cancel("enough");
      scope.run(() ->
          assertThatThrownBy(Roost::checkpoint)
              .hasMessage(
                  "CancelScope.create() 'the left half' in task main was cancelled by task main:"
                      + " enough"));
      assertThatThrownBy(() ->
              CancelScope.failAfter(World.seconds(5)).named("payment").run(Roost::sleepForever))
          .isInstanceOf(DeadlineExceededException.class)
          .hasMessage("CancelScope.failAfter(5s) 'payment' in task main: the time is up");
      assertThatThrownBy(() -> CancelScope.create().named(null))
          .isInstanceOf(NullPointerException.class)
          .hasMessageContaining("the name is null");
    });
  }
}
