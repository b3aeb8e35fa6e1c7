package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.roost.testing.MockClock;
import dev.roost.testing.Testing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code all}, {@code both} and {@code settle}: every call is awaited. */
class TogetherTest {

  private final List<Object> log = new ArrayList<>();

  static <X extends Exception> void inRun(AsyncRunnable<X> main) throws X, InterruptedException {
    Roost.with().clock(new MockClock().autojump()).checkpointBudget(1).run(main);
  }

  static <T> AsyncCallable<T, RuntimeException> after(int seconds, T value) {
    return () -> {
      Roost.sleep(Duration.ofSeconds(seconds));
      return value;
    };
  }

  static <T> AsyncCallable<T, Exception> failing(int seconds, Exception error) {
    return () -> {
      Roost.sleep(Duration.ofSeconds(seconds));
      throw error;
    };
  }

  /** Says in the log when it ends. */
  <T, X extends Exception> AsyncCallable<T, X> logged(Object name, AsyncCallable<T, X> call) {
    return () -> {
      try {
        return call.call();
      } finally {
        log.add(name);
      }
    };
  }

  private static void inCancelledScope(AsyncRunnable<?> body) throws Exception {
    CancelScope scope = CancelScope.create();
    scope.cancel();
    assertThat(scope.run(body)).isFalse();
  }

  // ---- all

  @Test
  void all_givesResultsInTheOrderGiven() throws Exception {
    inRun(() ->
        assertThat(Together.all(List.of(after(3, "a"), after(1, "b"), after(2, "c"))))
            .containsExactly("a", "b", "c"));
  }

  @Test
  void all_takesAsLongAsTheLongest() throws Exception {
    inRun(() -> {
      var start = Roost.now();
      Together.all(after(3, 1), after(1, 2));
      assertThat(Duration.between(start, Roost.now())).isEqualTo(Duration.ofSeconds(3));
    });
  }

  @Test
  void all_keepsNullResults_andCannotBeChanged() throws Exception {
    inRun(() -> {
      List<String> results = Together.all(() -> null, () -> "b");
      assertThat(results).containsExactly(null, "b");
      assertThatThrownBy(() -> results.set(0, "x"))
          .isInstanceOf(UnsupportedOperationException.class);
    });
  }

  @Test
  void all_ofNothing_isEmptyAndACheckpoint() throws Exception {
    inRun(() -> {
      Testing.assertCheckpoints(() -> assertThat(Together.all(List.of())).isEmpty());
      Testing.assertCheckpoints(() -> assertThat(Together.settle(List.of())).isEmpty());
      inCancelledScope(() -> Together.all(List.of()));
      inCancelledScope(Together::settle);
    });
  }

  @Test
  void all_inACancelledScope_callsNothing() throws Exception {
    inRun(() -> inCancelledScope(() -> Together.all(logged("called", () -> 1))));
    assertThat(log).isEmpty();
  }

  @Test
  void all_oneFails_othersAreCancelledAndAwaited_andAllErrorsAreInAGroup() throws Exception {
    IOException error = new IOException("first");
    IllegalStateException late = new IllegalStateException("while cancelled");
    inRun(() -> {
      Throwable thrown =
          catchThrowable(() ->
              Together.all(
                  logged("sleeper", after(60, 1)),
                  failing(1, error),
                  () -> {
                    try {
                      Roost.sleepForever();
                    } finally {
                      fail(late);
                    }
                    return 2;
                  }));
      assertThat(thrown).isInstanceOf(ExceptionGroup.class);
      assertThat(((ExceptionGroup) thrown).errors()).containsExactlyInAnyOrder(error, late);
      assertThat(log).containsExactly("sleeper");
    });
  }

  private static void fail(RuntimeException error) {
    throw error;
  }

  @Test
  void all_cancelledFromOutside_isACancellationAlone() throws Exception {
    inRun(() -> {
      CancelScope scope = CancelScope.moveOnAfter(Duration.ofSeconds(1));
      scope.run(() -> Together.all(logged("a", after(5, 1)), logged("b", after(6, 1))));
      assertThat(scope.cancelledCaught()).isTrue();
      assertThat(log).containsExactlyInAnyOrder("a", "b");
    });
  }

