package dev.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.Task;
import dev.roost.testing.Testing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Together with the rest of JUnit. */
class RoostTestJUnitTest {

  private static final Logger DISCOVERY =
      Logger.getLogger("org.junit.platform.launcher.core.DiscoveryIssueNotifier");

  private static final List<String> seen = new ArrayList<>();

  @BeforeEach
  void forget() {
    seen.clear();
  }

  @RoostTest
  static class KindsCases {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void parameterized(int number, Nursery nursery) throws InterruptedException {
      nursery.start(() -> seen.add("number " + number));
      Roost.checkpoint();
    }

    @RepeatedTest(2)
    void repeated() throws InterruptedException {
      Roost.checkpoint();
    }

    @Test
    void with_a_folder() throws IOException, InterruptedException {
      Files.writeString(folder.resolve("file"), "text");
      Roost.checkpoint();
    }

    @Nested
    class Inner {
      @Test
      void nested(@TempDir Path other) throws InterruptedException {
        assertThat(other).isNotEqualTo(folder);
        Roost.checkpoint();
      }
    }
  }

  @Test
  void all_kinds_of_tests_are_tasks() {
    Cases.runWell(KindsCases.class, 7);

    assertThat(seen).containsExactly("number 1", "number 2", "number 3");
  }

  @RoostTest(schedules = 2)
  static class FactoryCases {
    @TestFactory
    Stream<DynamicTest> tests(Nursery nursery) throws InterruptedException {
      Roost.checkpoint();
      return Stream.of("a", "b")
          .map(name ->
              DynamicTest.dynamicTest(
                  name,
                  () -> {
                    nursery.start(() -> seen.add(name + " in " + Task.current().name()));
                    Roost.checkpoint();
                  }));
    }
  }

  @Test
  void tests_made_by_a_factory_share_its_run() {
    Cases.runWell(FactoryCases.class, 2);

    assertThat(seen).hasSize(2);
  }

  @RoostTest(seed = 3)
  static class FailingFactoryCases {
    @TestFactory
    List<DynamicTest> tests(Nursery nursery) throws InterruptedException {
      nursery.start(() -> {
        try {
          Roost.sleepForever();
        } catch (InterruptedException e) {
          throw new IOException("at the end");
        }
      });
      Testing.waitAllTasksBlocked();
      return List.of(DynamicTest.dynamicTest("fine", Roost::checkpoint));
    }
  }

  @Test
  void an_error_at_the_end_of_the_run_is_not_lost() {
    Throwable failure = Cases.failure(FailingFactoryCases.class);

    assertThat(failure).isInstanceOf(IOException.class).hasMessage("at the end");
    assertThat(Cases.stackTrace(failure)).contains("The test ran with seed 3");
  }

  static class TwiceCases {
    @RoostTest
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void twice(int number) throws InterruptedException {
      Roost.checkpoint();
      seen.add("number " + number);
    }
  }

  @Test
  void a_method_that_is_a_template_as_well_runs_as_one_only() {
    DISCOVERY.setLevel(Level.OFF); // JUnit warns of the method, as it should
    Cases.run(TwiceCases.class)
        .testEvents()
        .assertStatistics(stats -> stats.skipped(1).succeeded(2).failed(0));
    assertThat(seen).containsExactly("number 1", "number 2");
  }

  @RoostTest(schedules = 0)
  static class NoScheduleCases {
    @Test
    void test() {}
  }

  @RoostTest(checkpointBudget = 0)
  static class NoBudgetCases {
    @Test
    void test() {}
  }

  @RoostTest(timeout = "soon")
  static class NoTimeoutCases {
    @Test
    void test() {}
  }

  @RoostTest
  static class PlainCases {
    @Test
    void test() throws InterruptedException {
      Roost.checkpoint();
    }
  }

  @Test
  void mistakes_in_the_settings_are_explained() {
    assertThat(Cases.failure(NoScheduleCases.class))
        .hasMessageContaining("@RoostTest(schedules = 0): ");
    assertThat(Cases.failure(NoBudgetCases.class))
        .hasMessageContaining("@RoostTest(checkpointBudget = 0): ");
    assertThat(Cases.failure(NoTimeoutCases.class))
        .hasMessageContaining("@RoostTest(timeout) is \"soon\"");
    assertThat(Cases.failure(PlainCases.class, "roost.timeout", "99999999999999999999s"))
        .hasMessageContaining("roost.timeout is \"9999");
    assertThat(Cases.failure(PlainCases.class, "roost.seed", "x"))
        .hasMessageContaining("roost.seed is \"x\"");
    assertThat(Cases.failure(PlainCases.class, "roost.carrier", "pigeon"))
        .hasMessageContaining("roost.carrier is \"pigeon\"")
        .hasMessageContaining("SHARED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1s", "1000 ms", "1m", "1h", "PT1S", "30"})
  void timeouts_have_units(String timeout) {
    Cases.runWell(PlainCases.class, 1, "roost.timeout", timeout);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5000000000ns", "5000000us"})
  void short_units_are_understood(String timeout) {
    Cases.runWell(PlainCases.class, 1, "roost.timeout", timeout);
  }

  @RoostTest
  static class SeedCases {
    @Test
    void test(@Seed long seed) {
      seen.add("" + seed);
    }
  }

  @Test
  void the_seed_can_be_configured_drawn_and_left_alone() {
    for (String seed : List.of("17", "random", "random", " ")) {
      Cases.runWell(SeedCases.class, 1, "roost.seed", seed);
    }
    assertThat(seen).containsExactly("17", "" + RandomSeed.VALUE, "" + RandomSeed.VALUE, "0");
  }

  @Test
  void the_carrier_can_be_configured() {
    Cases.runWell(PlainCases.class, 1, "roost.carrier", "shared");
  }
}
