package dev.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.sync.Event;
import dev.roost.testing.MockClock;
import dev.roost.testing.Testing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.AssertionFailedError;

/** Seeds, and the search for an order of tasks that breaks a test. */
class RoostTestScheduleTest {

  private static final List<String> seen = new ArrayList<>();

  @BeforeEach
  void forget() {
    seen.clear();
  }

  /** In which order ten tasks run. */
  private static String order() throws InterruptedException {
    var order = new StringBuilder();
    Nursery.run(nursery -> {
      for (int i = 0; i < 10; i++) {
        int n = i;
        nursery.start(() -> order.append(n));
      }
    });
    return order.toString();
  }

  @RoostTest
  static class DefaultCases {
    @Test
    void one() throws InterruptedException {
      seen.add(order());
    }
  }

  @Test
  void the_order_is_first_in_first_out_unless_there_is_a_seed() {
    Cases.runWell(DefaultCases.class, 1);

    assertThat(seen).containsExactly("0123456789");
  }

  @RoostTest(seed = 7)
  static class SeededCases {
    @Test
    void one() throws InterruptedException {
      seen.add(order());
    }

    @RoostTest(seed = 7)
    void two() throws InterruptedException {
      seen.add(order());
    }
  }

  @Test
  void a_seed_gives_one_other_order() {
    Cases.runWell(SeededCases.class, 2);

    assertThat(seen.getFirst()).isEqualTo(seen.getLast()).isNotEqualTo("0123456789");
  }

  @Test
  void the_seed_of_the_configuration_overrides_the_others() {
    Cases.runWell(SeededCases.class, 2);
    Cases.runWell(SeededCases.class, 2, "roost.seed", "8");
    Cases.runWell(DefaultCases.class, 1, "roost.seed", "8");

    assertThat(seen.get(2)).isNotEqualTo(seen.getFirst()).isEqualTo(seen.getLast());
  }

  /** Fails in about one order in six. */
  @RoostTest(schedules = 60)
  static class OrderCases {
    private final List<Integer> order = new ArrayList<>();

    @Test
    void fails_if_the_last_comes_first(Nursery nursery) throws InterruptedException {
      for (int i = 0; i < 6; i++) {
        int n = i;
        nursery.start(() -> order.add(n));
      }
      Testing.waitAllTasksBlocked();
      seen.add(order.toString());
      assertThat(order.getFirst()).isNotEqualTo(5);
    }
  }

  @Test
  void a_search_finds_the_bad_order_and_names_the_seed_that_replays_it() {
    Throwable found = Cases.failure(OrderCases.class);
    var named = Pattern.compile("-Droost.seed=(\\d+)").matcher(found.getMessage());
    assertThat(named.find()).as(found.getMessage()).isTrue();
    String seed = named.group(1);
    // The search ends there; what comes after it only looks for a simpler order that fails.
    String badOrder = seen.get(Integer.parseInt(seed));
    assertThat(badOrder).startsWith("[5");
    assertThat(seen.subList(0, Integer.parseInt(seed))).noneMatch(order -> order.startsWith("[5"));
    assertThat(found)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("@RoostTest(seed = " + seed + ")")
        .hasCauseInstanceOf(AssertionError.class);
    seen.clear();

    Throwable replayed = Cases.failure(OrderCases.class, "roost.seed", seed);

    assertThat(seen).containsExactly(badOrder);
    assertThat(replayed.getMessage()).isEqualTo(found.getCause().getMessage());
    assertThat(Cases.stackTrace(replayed)).contains("The test ran with seed " + seed);
  }

  @RoostTest(schedules = 3, seed = 10_000_000_000L)
  static class FirstCases {
    @Test
    void fails() {
      assertEqual("this", "that");
    }

    private static void assertEqual(String expected, String actual) {
      throw new AssertionFailedError("not equal", expected, actual);
    }
  }

  @Test
  void the_failure_keeps_what_was_expected_for_the_editor_to_compare() {
    assertThat(Cases.failure(FirstCases.class))
        .isInstanceOfSatisfying(
            AssertionFailedError.class,
            failure -> {
              assertThat(failure.getExpected().getValue()).isEqualTo("this");
              assertThat(failure.getActual().getValue()).isEqualTo("that");
            })
        .hasMessageContaining("seed = 10000000000L)")
        .hasMessageContaining("not equal");
  }

