package dev.roost.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.roost.World;
import dev.roost.testing.BugZoo.Specimen;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every bug is found within the number of schedules that is stated for it, and no twin is accused.
 */
class BugZooTest {

  private static final Logger LOGGER = Logger.getLogger("dev.roost");
  private static Level before;

  @BeforeAll
  static void be_quiet() {
    before = LOGGER.getLevel();
    LOGGER.setLevel(Level.OFF); // it would tell of loops that swallow cancellations, as it should
  }

  @AfterAll
  static void be_as_before() {
    LOGGER.setLevel(before);
  }

  static List<Specimen> specimens() {
    return BugZoo.all();
  }

  static Stream<Specimen> specimensOfAll() {
    return BugZoo.all().stream().filter(specimen -> specimen.mode() == ScheduleMode.ALL);
  }

  @ParameterizedTest
  @MethodSource("specimens")
  void bug_is_found_in_time_and_can_be_replayed(Specimen specimen) {
    var failure = find(specimen);

    assertThat(failure.getMessage()).contains(specimen.finds());
    assertThat(failure.tried()).isLessThanOrEqualTo(specimen.within());
    assertThatThrownBy(() -> Schedules.replay(failure.schedule(), specimen.bug()))
        .isInstanceOf(ScheduleFailure.class)
        .hasMessageContaining(specimen.finds());
  }

  private static ScheduleFailure find(Specimen specimen) {
    return catchThrowableOfType(
        ScheduleFailure.class,
        () -> Schedules.in(specimen.mode(), specimen.within()).run(specimen.bug()));
  }

  @ParameterizedTest
  @MethodSource("specimens")
  void twin_passes_in_many_orders(Specimen specimen) throws InterruptedException {
    Schedules.explore(World.rounds(8), specimen.twin());
    Schedules.in(ScheduleMode.PCT, World.rounds(8)).run(specimen.twin());
  }

  @ParameterizedTest
  @MethodSource("specimensOfAll")
  void twin_passes_in_all_orders(Specimen specimen) throws InterruptedException {
    assertThat(Schedules.exploreAll(specimen.twin())).isGreaterThan(1);
  }

  @ParameterizedTest
  @MethodSource("specimens")
  void twin_passes_wherever_it_is_cancelled(Specimen specimen) throws InterruptedException {
    assertThat(Testing.cancelEverywhere(specimen.twin())).isGreaterThan(2);
  }
}