  @Test
  void all_ofACallThatCancelsItself_saysSo() throws Exception {
    inRun(() ->
        assertThatThrownBy(() -> Together.all(() -> cancelsItself()))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("call number 1 of 1 was cancelled from the inside"));
  }

  static Object cancelsItself() throws InterruptedException {
    Task.current().parentNursery().orElseThrow().cancel();
    Roost.checkpoint();
    return 1;
  }

  @Test
  void all_oneFails_resultsThatThereAreGoToTheDisposer() throws Exception {
    IOException error = new IOException("no");
    inRun(() -> {
      List<AsyncCallable<String, ? extends Exception>> calls =
          List.of(after(1, "a"), failing(2, error), after(1, "c"), after(3, "never"));
      assertThatThrownBy(() -> Together.all(calls, log::add)).hasCause(error);
      assertThat(log).containsExactly("a", "c");
    });
  }

  @Test
  void all_cancelled_resultsThatThereAreGoToTheDisposer_whichMayWait() throws Exception {
    inRun(() ->
        CancelScope.moveOnAfter(Duration.ofSeconds(2))
            .run(() ->
                Together.all(
                    List.of(after(1, "a"), after(3, "never")),
                    value -> {
                      Roost.sleep(Duration.ofSeconds(1));
                      log.add(value);
                    })));
    assertThat(log).containsExactly("a");
  }

  @Test
  void all_disposerFails_othersAreDisposedOf_andEveryErrorIsInTheGroup() throws Exception {
    IOException error = new IOException("no");
    IOException closing = new IOException("closing");
    inRun(() -> {
      List<AsyncCallable<String, ? extends Exception>> calls =
          List.of(after(1, "a"), after(1, "b"), failing(2, error));
      Throwable thrown =
          catchThrowable(() ->
              Together.all(
                  calls,
                  value -> {
                    log.add(value);
                    throw closing;
                  }));
      assertThat(((ExceptionGroup) thrown).errors()).containsExactly(error, closing, closing);
      assertThat(log).containsExactly("a", "b");
    });
  }

  @Test
  void all_succeeds_disposerIsNotCalled() throws Exception {
    inRun(() -> assertThat(Together.all(List.of(after(1, "a")), log::add)).containsExactly("a"));
    assertThat(log).isEmpty();
  }

  @Test
  void tasks_areNamedAfterTheirCalls() throws Exception {
    inRun(() -> {
      List<String> names = Together.all(() -> Task.current().name());
      assertThat(names.getFirst()).startsWith("TogetherTest#");
    });
  }

  // ---- bad arguments

  @Test
  void nulls_areRefused_withWords() throws Exception {
    inRun(() -> {
      AsyncCallable<Integer, RuntimeException> none = null;
      Collection<AsyncCallable<Integer, RuntimeException>> nothing = null;
      assertNull(() -> Together.all(() -> 1, none), "Together.all: call number 2 is null");
      assertNull(() -> Together.all(nothing), "Together.all: the collection is null");
      assertNull(
          () -> Together.race(Arrays.asList(none, none)), "Together.race: call number 1 is null");
      assertNull(
          () -> Together.firstSuccess(none, none), "Together.firstSuccess: call number 1 is null");
      assertNull(() -> Together.settle(() -> 1, none), "Together.settle: call number 2 is null");
      assertNull(
          () -> Together.both(() -> 1, none, Integer::sum), "Together.both: call number 2 is null");
      assertNull(
          () -> Together.both(() -> 1, () -> 2, null),
          "Together.both: the function that combines the results is null");
      assertNull(
          () -> Together.map(Arrays.asList("a", null), 1, x -> x),
          "Together.map: item number 2 is null");
      assertNull(() -> Together.map(List.of(1), 1, null), "Together.map: the function is null");
      assertNull(
          () -> Together.forEach(List.of(1), 1, null), "Together.forEach: the function is null");
      assertNull(
          () -> Together.all(List.of(after(1, 1)), null), "Together.all: the disposer is null");
    });
  }

  private static void assertNull(AsyncRunnable<?> call, String message) {
    assertThatThrownBy(call::run).isInstanceOf(NullPointerException.class).hasMessage(message);
  }