  @RoostTest(schedules = 3)
  static class LifecycleCases {
    private final List<String> mine = new ArrayList<>();

    @TempDir Path folder;

    @BeforeEach
    void before(MockClock clock) {
      mine.add("before at " + clock.instant().getEpochSecond());
      clock.jump(Duration.ofSeconds(1));
    }

    @Test
    void test(Nursery nursery) throws InterruptedException {
      nursery.start(() -> mine.add("child"));
      Testing.waitAllTasksBlocked();
      assertThat(Files.isDirectory(folder)).isTrue();
      mine.add("test");
    }

    @AfterEach
    void after() throws InterruptedException {
      Roost.checkpoint();
      seen.add(mine + " after");
    }
  }

  @Test
  void each_schedule_has_a_run_and_an_instance_of_its_own() {
    Cases.runWell(LifecycleCases.class, 1);

    assertThat(seen).hasSize(3).containsOnly("[before at 0, child, test] after");
  }

  @RoostTest(schedules = 3)
  static class NestedCases {
    private int outerRuns;

    @BeforeEach
    void before() {
      outerRuns++;
    }

    @Nested
    class Inner {
      private int innerRuns;

      @BeforeEach
      void before() {
        innerRuns++;
      }

      @Test
      void test() {
        seen.add(outerRuns + "/" + innerRuns);
      }
    }
  }

  @Test
  void instances_of_nested_classes_are_fresh_as_well() {
    Cases.runWell(NestedCases.class, 1);

    assertThat(seen).containsExactly("1/1", "1/1", "1/1");
  }

  @RoostTest(schedules = 3)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClassCases {
    private int runs;

    @Test
    void test() {
      seen.add("run " + ++runs);
    }
  }

  @Test
  void one_instance_for_the_class_stays_that() {
    Cases.runWell(PerClassCases.class, 1);

    assertThat(seen).containsExactly("run 1", "run 2", "run 3");
  }

  @RoostTest(schedules = 2)
  static class ParameterizedCases {
    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void test(String argument, Nursery nursery) throws InterruptedException {
      nursery.start(() -> seen.add(argument));
      Testing.waitAllTasksBlocked();
    }
  }

  @Test
  void arguments_are_the_same_in_each_schedule() {
    Cases.runWell(ParameterizedCases.class, 2);

    assertThat(seen).containsExactly("a", "a", "b", "b");
  }

  @RoostTest(schedules = 5)
  static class LateFailureCases {
    private static int runs;

    @BeforeEach
    void before() {
      if (++runs == 2) {
        throw new IllegalStateException("before");
      }
    }

    @Test
    void test() {
      seen.add("test " + runs);
    }

    @AfterEach
    void after() {
      seen.add("after " + runs);
      if (runs == 2) {
        throw new IllegalStateException("after");
      }
    }
  }

  @Test
  void a_schedule_cleans_up_after_a_failure_and_is_the_last() {
    LateFailureCases.runs = 0;
    Throwable failure = Cases.failure(LateFailureCases.class);

    assertThat(failure).hasMessageContaining("seed 1").hasRootCauseMessage("before");
    assertThat(failure.getCause().getSuppressed())
        .extracting(Throwable::getMessage)
        .containsExactly("after");
    assertThat(seen).containsExactly("test 1", "after 1", "after 2");
  }

  /** Two tasks that need not wait at their checkpoints. */
  private static String interleaving() throws InterruptedException {
    var order = new StringBuilder();
    Nursery.run(nursery -> {
      var open = new Event();
      open.set();
      for (String name : List.of("a", "b")) {
        nursery.start(() -> {
          for (int i = 0; i < 3; i++) {
            order.append(name);
            open.await();
          }
        });
      }
    });
    return order.toString();
  }

  @RoostTest
  static class BudgetCases {
    @Test
    void gives_way() throws InterruptedException {
      assertThat(interleaving()).isEqualTo("ababab");
    }

    @RoostTest(checkpointBudget = 64)
    void keeps_on() throws InterruptedException {
      assertThat(interleaving()).isEqualTo("aaabbb");
    }
  }

  @Test
  void a_test_gives_way_at_every_checkpoint_unless_told_otherwise() {
    Cases.runWell(BudgetCases.class, 2);
  }
}
