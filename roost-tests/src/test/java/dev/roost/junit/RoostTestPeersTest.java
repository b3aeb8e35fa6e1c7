package dev.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.roost.Blocking;
import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.testing.MockClock;
import dev.roost.testing.Testing;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.api.junit.jupiter.InjectSoftAssertions;
import org.assertj.core.api.junit.jupiter.SoftAssertionsExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.opentest4j.MultipleFailuresError;

/** Together with what people run tests with, and assert with. */
class RoostTestPeersTest {

  private static final Duration HOUR = Duration.ofHours(1);

  // ---- parallel execution

  @RoostTest(autojump = true)
  static class ParallelCases {
    private static final CyclicBarrier together = new CyclicBarrier(2);

    @Fixture
    StringBuilder text(Nursery nursery) {
      nursery.start(Roost::sleepForever);
      return new StringBuilder("fresh");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void meets_the_others(int number, @Fixture StringBuilder text, MockClock clock, Nursery nursery)
        throws Exception {
      Blocking.run(() -> together.await(1, TimeUnit.MINUTES));
      assertThat(text.append(number)).asString().isEqualTo("fresh" + number);
      nursery.start(() -> Roost.sleep(HOUR));
      Roost.sleep(HOUR.multipliedBy(number));
      assertThat(Duration.ofNanos(clock.nanoTime())).isEqualTo(HOUR.multipliedBy(number));
    }
  }

  @Test
  void tests_that_junit_runs_in_parallel_have_runs_of_their_own() {
    Cases.runWell(
        ParallelCases.class,
        4,
        "junit.jupiter.execution.parallel.enabled",
        "true",
        "junit.jupiter.execution.parallel.mode.default",
        "concurrent",
        "junit.jupiter.execution.parallel.config.strategy",
        "fixed",
        "junit.jupiter.execution.parallel.config.fixed.parallelism",
        "8");
  }

  // ---- assertion libraries; check() is what AssertJ's generated classes call in the end

  @RoostTest
  @ExtendWith(SoftAssertionsExtension.class)
  static class SoftCases {
    @InjectSoftAssertions private SoftAssertions field;

    @Test
    void parameter(SoftAssertions softly, Nursery nursery) throws InterruptedException {
      softly.check(() -> assertEquals("b", "a"));
      nursery.start(() -> softly.check(() -> assertEquals(2, 1)));
      Testing.waitAllTasksBlocked();
    }

    @Test
    void field(Nursery nursery) throws InterruptedException {
      nursery.start(() -> field.check(() -> assertEquals(2, 1)));
      nursery.start(() -> field.check(() -> assertEquals("b", "a")));
      Testing.waitAllTasksBlocked();
    }

    @Test
    void block(Nursery nursery) throws InterruptedException {
      nursery.start(() ->
          SoftAssertions.assertSoftly(softly -> {
            softly.check(() -> assertEquals(2, 1));
            softly.check(() -> assertEquals("b", "a"));
          }));
      Roost.sleepForever();
    }
  }

  @Test
  void soft_assertions_of_all_tasks_are_reported_together() {
    var failures = Cases.failures(Cases.run(SoftCases.class));

    assertThat(failures)
        .hasSize(3)
        .hasOnlyElementsOfType(MultipleFailuresError.class)
        .allSatisfy(
            failure -> assertThat(((MultipleFailuresError) failure).getFailures()).hasSize(2));
  }

  @RoostTest
  static class AllCases {
    @Test
    void all(Nursery nursery) throws InterruptedException {
      nursery.start(() -> assertAll(() -> assertEquals(1, 2), () -> assertEquals(3, 4)));
      Roost.sleepForever();
    }

    @Test
    void several(Nursery nursery) throws InterruptedException {
      nursery.start(() -> assertEquals(1, 2));
      nursery.start(() -> assertThat(1).isEqualTo(2));
      Roost.sleepForever();
    }
  }

  @Test
  void what_one_task_groups_is_one_error_and_what_several_throw_is_a_group() {
    var failures = Cases.failures(Cases.run(AllCases.class));

    assertThat(failures).hasSize(2).hasAtLeastOneElementOfType(MultipleFailuresError.class);
    assertThat(failures)
        .filteredOn(ExceptionGroup.class::isInstance)
        .singleElement()
        .satisfies(group -> assertThat(((ExceptionGroup) group).errors()).hasSize(2));
  }

  // ---- launchers

  @RoostTest(autojump = true)
  static class PlainCases {
    @Test
    void sleeps() throws InterruptedException {
      Roost.sleep(HOUR);
    }

    @Test
    void fails(Nursery nursery) throws InterruptedException {
      nursery.start("culprit", () -> assertEquals(1, 2));
      Roost.sleepForever();
    }
  }

  @Test
  void the_launcher_runs_them() {
    var summary = new SummaryGeneratingListener();
    var request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(PlainCases.class));

    LauncherFactory.create().execute(request.build(), summary);

    assertThat(summary.getSummary().getTestsSucceededCount()).isEqualTo(1);
    assertThat(summary.getSummary().getTestsFailedCount()).isEqualTo(1);
  }

  @Test
  void the_console_launcher_runs_them_and_prints_the_note() {
    var out = new StringWriter();
    ToolProvider console = ToolProvider.findFirst("junit").orElseThrow();

    int exit =
        console.run(
            new PrintWriter(out),
            new PrintWriter(out),
            "execute",
            "--disable-banner",
            "--disable-ansi-colors",
            "--select-class=" + PlainCases.class.getName());

    assertThat(exit).isEqualTo(1);
    assertThat(out.toString())
        .contains("1 tests successful", "1 tests failed")
        .contains("expected: <1> but was: <2>")
        .contains("Note: thrown in the task culprit");
  }
}
