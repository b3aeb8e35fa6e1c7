package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * All tests of the core and of the test kit, again and again in one JVM, each time with another
 * seed. Takes minutes, so it is run when asked for:
 *
 * <pre>  ./roost test ManySeeds -Droost.seeds=200</pre>
 *
 * That is the seeds 1 to 200; {@code 101-200} is the second half of them. The executions of the
 * build each do so, on their carrier, but the one that draws a seed.
 */
class ManySeeds {

  private static final String SEED = "roost.seed";

  @TestFactory
  Stream<DynamicTest> every_seed_is_green() {
    String[] range = System.getProperty("roost.seeds", "3").split("-", 2);
    long first = range.length == 1 ? 1 : Long.parseLong(range[0]);
    long last = Long.parseLong(range[range.length - 1]);
    return LongStream.rangeClosed(first, last)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> runWith(seed)));
  }

  private static void runWith(long seed) {
    String before = System.getProperty(SEED);
    assumeFalse("random".equals(before));
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    System.setProperty(SEED, Long.toString(seed));
    try {
      LauncherFactory.create().execute(all(), summary);
    } finally {
      if (before == null) {
        System.clearProperty(SEED);
      } else {
        System.setProperty(SEED, before);
      }
    }
    TestExecutionSummary result = summary.getSummary();
    System.out.println(
        "seed "
            + seed
            + ": "
            + result.getTestsSucceededCount()
            + " tests in "
            + Duration.ofMillis(result.getTimeFinished() - result.getTimeStarted()));
    assertThat(result.getTestsSucceededCount()).isPositive();
    if (!result.getFailures().isEmpty()) {
      StringWriter text = new StringWriter();
      result.printFailuresTo(new PrintWriter(text), 50);
      throw new AssertionError(text.toString());
    }
  }

  private static LauncherDiscoveryRequest all() {
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(selectPackage("dev.roost"))
        .filters(
            ClassNameFilter.includeClassNamePatterns(
                "dev\\.roost\\.((internal|lowlevel|sync|channel|testing|junit)\\.)?\\w*Test"))
        .build();
  }
}
