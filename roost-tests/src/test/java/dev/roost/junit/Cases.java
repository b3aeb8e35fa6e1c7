package dev.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EventType;

/** Runs classes of tests of which some must fail. */
final class Cases {

  private Cases() {}

  static EngineExecutionResults run(Class<?> cases, String... configuration) {
    var kit =
        EngineTestKit.engine("junit-jupiter")
            .enableImplicitConfigurationParameters(true) // the carrier under test
            .configurationParameter("roost.seed", "") // that of the suite is not meant for them
            .selectors(selectClass(cases));
    for (int i = 0; i < configuration.length; i += 2) {
      kit.configurationParameters(Map.of(configuration[i], configuration[i + 1]));
    }
    return kit.execute();
  }

  /** Runs the tests, all of which must succeed. */
  static void runWell(Class<?> cases, int expected, String... configuration) {
    var results = run(cases, configuration);
    assertThat(failures(results)).as("failures").isEmpty();
    results.testEvents().assertStatistics(stats -> stats.succeeded(expected).finished(expected));
  }

  /** What the only test of the class failed with. */
  static Throwable failure(Class<?> cases, String... configuration) {
    var results = run(cases, configuration);
    assertThat(failures(results)).as("failures").hasSize(1);
    return failures(results).getFirst();
  }

  static List<Throwable> failures(EngineExecutionResults results) {
    return results
        .allEvents()
        .filter(event -> event.getType() == EventType.FINISHED)
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .filter(result -> result.getStatus() == TestExecutionResult.Status.FAILED)
        .map(result -> result.getThrowable().orElseThrow())
        .toList();
  }

  static String stackTrace(Throwable error) {
    var text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
