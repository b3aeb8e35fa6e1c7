package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.lowlevel.AllTasksBlocked;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.ParkingLot;
import dev.roost.lowlevel.Suspension;
import dev.roost.sync.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link Roost#atomically}: no checkpoint may be reached, however deep. */
class AtomicallyTest {

  @Test
  void everyCheckpoint_isRefusedInside_andNobodyElseRuns() throws Exception {
    World.inOrder()
        .run(() -> {
          Event set = new Event();
          set.set();
          List<String> log = new ArrayList<>();
          Nursery.run(nursery -> {
            nursery.start(() -> log.add("other"));
            List<Hang.Body> checkpoints =
                List.of(
                    Roost::checkpoint,
                    () -> World.sleep(0),
                    () -> World.sleep(1),
                    Roost::sleepForever,
                    set::await,
                    () -> new Event().await(),
                    () -> Blocking.run(() -> {}),
                    () -> Blocking.abandoning().run(() -> {}),
                    () -> Nursery.run(_ -> {}),
                    () -> Nursery.call(_ -> 1),
                    () -> Nursery.runServices(_ -> {}),
                    () -> nursery.startAndWait((TaskStatus<Integer> s) -> s.started(1)),
                    Checkpoints::throwIfCancelled,
                    Checkpoints::letOthersRun,
                    () -> new ParkingLot("x").park(),
                    () -> AllTasksBlocked.await(Duration.ZERO),
                    () -> Suspension.create().await(_ -> true));
            for (Hang.Body checkpoint : checkpoints) {
              assertThatThrownBy(() -> Roost.atomically(checkpoint::run))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("Roost.atomically")
                  .hasMessageContaining("Move the call");
            }
            assertThat(nursery.children()).hasSize(1);
            assertThat(log).isEmpty();
            Roost.checkpoint();
            assertThat(log).containsExactly("other");
          });
        });
  }

  @Test
  void blocksThatAreNoCheckpoints_areWelcome() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          int[] sum = {0};
          Roost.atomically(() -> {
            nursery.start(() -> sum[0]++);
            new Event().set();
            CancelScope scope = CancelScope.create();
            scope.cancel();
            Roost.now();
            Roost.atomically(() -> sum[0]++);
          });
          assertThat(sum[0]).isOne();
        }));
  }

  @Test
  void afterTheBlock_andAfterAFailure_checkpointsWorkAgain() throws Exception {
    World.run(() -> {
      assertThatThrownBy(() ->
              Roost.atomically(() -> {
                throw new IOException("mine");
              }))
          .isInstanceOf(IOException.class);
      Roost.checkpoint();
    });
  }
}
