package dev.roost.junit;

import dev.roost.testing.Schedule;
import dev.roost.testing.ScheduleMode;
import dev.roost.testing.ScheduleSearch;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** In which orders of tasks one test is run, one after another. */
final class Trials {

  private static final int PCT_DEPTH = 3;

  /**
   * One of them.
   *
   * @param seed what it is drawn from, or what a test that asks for a seed gets; null for none
   * @param schedule the order; null for that of the seed, or first in, first out without one
   */
  record Trial(@Nullable Long seed, @Nullable Schedule schedule) {}

  private final TestSettings settings;
  private final ScheduleSearch search;

  Trials(TestSettings settings) {
    this.settings = settings;
    Long first = settings.firstSeed();
    this.search =
        new ScheduleSearch(
            settings.mode(),
            isDrawn() ? Math.max(1, settings.seeds().size()) : settings.limit(),
            first == null ? 0 : first);
  }

  private boolean isDrawn() {
    return settings.mode() == ScheduleMode.RANDOM || settings.mode() == ScheduleMode.PCT;
  }

  Trial first() {
    Long seed = settings.firstSeed();
    String code = settings.schedule();
    if (code != null) {
      return new Trial(seed, Schedule.of(code));
    }
    if (settings.exploring()) {
      return next().orElseThrow();
    }
    return settings.mode() == ScheduleMode.PCT
        ? new Trial(seed, Schedule.pct(seed == null ? 0 : seed, PCT_DEPTH))
        : new Trial(seed, null);
  }

  /** The next one of a search; empty if all were tried. */
  Optional<Trial> next() {
    return search
        .next()
        .map(schedule ->
            new Trial(
                isDrawn() ? settings.seeds().get(search.tried() - 1) : settings.firstSeed(),
                schedule));
  }
}
