package dev.roost;

import static dev.roost.World.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tasks whose wall clock is not that of the run. */
class WallClockTest {

  /** An hour ahead, and twice as fast. */
  private static final WallClock FAST =
      new WallClock() {
        @Override
        public Instant shown(Instant moment) {
          return Instant.ofEpochSecond(3_600 + 2 * moment.getEpochSecond());
        }

        @Override
        public Instant moment(Instant shown) {
          return Instant.ofEpochSecond((shown.getEpochSecond() - 3_600) / 2);
        }
      };

  private static Instant at(long second) {
    return Instant.ofEpochSecond(second);
  }

  @Test
  void now_is_what_the_clock_of_the_task_shows() throws InterruptedException {
    World.run(() -> {
      World.sleep(10);
      assertThat(FAST.<Instant, RuntimeException>call(Roost::now)).isEqualTo(at(3_620));
      FAST.run(() -> assertThat(WallClock.nowOfRun()).isEqualTo(at(10)));
      assertThat(Roost.now()).isEqualTo(at(10));
    });
  }

  @Test
  void children_inherit_it() throws InterruptedException {
    World.run(() -> {
      var times = new ArrayList<Instant>();
      FAST.run(() -> Nursery.run(nursery -> nursery.start(() -> times.add(Roost.now()))));
      assertThat(times).containsExactly(at(3_600));
    });
  }

  @Test
  void moments_are_of_that_clock_and_durations_are_not() throws InterruptedException {
    World.run(() ->
        FAST.run(() -> {
          Roost.sleepUntil(at(3_620));
          assertThat(WallClock.nowOfRun()).isEqualTo(at(10));
          assertThat(CancelScope.moveOnAt(at(3_640)).run(Roost::sleepForever)).isFalse();
          assertThat(WallClock.nowOfRun()).isEqualTo(at(20));
          assertThat(CancelScope.moveOnAfter(seconds(10)).run(Roost::sleepForever)).isFalse();
          assertThat(WallClock.nowOfRun()).isEqualTo(at(30));
        }));
  }

  @Test
  void deadline_is_told_by_the_clock_of_who_asks() throws InterruptedException {
    World.run(() -> {
      var asked = new ArrayList<Instant>();
      var scope = CancelScope.moveOnAfter(seconds(50));
      scope.run(() -> {
        FAST.run(() -> {
          asked.add(scope.deadline().orElseThrow());
          asked.add(CancelScope.currentEffectiveDeadline().orElseThrow());
          scope.setDeadline(at(3_660));
          asked.add(scope.deadline().orElseThrow());
        });
        asked.add(scope.deadline().orElseThrow());
      });
      assertThat(asked).isEqualTo(List.of(at(3_700), at(3_700), at(3_660), at(30)));
    });
  }

  @Test
  void outside_a_run_there_is_none() {
    assertThatThrownBy(() -> FAST.run(Roost::checkpoint)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(WallClock::nowOfRun).isInstanceOf(IllegalStateException.class);
  }
}
