package dev.roost.testing;

import static dev.roost.testing.Testing.assertCheckpoints;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.sync.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The samples in the documentation of the test kit. */
class TestingSamples {

  @Test
  void autojump() throws Exception {
    // @start region="autojump"
    var clock = new MockClock().autojump();
    Roost.with()
        .clock(clock)
        .run(() -> {
          boolean finished =
              CancelScope.moveOnAfter(Duration.ofHours(1))
                  .run(() -> Roost.sleep(Duration.ofDays(1)));

          assertThat(finished).isFalse();
          assertThat(Roost.now()).isEqualTo(Instant.EPOCH.plus(Duration.ofHours(1)));
        });
    // @end
  }

  @Test
  void waits_until_all_tasks_are_blocked() throws Exception {
    Roost.run(() -> {
      // @start region="waitAllTasksBlocked"
      var gate = new Event();
      var through = new ArrayList<String>();
      Nursery.run(nursery -> {
        nursery.start(() -> {
          gate.await();
          through.add("child");
        });
        waitAllTasksBlocked(); // the child is at the gate now
        assertThat(through).isEmpty();
        gate.set();
      });
      // @end
      assertThat(through).containsExactly("child");
    });
  }

  @Test
  void asserts_checkpoints() throws Exception {
    Roost.run(() -> {
      // @start region="assertCheckpoints"
      var event = new Event();
      event.set();
      assertCheckpoints(event::await); // also when it need not wait
      // @end
    });
  }

  @Test
  void puts_blocks_in_order() throws Exception {
    Roost.run(() -> {
      // @start region="sequencer"
      var order = new ArrayList<String>();
      var sequencer = new Sequencer();
      Nursery.run(nursery -> {
        nursery.start(() -> {
          try (var _ = sequencer.at(1)) {
            order.add("second");
          }
        });
        try (var _ = sequencer.at(0)) {
          order.add("first");
        }
        try (var _ = sequencer.at(2)) {
          order.add("third");
        }
      });
      assertThat(order).isEqualTo(List.of("first", "second", "third"));
      // @end
    });
  }
}
