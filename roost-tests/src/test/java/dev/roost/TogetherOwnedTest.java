package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Results of {@code Together.both} that must not be dropped. */
class TogetherOwnedTest {

  private final List<String> disposed = new ArrayList<>();

  private <T extends @Nullable Object> AsyncCallable<T, IOException> owned(T value) {
    return Together.owned(
        () -> {
          Roost.checkpoint();
          return value;
        },
        result -> {
          World.sleep(1); // may wait, whatever is cancelled
          disposed.add("" + result);
        });
  }

  private static AsyncCallable<String, IOException> failing(String message) {
    return () -> {
      World.sleep(1);
      throw new IOException(message);
    };
  }

  @Test
  void results_areGivenAsTheyAre_ifAllSucceed() throws Exception {
    World.run(() -> {
      String both = Together.both(owned("a"), owned(1), (a, one) -> a + one);
      assertThat(both).isEqualTo("a1");
      String all =
          Together.both(
              owned("a"),
              () -> 2,
              owned("c"),
              () -> "d",
              owned(5),
              (a, b, c, d, e) -> a + b + c + d + e);
      assertThat(all).isEqualTo("a2cd5");
      String alone = owned("called alone").call();
      assertThat(alone).isEqualTo("called alone");
    });
    assertThat(disposed).isEmpty();
  }

  @Test
  void failureOfAnother_handsTheResultsToTheirDisposers() throws Exception {
    World.run(() ->
        assertThatThrownBy(() ->
                Together.both(
                    owned("a"), failing("too bad"), owned(3), owned(null), (a, b, c, d) -> a + c))
            .isInstanceOf(ExceptionGroup.class)
            .hasRootCauseMessage("too bad"));
    assertThat(disposed).containsExactly("a", "3");
  }

  @Test
  void cancellation_handsTheResultsToTheirDisposers_whoseErrorsAreNotLost() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.moveOnAfter(World.seconds(1));
      assertThat(
              scope.run(() ->
                  Together.both(
                      owned("a"),
                      () -> {
                        World.hang();
                        return "never";
                      },
                      (a, b) -> a + b)))
          .isFalse();
      assertThatThrownBy(() ->
              Together.both(
                  Together.owned(
                      () -> "x",
                      _ -> {
                        throw new IOException("cannot be closed");
                      }),
                  failing("too bad"),
                  (a, b) -> a + b))
          .isInstanceOfSatisfying(
              ExceptionGroup.class,
              group ->
                  assertThat(group.errors())
                      .extracting(Throwable::getMessage)
                      .containsExactly("too bad", "cannot be closed"));
    });
    assertThat(disposed).containsExactly("a");
  }

  @Test
  void nulls_areRefused() {
    assertThatThrownBy(() -> Together.owned(null, _ -> {}))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("the call");
    assertThatThrownBy(() -> Together.owned(() -> 1, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("the disposer");
  }

  /** Has a result although it is cancelled. */
  private AsyncCallable<String, IOException> late(String value) {
    return Together.owned(
        () -> {
          World.sleepShielded(1);
          return value;
        },
        disposed::add);
  }

  @Test
  void losersOfARace_goToTheirDisposers_andNotToThatForAll() throws Exception {
    var others = new ArrayList<String>();
    World.run(() -> {
      assertThat(Together.<String>race(() -> "first", late("a"), late("b"))).isEqualTo("first");
      assertThat(disposed).containsExactly("a", "b");
      disposed.clear();
      List<AsyncCallable<String, IOException>> calls =
          List.of(
              late("a"),
              () -> {
                World.sleepShielded(1);
                return "b";
              },
              () -> "first");
      assertThat(Together.firstSuccess(calls, others::add)).isEqualTo("first");
    });
    assertThat(disposed).containsExactly("a");
    assertThat(others).containsExactly("b");
  }

  @Test
  void all_handsResultsToTheirDisposers_ifOneFails() throws Exception {
    World.run(() ->
        assertThatThrownBy(() -> Together.all(owned("a"), owned("b"), failing("too bad")))
            .hasRootCauseMessage("too bad"));
    assertThat(disposed).containsExactly("a", "b");
  }

  @Test
  void settle_handsSuccessesToTheirDisposers_ifItIsCancelled() throws Exception {
    World.run(() -> {
      var kept = Together.settle(owned("a"), failing("too bad"));
      assertThat(kept.getFirst()).isEqualTo(new Outcome.Success<>("a"));
      assertThat(disposed).isEmpty();
      assertThat(
              CancelScope.moveOnAfter(World.seconds(1))
                  .run(() ->
                      Together.settle(
                          owned("b"),
                          owned(null),
                          Together.owned(failing("too bad"), disposed::add),
                          () -> {
                            World.hang();
                            return "never";
                          })))
          .isFalse();
    });
    assertThat(disposed).containsExactly("b");
  }
}
