package dev.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roost.CancelScope;
import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.sync.Event;
import dev.roost.testing.Testing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

/** How failures reach JUnit. */
class RoostTestFailureTest {

  private static final List<String> seen = new ArrayList<>();

  @BeforeEach
  void forget() {
    seen.clear();
  }

  @RoostTest
  static class ChildCases {
    @Test
    void fails(Nursery nursery) throws InterruptedException {
      nursery.start(() -> assertEquals(1, 2));
      Roost.sleepForever();
    }
  }

  @Test
  void the_failed_assertion_of_a_child_is_reported_as_itself() {
    assertThat(Cases.failure(ChildCases.class))
        .isInstanceOf(AssertionFailedError.class)
        .hasMessageContaining("expected: <1> but was: <2>");
  }

  @Test
  void with_a_note_of_the_task_that_it_comes_from_and_of_the_others() {
    Throwable failure = Cases.failure(ChildCases.class);

    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(failure.getSuppressed()[0])
        .asString()
        .contains("Note: thrown in the task RoostTestFailureTest")
        .contains("The tasks at that moment:")
        .contains("main: waiting for ")
        .contains("└─ RoostTestFailureTest");
  }

  @RoostTest
  static class DeadlockCases {
    @Test
    void waits(Nursery nursery) throws InterruptedException {
      try {
        nursery.start("other", () -> new Event().await());
        new Event().await();
      } finally {
        seen.add("unwound");
      }
    }

    @AfterEach
    void after() throws InterruptedException {
      Roost.checkpoint();
      seen.add("after");
    }
  }

  @Test
  void a_test_that_can_never_end_fails_at_once_and_says_who_waits() {
    assertThat(Cases.failure(DeadlockCases.class))
        .isInstanceOf(AssertionFailedError.class)
        .hasMessageContaining("@RoostTest: this can never end: the run waits(Nursery) stands still")
        .hasMessageContaining("other waits for an event")
        .hasMessageContaining("└─ other: waiting for an event");
    assertThat(seen).containsExactly("unwound", "after");
  }

  @RoostTest
  static class ShieldedDeadlockCases {
    @Test
    void waits(Nursery nursery) throws InterruptedException {
      nursery.start("other", ShieldedDeadlockCases::waitShielded);
      waitShielded();
    }

    private static void waitShielded() throws InterruptedException {
      CancelScope.create().shielded().run(() -> new Event().await());
      seen.add("unwound");
    }

    @AfterEach
    void after() throws InterruptedException {
      Roost.checkpoint();
      seen.add("after");
    }
  }

  @Test
  void a_test_that_hangs_behind_shields_fails_at_once_too() {
    assertThat(Cases.failure(ShieldedDeadlockCases.class))
        .isInstanceOf(AssertionFailedError.class)
        .hasMessageContaining("@RoostTest: this can never end: the run waits(Nursery) stands still")
        .hasMessageContaining("└─ other: waiting for an event");
    assertThat(seen).containsExactly("unwound", "unwound", "after");
  }

  @RoostTest
  static class ManyFailuresCases {
    @Test
    void fails() throws Exception {
      Nursery.run(nursery -> {
        for (int i = 0; i < 300; i++) {
          nursery.start(
              "child " + i,
              () -> {
                throw new IOException("one of many");
              });
        }
        Roost.sleepForever();
      });
    }
  }

  @Test
  void the_note_on_a_crowd_ends_somewhere() {
    Throwable failure = Cases.failure(ManyFailuresCases.class);

    assertThat(failure)
        .isInstanceOfSatisfying(
            ExceptionGroup.class, group -> assertThat(group.leaves()).hasSize(300));
    assertThat(Cases.stackTrace(failure))
        .contains("Note: thrown in the task child 0")
        .contains("… and 201 more");
  }

  @RoostTest
  static class DeepChildCases {
    @Test
    void fails() throws Exception {
      Nursery.run(outer -> {
        outer.start(() ->
            Nursery.run(inner ->
                inner.start(() -> {
                  throw new IOException("deep");
                })));
        Roost.sleepForever();
      });
    }
  }

  @Test
  void a_single_error_is_unwrapped_at_any_depth() {
    assertThat(Cases.failure(DeepChildCases.class))
        .isInstanceOf(IOException.class)
        .hasMessage("deep");
  }

  @RoostTest
  static class AssumptionCases {
    @Test
    void aborts(Nursery nursery) throws InterruptedException {
      nursery.start(() -> assumeTrue(false, "not here"));
      Roost.sleepForever();
    }
  }

