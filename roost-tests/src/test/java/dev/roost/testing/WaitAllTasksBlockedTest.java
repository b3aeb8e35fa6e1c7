package dev.roost.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.junit.RoostTest;
import dev.roost.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Waiting until nobody else can go on. */
class WaitAllTasksBlockedTest {

  private final List<String> seen = new ArrayList<>();

  private void record(String name, Duration cushion) throws InterruptedException {
    Testing.waitAllTasksBlocked(cushion);
    seen.add(name);
  }

  @RoostTest
  void it_waits_until_others_have_run_as_far_as_they_can(Nursery nursery) throws Exception {
    var never = new Event();
    nursery.start(() -> {
      for (int i = 0; i < 10; i++) {
        Roost.checkpoint();
      }
      seen.add("busy");
      never.await();
    });
    nursery.start(() -> {
      Roost.checkpoint();
      nursery.start(() -> seen.add("grandchild"));
    });

    Testing.waitAllTasksBlocked();

    assertThat(seen).containsExactlyInAnyOrder("busy", "grandchild");
  }

  @RoostTest
  void several_with_one_cushion_wake_together() throws Exception {
    Nursery.run(nursery -> {
      for (int i = 0; i < 3; i++) {
        nursery.start(() -> record("waiter", Duration.ZERO));
      }
    });

    assertThat(seen).hasSize(3);
  }

  /** Each wake-up starts the others anew: the busy one keeps the long cushion from its end. */
  @RoostTest
  void the_shortest_cushion_wakes_first_and_equal_ones_together() throws Exception {
    var none = Duration.ZERO;
    var some = Duration.ofMillis(5);
    var more = Duration.ofMillis(10);
    Nursery.run(nursery -> {
      nursery.start(() -> record("more", more));
      nursery.start(() -> record("none", none));
      nursery.start(() -> {
        record("some", some);
        for (int i = 0; i < 2; i++) {
          record("again", some);
        }
      });
      nursery.start(() -> record("some", some));
      nursery.start(() -> record("none", none));
    });

    assertThat(seen).containsExactly("none", "none", "some", "some", "again", "again", "more");
  }

  @RoostTest
  void it_can_be_cancelled() throws Exception {
    Nursery.run(nursery -> {
      var scope = CancelScope.create();
      nursery.start(() -> scope.run(() -> record("never", Duration.ofDays(1))));
      Testing.waitAllTasksBlocked();
      scope.cancel();
      Testing.waitAllTasksBlocked();
      assertThat(scope.cancelledCaught()).isTrue();
    });
    assertThat(seen).isEmpty();
  }

  @RoostTest
  void it_is_a_checkpoint() throws Exception {
    Testing.assertCheckpoints(Testing::waitAllTasksBlocked);
  }

  @RoostTest
  void a_cushion_for_ages_is_accepted() throws Exception {
    var scope = CancelScope.create();
    scope.cancel();

    scope.run(() -> Testing.waitAllTasksBlocked(Duration.ofSeconds(Long.MAX_VALUE)));

    assertThat(scope.cancelledCaught()).isTrue();
  }

  @RoostTest
  void an_endless_cushion_waits_without_limit(Nursery nursery) throws Exception {
    nursery.start(() -> record("never", Duration.ofSeconds(Long.MAX_VALUE)));

    Testing.waitAllTasksBlocked();

    assertThat(seen).isEmpty();
  }

  @RoostTest
  void a_negative_cushion_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Testing.waitAllTasksBlocked(Duration.ofNanos(-1)))
        .withMessageContaining("the cushion is negative");
  }

  @Test
  void outside_of_a_run_it_is_refused() {
    assertThatIllegalStateException().isThrownBy(Testing::waitAllTasksBlocked);
  }
}
