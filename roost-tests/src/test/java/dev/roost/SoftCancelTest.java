package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The orderly stop. */
class SoftCancelTest {

  @Test
  void softCancel_cutsBlocksThatRunUntilStopping_andNothingElse() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      CancelScope scope = CancelScope.create();
      boolean whole =
          scope.run(() ->
              Nursery.run(nursery -> {
                nursery.start(() -> {
                  assertThat(CancelScope.untilStopping().run(Roost::sleepForever)).isFalse();
                  log.add("accept loop at " + World.elapsed());
                });
                nursery.start(() -> {
                  World.sleep(5);
                  log.add("work at " + World.elapsed());
                });
                World.sleep(1);
                assertThat(CancelScope.stopping()).isFalse();
                scope.softCancel(World.seconds(10));
                assertThat(CancelScope.stopping()).isTrue();
                Roost.checkpoint();
              }));
      assertThat(whole).isTrue();
      assertThat(log).containsExactly("accept loop at 1", "work at 5");
      assertThat(scope.cancelCalled()).isFalse();
      assertThat(CancelScope.stopping()).isFalse();
    });
  }

  @Test
  void endOfTheGrace_cancelsForGood() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      boolean whole =
          scope.run(() -> {
            scope.softCancel(World.seconds(10));
            assertThat(CancelScope.timeLeft()).contains(World.seconds(10));
            Roost.sleepForever();
          });
      assertThat(whole).isFalse();
      assertThat(World.elapsed()).isEqualTo(10);
      assertThat(scope.reason().orElseThrow()).contains("grace");
    });
  }

  @Test
  void noGrace_cancelsAtOnce() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      scope.run(() -> {
        scope.softCancel(Duration.ZERO);
        assertThat(scope.cancelCalled()).isTrue();
        Roost.checkpoint();
        throw new AssertionError("not reached");
      });
    });
  }

  @Test
  void blockOpenedLater_isCutAtItsFirstCheckpoint() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      List<String> log = new ArrayList<>();
      scope.run(() -> {
        scope.softCancel(World.seconds(10));
        CancelScope until = CancelScope.untilStopping();
        boolean whole =
            until.run(() -> {
              log.add("started");
              Roost.checkpoint();
              log.add("not reached");
            });
        assertThat(whole).isFalse();
        assertThat(until.cancelCalled()).isTrue();
        assertThat(until.reason()).isPresent();
      });
      assertThat(log).containsExactly("started");
    });
  }

  @Test
  void shieldBetween_hidesIt_untilItIsCleared() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      scope.run(() -> {
        scope.softCancel(World.seconds(10));
        CancelScope shield = CancelScope.create().shielded();
        shield.run(() -> {
          assertThat(CancelScope.stopping()).isFalse();
          CancelScope until = CancelScope.untilStopping();
          until.run(() -> {
            Roost.checkpoint();
            shield.setShield(false);
            assertThat(CancelScope.stopping()).isTrue();
            assertThatThrownBy(Roost::checkpoint).isInstanceOf(Cancelled.class);
          });
        });
      });
    });
  }

  @Test
  void askedBeforeTheEntry_countsFromTheEntry() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      scope.softCancel(World.seconds(10));
      World.sleep(100);
      boolean whole =
          scope.run(() -> {
            assertThat(CancelScope.stopping()).isTrue();
            assertThat(CancelScope.untilStopping().run(Roost::sleepForever)).isFalse();
            Roost.sleepForever();
          });
      assertThat(whole).isFalse();
      assertThat(World.elapsed()).isEqualTo(110);
    });
  }

  @Test
  void askedTwice_theEarlierEndCounts() throws Exception {
    World.run(() -> {
      CancelScope shorter = CancelScope.create();
      shorter.run(() -> {
        shorter.softCancel(World.seconds(10));
        shorter.softCancel(World.seconds(3));
        Roost.sleepForever();
      });
      assertThat(World.elapsed()).isEqualTo(3);
      CancelScope longer = CancelScope.create();
      longer.run(() -> {
        longer.softCancel(World.seconds(3));
        longer.softCancel(World.seconds(10));
        Roost.sleepForever();
      });
      assertThat(World.elapsed()).isEqualTo(6);
      CancelScope before = CancelScope.create();
      before.softCancel(World.seconds(5));
      before.softCancel(World.seconds(2));
      before.softCancel(World.seconds(9));
      before.run(Roost::sleepForever);
      assertThat(World.elapsed()).isEqualTo(8);
    });
  }

  @Test
  void blockThatEndsInTime_leavesNoTimerBehind() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      assertThat(scope.run(() -> scope.softCancel(World.seconds(10)))).isTrue();
      assertThat(TaskFiber.current().run.scheduler.timers().isEmpty()).isTrue();
      scope.softCancel(World.seconds(1)); // after the end: nothing
      World.sleep(5);
      assertThat(scope.cancelCalled()).isFalse();
    });
  }

  @Test
  void untilStoppingWithoutASoftCancel_isAnOrdinaryScope() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.untilStopping();
      assertThat(scope.run(Roost::checkpoint)).isTrue();
      CancelScope timed = CancelScope.untilStopping();
      timed.setTimeout(World.seconds(1));
      assertThat(timed.run(Roost::sleepForever)).isFalse();
      CancelScope asked = CancelScope.untilStopping();
      asked.setTimeout(World.seconds(100));
      asked.run(() -> {
        asked.softCancel(World.seconds(50));
        assertThatThrownBy(Roost::checkpoint).isInstanceOf(Cancelled.class);
      });
    });
  }

  @Test
  void innerScopeSoftCancelled_leavesTheOuterAlone() throws Exception {
    World.run(() -> {
      CancelScope inner = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(
            () -> assertThat(CancelScope.untilStopping().run(() -> World.sleep(5))).isTrue());
        inner.run(() -> {
          inner.softCancel(World.seconds(1));
          Roost.checkpoint();
        });
        assertThat(CancelScope.stopping()).isFalse();
      });
    });
  }
}
