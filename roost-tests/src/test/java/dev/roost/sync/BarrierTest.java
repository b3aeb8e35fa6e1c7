package dev.roost.sync;

import static dev.roost.sync.Blocked.untilAllBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BarrierTest {

  private final List<Object> log = new ArrayList<>();

  @Test
  void await_lastOneLetsAllGo_againAndAgain() throws Exception {
    Barrier barrier = new Barrier(3);
    Roost.run(() ->
        Nursery.run(nursery -> {
          for (int round = 0; round < 2; round++) {
            nursery.start(() -> log.add(barrier.await()));
            untilAllBlocked();
            nursery.start(() -> log.add(barrier.await()));
            untilAllBlocked();
            assertThat(log).isEmpty();
            assertThat(barrier.statistics()).isEqualTo(new Barrier.Statistics(3, 2));
            assertThat(barrier).hasToString("Barrier[2 of 3 waiting]");
            assertThat(barrier.await()).isZero();
            untilAllBlocked();
            assertThat(log).containsExactly(2, 1);
            log.clear();
          }
        }));
    assertThat(barrier.parties()).isEqualTo(3);
  }

  @Test
  void await_cancelled_wasNeverThere() throws Exception {
    Barrier barrier = new Barrier(2);
    Roost.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          nursery.start(() -> assertThat(scope.run(() -> barrier.await())).isFalse());
          untilAllBlocked();
          scope.cancel();
          assertThat(barrier.statistics().tasksWaiting()).isZero();
          nursery.start(() -> log.add(barrier.await()));
          untilAllBlocked();
          assertThat(log).isEmpty();
          assertThat(barrier.await()).isZero();
        }));
    assertThat(log).containsExactly(1);
  }

  @Test
  void oneParty_neverWaits() throws Exception {
    Roost.run(() -> assertThat(new Barrier(1).await()).isZero());
    assertThatThrownBy(() -> new Barrier(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Barrier: expected at least one party, but got 0.");
  }
}
