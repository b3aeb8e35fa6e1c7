package dev.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.CancelScope;
import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskStatus;
import dev.roost.testing.Testing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fixtures that fail, and those that are wrong from the start. */
class FixtureFailureTest {

  private static final List<String> seen = new ArrayList<>();

  @BeforeEach
  void forget() {
    seen.clear();
  }

  private static void failIn(Duration time, String message)
      throws IOException, InterruptedException {
    Roost.sleep(time);
    throw new IOException(message);
  }

  private static final Duration SECOND = Duration.ofSeconds(1);

  @RoostTest(autojump = true)
  static class SetUpCases {
    @Fixture
    Integer failing() throws IOException, InterruptedException {
      failIn(SECOND, "failing");
      return 1;
    }

    @Fixture
    Long slow() throws InterruptedException {
      try {
        Roost.sleepForever();
      } finally {
        seen.add("slow cancelled at " + Roost.now().getEpochSecond());
      }
      return 1L;
    }

    @Fixture
    void quick(Provider<StringBuilder> provider) throws InterruptedException {
      provider.provide(new StringBuilder());
      Roost.sleep(SECOND);
      seen.add("quick down");
    }

    @Fixture
    Short unstarted(Integer failing) {
      seen.add("unstarted " + failing);
      return 1;
    }

    @BeforeEach
    void before() {
      seen.add("before");
    }

    @Test
    void test(Short unstarted, Long slow, StringBuilder quick) {
      seen.add("test" + unstarted + slow + quick);
    }

    @AfterEach
    void after() {
      seen.add("after");
    }
  }

  @Test
  void a_failed_setup_cancels_the_other_setups_and_begins_no_more() {
    Throwable failure = Cases.failure(SetUpCases.class);

    assertThat(failure).isInstanceOf(IOException.class).hasMessage("failing");
    assertThat(Cases.stackTrace(failure))
        .contains("Note: it comes from the fixture failing of SetUpCases");
    assertThat(seen).containsExactly("slow cancelled at 1", "quick down");
  }

  @RoostTest(autojump = true)
  static class BackgroundCases {
    @Fixture
    void server(Provider<Integer> provider) throws InterruptedException {
      Nursery.run(nursery -> {
        nursery.start("worker", () -> failIn(SECOND, "worker died"));
        provider.provide(1);
      });
    }

    @Fixture
    void other(Provider<Long> provider) throws InterruptedException {
      provider.provide(1L);
      Roost.checkpoint(); // is not cancelled
      seen.add("other down");
    }

    @Test
    void test(Integer server, Long other) throws InterruptedException {
      try {
        Roost.sleepForever();
      } finally {
        seen.add("test cancelled at " + Roost.now().getEpochSecond());
      }
    }

    @AfterEach
    void after() throws InterruptedException {
      Roost.checkpoint();
      seen.add("after");
    }
  }

  @Test
  void a_background_task_that_crashes_fails_the_test_at_once_and_is_named() {
    Throwable failure = Cases.failure(BackgroundCases.class);

    assertThat(failure).isInstanceOf(IOException.class).hasMessage("worker died");
    assertThat(Cases.stackTrace(failure))
        .contains("Note: it comes from the fixture server of BackgroundCases")
        .contains("Note: thrown in the task worker. The tasks at that moment:")
        .contains("fixture server: ");
    assertThat(seen).containsExactly("test cancelled at 1", "after", "other down");
  }

  @RoostTest(autojump = true)
  static class OwnNurseryCases {
    @Fixture
    StringBuilder value(Nursery nursery) {
      nursery.start(() -> failIn(SECOND, "child died"));
      return new StringBuilder();
    }

    @Test
    void test(StringBuilder value) throws InterruptedException {
      Roost.sleepForever();
    }
  }

  @Test
  void a_child_in_the_nursery_of_a_fixture_is_its_background() {
    assertThat(Cases.failure(OwnNurseryCases.class)).hasMessage("child died");
  }

  @RoostTest(autojump = true)
  static class StubbornCases {
    @Fixture
    void service(TaskStatus<Integer> status) throws IOException, InterruptedException {
      status.started(1);
      failIn(SECOND, "service died");
    }

