package dev.roost.junit;

import dev.roost.Carrier;
import dev.roost.Roost;
import dev.roost.RunOptions;
import dev.roost.testing.MockClock;
import dev.roost.testing.Schedule;
import dev.roost.testing.ScheduleMode;
import dev.roost.testing.ScheduleSearch;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How the runs of one test are set up: its annotation, and what the configuration says about all.
 *
 * @param name the name of the run
 * @param mockClock whether the run has a clock of ours
 * @param autojump whether that clock jumps
 * @param checkpointBudget as for the run
 * @param carrier as for the run, null for the default
 * @param seeds one for each schedule; empty for a single one, first in, first out
 * @param exploring whether these seeds are a search, so that a failure has to name its seed
 * @param mode which orders are tried
 * @param limit how many of them, where they are not drawn from seeds
 * @param schedule the code of the only one, null for none
 * @param timeout the real time for each method, zero for no limit
 * @param leakChecks whether what the test leaves behind is a failure
 * @param patience how that time is measured
 */
record TestSettings(
    String name,
    boolean mockClock,
    boolean autojump,
    int checkpointBudget,
    @Nullable Carrier carrier,
    List<Long> seeds,
    boolean exploring,
    ScheduleMode mode,
    int limit,
    @Nullable String schedule,
    Duration timeout,
    boolean leakChecks,
    Patience patience) {

  private static final String DEFAULT_TIMEOUT = "60s";
  private static final Pattern WITH_UNIT = Pattern.compile("(\\d+) ?(ns|us|ms|s|m|h|)");

  static TestSettings of(
      RoostTest annotation, ExtensionContext context, boolean clockAskedFor, boolean seedAskedFor) {
    int schedules = annotation.schedules();
    require(schedules >= 1, "schedules", schedules, "The number of seeds to try is at least 1.");
    int budget = annotation.checkpointBudget();
    require(budget >= 1, "checkpointBudget", budget, "1 gives way at every checkpoint.");
    Optional<Long> given =
        context
            .getConfigurationParameter("roost.seed")
            .filter(text -> !text.isBlank())
            .map(TestSettings::seedOf);
    String schedule = scheduleOf(annotation, context);
    boolean drawn =
        annotation.mode() == ScheduleMode.RANDOM || annotation.mode() == ScheduleMode.PCT;
    return new TestSettings(
        context.getDisplayName(),
        annotation.autojump() || clockAskedFor,
        annotation.autojump(),
        budget,
        context
            .getConfigurationParameter("roost.carrier")
            .map(TestSettings::carrierOf)
            .orElse(null),
        given.map(List::of).orElseGet(() -> seedsOf(annotation, seedAskedFor)),
        schedule == null && (!drawn || (given.isEmpty() && schedules > 1)),
        annotation.mode(),
        schedules == 1 ? ScheduleSearch.DEFAULT_LIMIT : schedules,
        schedule,
        timeoutOf(annotation, context),
        annotation.leakChecks()
            && context
                .getConfigurationParameter("roost.leakChecks")
                .map(Boolean::parseBoolean)
                .orElse(true),
        context
            .getStore(RoostExtension.NAMESPACE)
            .getOrDefault(Patience.class, Patience.class, Patience.REAL));
  }

  private static List<Long> seedsOf(RoostTest annotation, boolean seedAskedFor) {
    boolean set = annotation.seed() != RoostTest.NO_SEED;
    if (!set && !seedAskedFor && annotation.schedules() == 1) {
      return List.of();
    }
    long first = set ? annotation.seed() : 0;
    return LongStream.range(0, annotation.schedules()).mapToObj(i -> first + i).toList();
  }

  private static @Nullable String scheduleOf(RoostTest annotation, ExtensionContext context) {
    String code =
        context.getConfigurationParameter("roost.schedule").orElse(annotation.schedule()).strip();
    if (code.isEmpty()) {
      return null;
    }
    try {
      var _ = Schedule.of(code);
      return code;
    } catch (IllegalArgumentException e) {
      throw new ExtensionConfigurationException("@RoostTest: " + e.getMessage(), e);
    }
  }

  private static void require(boolean valid, String attribute, int value, String rule) {
    if (!valid) {
      throw new ExtensionConfigurationException(
          "@RoostTest(" + attribute + " = " + value + "): " + rule);
    }
  }

  private static long seedOf(String text) {
    if (text.strip().equals("random")) {
      return RandomSeed.VALUE;
    }
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new ExtensionConfigurationException(
          "roost.seed is \""
              + text
              + "\". Give a whole number, such as the one that a failure named, or \"random\".",
          e);
    }
  }

  private static Carrier carrierOf(String text) {
    try {
      return Carrier.valueOf(text.strip().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ExtensionConfigurationException(
          "roost.carrier is \""
              + text
              + "\". Give one of "
              + Arrays.toString(Carrier.values())
              + ".",
          e);
    }
  }

  private static Duration timeoutOf(RoostTest annotation, ExtensionContext context) {
    if (!annotation.timeout().isBlank()) {
      return durationOf("@RoostTest(timeout)", annotation.timeout());
    }
    return durationOf(
        "roost.timeout",
        context.getConfigurationParameter("roost.timeout").orElse(DEFAULT_TIMEOUT));
  }

  private static Duration durationOf(String where, String text) {
    Matcher parts = WITH_UNIT.matcher(text.strip());
    try {
      if (!parts.matches()) {
        return Duration.parse(text.strip());
      }
      long number = Long.parseLong(parts.group(1));
      return switch (parts.group(2)) {
        case "ns" -> Duration.ofNanos(number);
        case "us" -> Duration.ofNanos(Math.multiplyExact(number, 1_000L));
        case "ms" -> Duration.ofMillis(number);
        case "m" -> Duration.ofMinutes(number);
        case "h" -> Duration.ofHours(number);
        default -> Duration.ofSeconds(number);
      };
    } catch (DateTimeParseException | NumberFormatException | ArithmeticException e) {
      throw new ExtensionConfigurationException(
          where + " is \"" + text + "\". Give a number with a unit, such as 500ms, 5s or 2m.", e);
    }
  }

  /** Null for first in, first out. */
  @Nullable Long firstSeed() {
    return seeds.isEmpty() ? null : seeds.getFirst();
  }

  /** A clock for one run, if it has one of ours. */
  @Nullable MockClock newClock() {
    if (!mockClock) {
      return null;
    }
    return autojump ? new MockClock().autojump() : new MockClock();
  }

  RunOptions options(@Nullable MockClock clock, @Nullable Long seed) {
    RunOptions options = Roost.with().name(name).checkpointBudget(checkpointBudget);
    if (carrier != null) {
      options = options.carrier(carrier);
    }
    options = options.clock(clock == null ? RealClock.INSTANCE : clock);
    return seed == null ? options : options.seed(seed);
  }
}