  @Test
  void the_aborted_assumption_of_a_child_aborts_the_test() {
    Cases.run(AssumptionCases.class)
        .testEvents()
        .assertStatistics(stats -> stats.aborted(1).failed(0));
  }

  @RoostTest
  static class TwoCases {
    @Test
    void fails(Nursery nursery) throws InterruptedException {
      nursery.start(() -> {
        try {
          Roost.sleepForever();
        } catch (InterruptedException e) {
          throw new IOException("child");
        }
      });
      Testing.waitAllTasksBlocked();
      throw new IllegalStateException("test");
    }
  }

  @Test
  void several_errors_are_reported_as_the_group() {
    assertThat(Cases.failure(TwoCases.class))
        .isInstanceOfSatisfying(
            ExceptionGroup.class,
            group ->
                assertThat(group.leaves())
                    .extracting(Throwable::getMessage)
                    .containsExactly("test", "child"));
  }

  @RoostTest
  static class LateChildCases {
    @Test
    void fails(Nursery nursery) throws InterruptedException {
      nursery.start(() -> {
        try {
          Roost.sleepForever();
        } catch (InterruptedException e) {
          throw new IOException("while unwinding");
        }
      });
      Testing.waitAllTasksBlocked();
    }
  }

  @Test
  void a_child_that_fails_while_it_is_cancelled_fails_the_test() {
    assertThat(Cases.failure(LateChildCases.class)).hasMessage("while unwinding");
  }

  @RoostTest
  static class BeforeCases {
    @BeforeEach
    void before(Nursery nursery) throws InterruptedException {
      nursery.start(() -> {
        try {
          Roost.sleepForever();
        } finally {
          seen.add("child stopped");
        }
      });
      Testing.waitAllTasksBlocked();
      throw new IOExceptionInDisguise();
    }

    @Test
    void test() {
      seen.add("test");
    }

    @AfterEach
    void after() throws InterruptedException {
      Roost.checkpoint();
      seen.add("after");
    }
  }

  private static final class IOExceptionInDisguise extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @Test
  void a_failed_setup_skips_the_test_and_cleans_up() {
    assertThat(Cases.failure(BeforeCases.class)).isInstanceOf(IOExceptionInDisguise.class);
    assertThat(seen).containsExactly("child stopped", "after");
  }

  @RoostTest
  static class ServerCases {
    @BeforeEach
    void before(Nursery nursery) {
      nursery.start(() -> {
        Roost.checkpoint();
        throw new IOException("server");
      });
    }

    @Test
    void test() throws InterruptedException {
      Roost.sleepForever();
    }
  }

  @Test
  void a_failure_of_what_the_setup_started_ends_the_test() {
    assertThat(Cases.failure(ServerCases.class)).isInstanceOf(IOException.class);
  }

  @RoostTest
  static class AfterCases {
    @Test
    void test() {
      throw new IllegalStateException("test");
    }

    @AfterEach
    void after() throws InterruptedException {
      Roost.checkpoint();
      throw new IOExceptionInDisguise();
    }
  }

  @Test
  void a_failed_cleanup_hangs_on_the_failure_of_the_test() {
    Throwable failure = Cases.failure(AfterCases.class);

    assertThat(failure).hasMessage("test");
    assertThat(failure.getSuppressed()).hasAtLeastOneElementOfType(IOExceptionInDisguise.class);
  }

  @RoostTest
  static class ConstructorCases {
    ConstructorCases(Nursery nursery) {
      seen.add(nursery.toString());
    }

    @Test
    void test() {}
  }

  @RoostTest
  static class BeforeAllCases {
    @BeforeAll
    static void before(Nursery nursery) {
      seen.add(nursery.toString());
    }

    @Test
    void test() {}
  }

  @Test
  void a_parameter_outside_of_the_run_is_refused() {
    for (Class<?> cases : List.of(ConstructorCases.class, BeforeAllCases.class)) {
      assertThat(Cases.failure(cases))
          .hasMessageContaining("asks for a Nursery, but it runs outside of the test's run");
    }
    assertThat(seen).isEmpty();
  }

  @RoostTest
  static class InsideCases {
    @Test
    void test() throws InterruptedException {
      Roost.run(() -> seen.add("nested"));
    }
  }

  @Test
  void the_test_really_is_a_task() {
    assertThat(Cases.failure(InsideCases.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("inside a task");
  }
}