    @Test
    void test(Integer service) {
      try {
        Roost.sleepForever();
      } catch (InterruptedException cancelled) {
        throw new IllegalStateException("test failed");
      }
    }
  }

  @Test
  void if_the_test_fails_as_well_both_are_reported() {
    assertThat(Cases.failure(StubbornCases.class))
        .isInstanceOfSatisfying(
            ExceptionGroup.class,
            group ->
                assertThat(group.errors())
                    .extracting(Throwable::getMessage)
                    .containsExactly("service died", "test failed"));
  }

  @RoostTest(autojump = true)
  static class CaughtCases {
    @Fixture
    void service(TaskStatus<Integer> status) throws IOException, InterruptedException {
      status.started(1);
      failIn(SECOND, "service died");
    }

    @Test
    void test(Integer service) throws InterruptedException {
      CancelScope.moveOnAfter(SECOND.multipliedBy(2)).run(Roost::sleepForever);
    }
  }

  @Test
  void a_test_that_would_have_gone_well_fails_with_its_fixture() {
    assertThat(Cases.failure(CaughtCases.class)).hasMessage("service died");
  }

  @RoostTest(autojump = true)
  static class QuietEndCases {
    @Fixture
    void block(Provider<Integer> provider) throws InterruptedException {
      CancelScope.moveOnAfter(SECOND).run(() -> provider.provide(1));
    }

    @Test
    void test(Integer block) throws InterruptedException {
      Roost.sleepForever();
    }
  }