  @Test
  void outsideARun_isRefused() {
    assertThatThrownBy(() -> Together.all(() -> 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Together.race(() -> 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Together.map(List.of(), 1, x -> x))
        .isInstanceOf(IllegalStateException.class);
  }

  // ---- both

  @Test
  void both_combinesTwoToFive() throws Exception {
    inRun(() -> {
      assertThat(
              Together.<Integer, String, String>both(after(2, 1), after(1, "b"), (a, b) -> a + b))
          .isEqualTo("1b");
      assertThat(
              Together.<Integer, String, Character, String>both(
                  after(2, 1), after(1, "b"), after(1, 'c'), (a, b, c) -> a + b + c))
          .isEqualTo("1bc");
      assertThat(
              Together.<Integer, String, Character, Long, String>both(
                  after(2, 1),
                  after(1, "b"),
                  after(1, 'c'),
                  after(1, 4L),
                  (a, b, c, d) -> a + b + c + d))
          .isEqualTo("1bc4");
      assertThat(
              Together.<Integer, String, Character, Long, Boolean, String>both(
                  after(2, 1),
                  after(1, "b"),
                  after(1, 'c'),
                  after(1, 4L),
                  after(1, true),
                  (a, b, c, d, e) -> a + b + c + d + e))
          .isEqualTo("1bc4true");
    });
  }

  @Test
  void both_oneFails_otherIsCancelled() throws Exception {
    IOException error = new IOException("no");
    inRun(() ->
        assertThatThrownBy(
                () -> Together.both(logged("other", after(60, 1)), failing(1, error), (a, b) -> a))
            .isInstanceOfSatisfying(
                ExceptionGroup.class, group -> assertThat(group.errors()).containsExactly(error)));
    assertThat(log).containsExactly("other");
  }

  @Test
  void both_combineThrows_comesOutAsItIs() throws Exception {
    IllegalArgumentException error = new IllegalArgumentException("combine");
    inRun(() ->
        assertThatThrownBy(() ->
                Together.both(
                    () -> 1,
                    () -> 2,
                    (a, b) -> {
                      throw error;
                    }))
            .isSameAs(error));
  }

  // ---- settle

  @Test
  void settle_givesEveryOutcome() throws Exception {
    IOException error = new IOException("no");
    AssertionError worse = new AssertionError("worse");
    inRun(() -> {
      List<AsyncCallable<String, ? extends Exception>> calls =
          List.of(
              after(2, "a"),
              failing(1, error),
              () -> {
                throw worse;
              });
      List<Outcome<String>> outcomes = Together.settle(calls);
      assertThat(outcomes)
          .containsExactly(
              new Outcome.Success<>("a"),
              new Outcome.Failure<>(error),
              new Outcome.Failure<>(worse));
    });
  }

  @Test
  void settle_cancelledFromOutside_isCancelled() throws Exception {
    inRun(() -> {
      CancelScope scope = CancelScope.moveOnAfter(Duration.ofSeconds(2));
      scope.run(() -> {
        Together.settle(after(1, 1), after(3, 1), failing(1, new IOException("settled")));
        log.add("not here");
      });
      assertThat(scope.cancelledCaught()).isTrue();
    });
    assertThat(log).isEmpty();
  }

  @Test
  void settle_cancelledFromOutside_keepsTheErrorsOfTheUnwinding() throws Exception {
    IllegalStateException late = new IllegalStateException("late");
    inRun(() ->
        assertThatThrownBy(() ->
                CancelScope.moveOnAfter(Duration.ofSeconds(1))
                    .run(() ->
                        Together.settle(() -> {
                          Nursery.run(nursery -> {
                            nursery.start(Roost::sleepForever);
                            nursery.start(() -> {
                              try {
                                Roost.sleepForever();
                              } finally {
                                fail(late);
                              }
                            });
                          });
                          return 1;
                        })))
            .isInstanceOfSatisfying(
                ExceptionGroup.class, group -> assertThat(group.leaves()).containsExactly(late)));
  }

  @Test
  void failure_needsAnError() {
    assertThatThrownBy(() -> new Outcome.Failure<>(null)).hasMessageContaining("the error is null");
  }
}
