package dev.roost.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.junit.RoostTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Blocks in order. */
class SequencerTest {

  private final Sequencer sequencer = new Sequencer();
  private final List<Object> seen = new ArrayList<>();

  private void block(int position) throws InterruptedException {
    try (var turn = sequencer.at(position)) {
      seen.add(turn.toString());
      Roost.checkpoint();
      seen.add(position);
    }
  }

  @RoostTest(schedules = 20)
  void each_block_begins_when_the_one_before_has_ended() throws Exception {
    Nursery.run(nursery -> {
      nursery.start(() -> {
        block(2);
        block(3);
      });
      nursery.start(() -> block(1));
      nursery.start(() -> {
        block(0);
        block(4);
      });
    });

    assertThat(seen)
        .containsExactly("Turn[0]", 0, "Turn[1]", 1, "Turn[2]", 2, "Turn[3]", 3, "Turn[4]", 4);
  }

  @RoostTest
  void a_block_that_throws_has_ended() throws Exception {
    Nursery.run(nursery -> {
      nursery.start(() -> block(1));
      Testing.waitAllTasksBlocked();
      try (var _ = sequencer.at(0)) {
        throw new IOException("first");
      } catch (IOException e) {
        seen.add(e.getMessage());
      }
    });

    assertThat(seen).containsExactly("first", "Turn[1]", 1);
  }

  @RoostTest
  void a_position_is_used_once() throws Exception {
    block(0);

    assertThatIllegalStateException()
        .isThrownBy(() -> block(0))
        .withMessage(
            "Sequencer.at: position 0 was used before. Each position is for one block, once.");
    block(1);
  }

  @RoostTest
  void a_position_that_is_waited_for_is_used() throws Exception {
    Nursery.run(nursery -> {
      nursery.start(() -> block(1));
      Testing.waitAllTasksBlocked();
      assertThatIllegalStateException().isThrownBy(() -> block(1));
      assertThat(sequencer).hasToString("Sequencer[positions used: [1]]");
      block(0);
    });
  }

  @RoostTest
  void the_cancellation_of_a_waiter_breaks_it_for_all_others() throws Exception {
    var scope = CancelScope.create();
    var second = new AtomicReference<Exception>();
    Nursery.run(nursery -> {
      nursery.start(() -> scope.run(() -> block(1)));
      nursery.start(() -> {
        try {
          block(2);
        } catch (IllegalStateException e) {
          second.set(e);
        }
      });
      Testing.waitAllTasksBlocked();
      try (var _ = sequencer.at(0)) {
        scope.cancel();
        Testing.waitAllTasksBlocked();
      }
    });

    assertThat(scope.cancelledCaught()).isTrue();
    assertThat(second.get())
        .hasMessageContaining("Sequencer.at(2): ")
        .hasMessageContaining("cancelled while it waited for position 1")
        .hasMessageContaining("is broken");
    assertThatIllegalStateException().isThrownBy(() -> block(3)).withMessageContaining("is broken");
    assertThat(seen).isEmpty();
    assertThat(sequencer).asString().endsWith("broken at 1]");
  }

  @RoostTest
  void a_waiter_that_is_cancelled_from_the_start_breaks_it_too() throws Exception {
    for (int position : new int[] {0, 5}) {
      var broken = new Sequencer();
      var scope = CancelScope.create();
      scope.cancel();
      scope.run(() -> broken.at(position).close());

      assertThat(scope.cancelledCaught()).isTrue();
      assertThatIllegalStateException().isThrownBy(() -> broken.at(position + 1));
    }
  }

  @RoostTest
  void a_block_that_is_cancelled_breaks_nothing() throws Exception {
    var scope = CancelScope.create();
    scope.run(() -> {
      try (var _ = sequencer.at(0)) {
        scope.cancel();
        Roost.checkpoint();
      }
    });

    block(1);
    assertThat(seen).containsExactly("Turn[1]", 1);
  }

  @RoostTest
  void to_close_twice_is_to_close_once() throws Exception {
    var turn = sequencer.at(0);
    turn.close();
    turn.close();

    block(1);
  }

  @RoostTest
  void waiting_for_a_turn_is_a_checkpoint() throws Exception {
    Testing.assertCheckpoints(() -> sequencer.at(0).close());
    Testing.assertCheckpoints(() -> sequencer.at(1).close());
  }

  @RoostTest
  void a_negative_position_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sequencer.at(-1))
        .withMessageContaining("the position is -1");
  }

  @Test
  void outside_of_a_run_it_is_refused_and_unharmed() throws Exception {
    assertThatIllegalStateException().isThrownBy(() -> sequencer.at(0));

    Roost.run(() -> block(0));
  }
}