  @Test
  void a_block_that_is_cut_short_without_an_error_has_failed() {
    assertThat(Cases.failure(QuietEndCases.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("block of QuietEndCases has ended while the test still needed it");
  }

  @RoostTest
  static class TearDownCases {
    @Fixture
    AutoCloseable first() {
      return () -> {
        throw new IOException("closing first");
      };
    }

    @Fixture
    void second(Provider<Integer> provider, AutoCloseable first)
        throws IOException, InterruptedException {
      provider.provide(first.hashCode());
      throw new IOException("tearing second down");
    }

    @Test
    void test(Integer second) {
      throw new IllegalStateException("test");
    }
  }

  @Test
  void every_error_of_the_teardown_is_reported() {
    Throwable failure = Cases.failure(TearDownCases.class);

    assertThat(failure).hasMessage("test");
    assertThat(failure.getSuppressed())
        .hasOnlyElementsOfType(ExceptionGroup.class)
        .singleElement()
        .satisfies(group ->
            assertThat(((ExceptionGroup) group).errors())
                .extracting(Throwable::getMessage)
                .containsExactly("tearing second down", "closing first"));
  }

  @RoostTest
  static class AssumptionCases {
    @Fixture
    Integer here() {
      Assumptions.abort("not here");
      return 1;
    }

    @Test
    void test(Integer here) {}
  }

  @Test
  void an_assumption_of_a_fixture_aborts_the_test() {
    Cases.run(AssumptionCases.class)
        .testEvents()
        .assertStatistics(stats -> stats.aborted(1).failed(0));
  }

  @RoostTest(timeout = "1m", autojump = true)
  static class HangingTearDownCases {
    @Fixture
    void block(Provider<Integer> provider) throws InterruptedException {
      provider.provide(1);
      try {
        new dev.roost.sync.Event().await();
      } finally {
        seen.add("unwound");
      }
    }

    @Test
    void test(Integer block) throws InterruptedException {
      Testing.waitAllTasksBlocked();
    }
  }

  @Test
  void a_teardown_that_can_never_end_is_cut_short() {
    assertThat(Cases.failure(HangingTearDownCases.class))
        .hasMessageContaining("this can never end")
        .hasMessageContaining("fixture block");
    assertThat(seen).containsExactly("unwound");
  }

  // ---- mistakes

  @RoostTest
  static class CycleCases {
    @Fixture
    Integer one(Long two) {
      return two.intValue();
    }

    @Fixture
    Long two(Short three) {
      return three.longValue();
    }

    @Fixture
    Short three(Integer one) {
      return one.shortValue();
    }

    @Test
    void test(Long two) {}
  }

  @RoostTest
  static class MissingCases {
    @Fixture
    Integer one(StringBuilder unknown) {
      return unknown.length();
    }

    @Fixture
    Long other() {
      return 1L;
    }

    @Test
    void test(Integer one) {}
  }

  @RoostTest
  static class UnknownNameCases {
    @Fixture
    Integer one() {
      return 1;
    }

    @Test
    void test(@Fixture("two") Integer two) {}
  }

  @RoostTest
  static class UnknownTypeCases {
    @Test
    void test(@Fixture StringBuilder nobody) {}
  }

  @RoostTest
  static class WrongTypeCases {
    @Fixture
    Integer one() {
      return 1;
    }

    @Test
    void test(@Fixture("one") StringBuilder one) {}
  }

  @RoostTest
  static class AmbiguousCases {
    @Fixture
    Integer one() {
      return 1;
    }

    @Fixture
    Integer two() {
      return 2;
    }

    @Test
    void test(Integer which) {}
  }

  @RoostTest
  static class TwoWaysCases {
    @Fixture
    Integer one(Provider<Integer> provider) {
      return 1;
    }

    @Test
    void test(Integer one) {}
  }

  @RoostTest
  static class RawCases {
    @Fixture
    void one(Provider<?> provider) {}

    @Test
    void test() {}
  }

  @RoostTest
  static class OursCases {
    @Fixture
    Nursery nursery() {
      throw new AssertionError("never called");
    }

    @Test
    void test(Nursery nursery) {}
  }

  @RoostTest
  static class NullCases {
    @Fixture
    Integer one() {
      return null;
    }

    @Test
    void test(Integer one) {}
  }

  @RoostTest
  static class NoValueCases {
    @Fixture
    void one(Provider<Integer> provider) {}

    @Test
    void test(Integer one) {}
  }

  @RoostTest
  static class TwiceCases {
    @Fixture
    void one(Provider<Integer> provider) throws InterruptedException {
      provider.provide(1);
      provider.provide(2);
    }

    @Test
    void test(Integer one) {}
  }

  @RoostTest
  static class SeedTypeCases {
    @Test
    void test(@Seed String seed) {}
  }

  @Test
  void mistakes_are_explained() {
    assertThat(Cases.failure(CycleCases.class))
        .hasMessageContaining(
            "two of CycleCases needs three of CycleCases needs one of CycleCases needs two of"
                + " CycleCases");
    assertThat(Cases.failure(MissingCases.class))
        .hasMessageContaining("@Fixture one of MissingCases could not be called")
        .hasMessageContaining("StringBuilder")
        .hasMessageContaining("other of MissingCases (gives a java.lang.Long)");
    assertThat(Cases.failure(UnknownNameCases.class))
        .hasMessageContaining("parameter 0 of test asks for a fixture called \"two\"")
        .hasMessageContaining("one of UnknownNameCases (gives a java.lang.Integer)");
    assertThat(Cases.failure(UnknownTypeCases.class))
        .hasMessageContaining("of a type that suits")
        .hasMessageContaining("There are no fixtures at all");
    assertThat(Cases.failure(WrongTypeCases.class))
        .hasMessageContaining("gives a java.lang.Integer, but parameter 0 of test is a java.lang");
    assertThat(Cases.failure(AmbiguousCases.class))
        .hasMessageContaining("could be ")
        .hasMessageContaining("Say which: @Fixture(\"");
    assertThat(Cases.failure(TwoWaysCases.class))
        .hasMessageContaining("gives its value in more than one way");
    assertThat(Cases.failure(RawCases.class))
        .hasMessageContaining("without saying of what: write Provider<TheType>");
    assertThat(Cases.failure(OursCases.class)).hasMessageContaining("gives a Nursery, which");
    assertThat(Cases.failure(NullCases.class)).hasMessageContaining("returned null");
    assertThat(Cases.failure(NoValueCases.class))
        .hasMessageContaining("has ended without giving its value: call Provider.provide");
    assertThat(Cases.failure(TwiceCases.class)).hasMessageContaining("gave a value before");
    assertThat(Cases.failure(SeedTypeCases.class)).hasMessageContaining("A seed is a long");
  }
}
