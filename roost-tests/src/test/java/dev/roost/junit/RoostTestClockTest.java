package dev.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.testing.MockClock;
import dev.roost.testing.Testing;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Which clock a test gets. */
class RoostTestClockTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @RoostTest(autojump = true)
  static class AutojumpCases {
    @BeforeEach
    void before() throws InterruptedException {
      assertThat(Roost.now()).isEqualTo(Instant.EPOCH);
      Roost.sleep(HOUR);
    }

    @Test
    void first(MockClock clock) throws InterruptedException {
      Roost.sleep(HOUR);
      assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plus(HOUR.multipliedBy(2)));
    }

    @Test
    void second() throws InterruptedException {
      Roost.sleep(HOUR);
    }

    @AfterEach
    void after() throws InterruptedException {
      Roost.sleep(HOUR);
      assertThat(Roost.now()).isEqualTo(Instant.EPOCH.plus(HOUR.multipliedBy(3)));
    }
  }

  @Test
  void with_autojump_time_flies_from_zero_in_each_test() {
    Cases.runWell(AutojumpCases.class, 2);
  }

  @RoostTest
  static class ParameterCases {
    @Test
    void stands_still(MockClock clock, Nursery nursery) throws InterruptedException {
      var sleeping = CancelScope.moveOnAfter(HOUR);
      nursery.start(() -> sleeping.run(Roost::sleepForever));
      Testing.waitAllTasksBlocked();
      assertThat(Roost.now()).isEqualTo(Instant.EPOCH);

      clock.jump(HOUR);
      Testing.waitAllTasksBlocked();

      assertThat(sleeping.cancelledCaught()).isTrue();
    }
  }

  @Test
  void a_parameter_gives_a_clock_that_stands_still() {
    Cases.runWell(ParameterCases.class, 1);
  }

  @RoostTest
  static class LaterParameterCases {
    private Instant atFirst;

    @BeforeEach
    void before() {
      atFirst = Roost.now();
    }

    @Test
    void test() {
      assertThat(atFirst).isEqualTo(Instant.EPOCH);
    }

    @AfterEach
    void after(MockClock clock) {
      assertThat(clock.instant()).isEqualTo(atFirst);
    }

    @Nested
    class Inner {
      @Test
      void inner() {
        assertThat(atFirst).isEqualTo(Instant.EPOCH);
      }
    }
  }

  @Test
  void the_clock_is_there_from_the_start_whoever_asks_for_it() {
    Cases.runWell(LaterParameterCases.class, 2);
  }

  @RoostTest
  static class RealCases {
    @Test
    void real() {
      assertThat(Roost.now()).isAfter(Instant.parse("2020-01-01T00:00:00Z"));
    }
  }

  @Test
  void without_either_the_clock_is_the_systems() {
    Cases.runWell(RealCases.class, 1);
  }

  @RoostTest(autojump = true)
  static class NoJumpBetweenCases {
    @BeforeEach
    void before(Nursery nursery) throws InterruptedException {
      nursery.start(() -> Roost.sleep(HOUR));
      Testing.waitAllTasksBlocked();
    }

    @Test
    void test() {
      assertThat(Roost.now()).isEqualTo(Instant.EPOCH);
    }
  }

  @Test
  void the_clock_does_not_jump_between_the_methods() {
    Cases.runWell(NoJumpBetweenCases.class, 1);
  }

  @RoostTest(autojump = true)
  static class OverridingCases {
    @RoostTest
    void without() {
      assertThat(Roost.now()).isAfter(Instant.parse("2020-01-01T00:00:00Z"));
    }
  }

  @Test
  void the_annotation_of_a_method_replaces_that_of_its_class() {
    Cases.runWell(OverridingCases.class, 1);
  }
}
