package dev.roost.lowlevel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.Cancelled;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskLocal;
import dev.roost.TaskStatus;
import dev.roost.World;
import dev.roost.sync.Event;
import dev.roost.testing.Testing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R2: what is a checkpoint, and what is none; and waiting until all others wait. */
class CheckpointsTest {

  @Test
  void everyAsyncFunctionOfTheCore_isAWholeCheckpoint() throws Exception {
    World.run(() -> {
      Event set = new Event();
      set.set();
      ParkingLot lot = new ParkingLot("x");
      Testing.assertCheckpoints(Roost::checkpoint);
      Testing.assertCheckpoints(() -> Roost.sleep(Duration.ZERO));
      Testing.assertCheckpoints(() -> World.sleep(1));
      Testing.assertCheckpoints(() -> Roost.sleepUntil(Roost.now()));
      Testing.assertCheckpoints(set::await);
      Testing.assertCheckpoints(() -> AllTasksBlocked.await(Duration.ZERO));
      Testing.assertCheckpoints(() -> Blocking.run(() -> {}));
      Testing.assertCheckpoints(() -> Blocking.abandoning().run(() -> {}));
      Nursery.run(nursery -> {
        nursery.start(lot::unparkAll);
        Testing.assertCheckpoints(lot::park);
        Suspension<Integer> wait = Suspension.create();
        nursery.start(() -> wait.resume(1));
        Testing.assertCheckpoints(() -> wait.await(_ -> true));
      });
    });
  }

  @Test
  void syncFunctionsOfTheCore_areNone() throws Exception {
    World.run(() ->
        Nursery.run(nursery ->
            Testing.assertNoCheckpoints(() -> {
              new Event().set();
              nursery.start(() -> {});
              CancelScope scope = CancelScope.moveOnAfter(World.seconds(1));
              scope.run(() -> scope.setTimeout(World.seconds(2)));
              scope.cancel();
              CancelScope.timeLeft();
              TaskLocal.withDefault(1).where(2).run(() -> {});
              Roost.now();
              new ParkingLot("x").unparkAll();
            })));
  }

  @Test
  void halves_areCounted() throws Exception {
    World.run(() -> {
      Checkpoints.Counts before = Checkpoints.counts();
      Checkpoints.throwIfCancelled();
      Checkpoints.letOthersRun();
      Checkpoints.letOthersRun();
      Checkpoints.Counts after = Checkpoints.counts();
      assertThat(after.cancelPoints() - before.cancelPoints()).isOne();
      assertThat(after.schedulePoints() - before.schedulePoints()).isEqualTo(2);
    });
  }

  @Test
  void firstHalf_throwsIfCancelled_secondHalfDoesNot() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      List<String> log = new ArrayList<>();
      scope.run(() -> {
        scope.cancel();
        Checkpoints.letOthersRun();
        log.add("not looked for");
        assertThatThrownBy(Checkpoints::throwIfCancelled).isInstanceOf(Cancelled.class);
      });
      assertThat(log).hasSize(1);
    });
  }

  @Test
  void endOfANursery_letsOthersRun_withoutLookingForCancellation() throws Exception {
    World.run(() -> {
      Checkpoints.Counts before = Checkpoints.counts();
      Nursery.run(_ -> {});
      Checkpoints.Counts between = Checkpoints.counts();
      Nursery.run(nursery -> nursery.start(() -> {}));
      Checkpoints.Counts after = Checkpoints.counts();
      assertThat(between.cancelPoints()).isEqualTo(before.cancelPoints());
      assertThat(between.schedulePoints()).isGreaterThan(before.schedulePoints());
      assertThat(after.cancelPoints()).isEqualTo(before.cancelPoints());
      assertThat(after.schedulePoints()).isGreaterThan(between.schedulePoints());
    });
  }

  @Test
  void startAndWait_letsOthersRun() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          Checkpoints.Counts before = Checkpoints.counts();
          Integer value = nursery.startAndWait((TaskStatus<Integer> status) -> status.started(1));
          assertThat(value).isOne();
          assertThat(Checkpoints.counts().schedulePoints()).isGreaterThan(before.schedulePoints());
        }));
  }

  @Test
  void allTasksBlocked_theShortestCushionWakesFirst_equalOnesTogether() throws Exception {
    List<String> log = new ArrayList<>();
    Roost.run(() ->
        Nursery.run(nursery -> {
          for (int millis : new int[] {6, 2, 4, 2}) {
            nursery.start(() -> {
              AllTasksBlocked.await(Duration.ofMillis(millis));
              log.add("cushion " + millis);
            });
          }
        }));
    assertThat(log).containsExactly("cushion 2", "cushion 2", "cushion 4", "cushion 6");
  }

  @Test
  void allTasksBlocked_waitsForThoseThatRun_andHasPriorityOverTheClocksJump() throws Exception {
    List<String> log = new ArrayList<>();
    World.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            for (int n = 0; n < 5; n++) {
              log.add("step");
              Roost.checkpoint();
            }
            World.sleep(10);
            log.add("slept");
          });
          AllTasksBlocked.await(Duration.ofMillis(1));
          log.add("blocked at " + World.elapsed());
        }));
    assertThat(log)
        .containsExactly("step", "step", "step", "step", "step", "blocked at 0", "slept");
  }

  @Test
  void allTasksBlocked_canBeCancelled() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(() ->
            assertThat(scope.run(() -> AllTasksBlocked.await(Duration.ofDays(365_000_000))))
                .isFalse());
        Roost.checkpoint();
        scope.cancel();
      });
      CancelScope before = CancelScope.create();
      before.cancel();
      assertThat(before.run(() -> AllTasksBlocked.await(Duration.ZERO))).isFalse();
    });
  }
}
