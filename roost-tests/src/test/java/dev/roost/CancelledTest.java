package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a {@link Cancelled} says, and what may hang on it. */
class CancelledTest {

  private static Cancelled deliveredIn(CancelScope scope) throws Exception {
    List<Throwable> caught = new ArrayList<>();
    scope.run(() -> caught.add(catchThrowable(Roost::sleepForever)));
    return (Cancelled) caught.getFirst();
  }

  @Test
  void explicitCancel_isToldWithReasonScopeAndCaller() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      scope.cancel("the user left");
      Cancelled cancelled = deliveredIn(scope);
      assertThat(cancelled.reason()).contains("the user left");
      assertThat(cancelled.byDeadline()).isFalse();
      assertThat(cancelled.deadline()).isEmpty();
      assertThat(cancelled)
          .isInstanceOf(InterruptedException.class)
          .hasMessageContaining("CancelScope.create()")
          .hasMessageContaining("by task main")
          .hasMessageContaining("the user left");
    });
  }

  @Test
  void expiredDeadline_isTold() throws Exception {
    World.run(() -> {
      Cancelled cancelled = deliveredIn(CancelScope.moveOnAfter(World.seconds(5)));
      assertThat(cancelled.byDeadline()).isTrue();
      assertThat(cancelled.reason()).isEmpty();
      assertThat(cancelled.deadline()).contains(Instant.EPOCH.plusSeconds(5));
      assertThat(cancelled)
          .hasMessageContaining("CancelScope.moveOnAfter(")
          .hasMessageContaining("deadline");
    });
  }

  @Test
  void theScopeItIsFor_isTheOutermostVisibleOne() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.create();
      outer.cancel("outer");
      List<Throwable> caught = new ArrayList<>();
      outer.run(() -> {
        CancelScope inner = CancelScope.create();
        inner.cancel("inner");
        inner.run(() -> caught.add(catchThrowable(Roost::checkpoint)));
      });
      assertThat(((Cancelled) caught.getFirst()).reason()).contains("outer");
    });
  }

  @Test
  void siblingFailure_isTheReasonOfTheOthers() throws Exception {
    World.run(() -> {
      List<Throwable> caught = new ArrayList<>();
      assertThatThrownBy(() ->
              Nursery.run(nursery -> {
                nursery.start(() -> caught.add(catchThrowable(Roost::sleepForever)));
                nursery.start(
                    "the bad one",
                    () -> {
                      throw new IllegalArgumentException("boom");
                    });
              }))
          .isInstanceOf(ExceptionGroup.class);
      assertThat(((Cancelled) caught.getFirst()).reason().orElseThrow())
          .contains("the bad one", "boom");
    });
  }

  @Test
  void eachDelivery_isAnExceptionOfItsOwn_withoutAStackTrace() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      scope.cancel();
      scope.run(() -> {
        Throwable first = catchThrowable(Roost::checkpoint);
        Throwable second = catchThrowable(Roost::checkpoint);
        assertThat(first).isNotSameAs(second);
        assertThat(first.getStackTrace()).isEmpty();
      });
    });
  }

  @Test
  void errorThatHangsOnAnAbsorbedCancelled_isThrownByTheScope() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      Throwable thrown =
          catchThrowable(() ->
              scope.run(() -> {
                try (AutoCloseable _ =
                    () -> {
                      throw new IllegalStateException("close failed");
                    }) {
                  scope.cancel();
                  Roost.checkpoint();
                }
              }));
      assertThat(thrown).isInstanceOf(ExceptionGroup.class);
      assertThat(((ExceptionGroup) thrown).errors())
          .singleElement()
          .satisfies(e -> assertThat(e).hasMessage("close failed"));
      assertThat(scope.cancelledCaught()).isTrue();
    });
  }

  @Test
  void cancelledThatHangsOnAnAbsorbedCancelled_isTakenOutToo() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      boolean whole =
          scope.run(() -> {
            try (AutoCloseable _ = Roost::checkpoint) {
              scope.cancel();
              Roost.checkpoint();
            } catch (InterruptedException e) {
              throw e;
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          });
      assertThat(whole).isFalse();
    });
  }

  @Test
  void errorThatHangsOnAChildsCancelled_comesOutOfTheScopeAroundTheNursery() throws Exception {
    World.inOrder()
        .run(() -> {
          CancelScope scope = CancelScope.create();
          Throwable thrown =
              catchThrowable(() ->
                  scope.run(() ->
                      Nursery.run(nursery -> {
                        for (String name : List.of("one", "two")) {
                          nursery.start(() -> {
                            try (AutoCloseable _ =
                                () -> {
                                  throw new IllegalStateException(name);
                                }) {
                              Roost.sleepForever();
                            }
                          });
                        }
                        Roost.checkpoint();
                        scope.cancel();
                      })));
          assertThat(thrown).isInstanceOf(ExceptionGroup.class);
          assertThat(((ExceptionGroup) thrown).leaves().map(Throwable::getMessage))
              .containsExactly("one", "two");
        });
  }

  @Test
  void errorThatHangsOnACancelled_comesOutOfTheNurseryThatWasCancelledItself() throws Exception {
    World.run(() -> {
      Throwable thrown =
          catchThrowable(() ->
              Nursery.run(nursery -> {
                nursery.start(() -> {
                  try (AutoCloseable _ =
                      () -> {
                        throw new IllegalStateException("close failed");
                      }) {
                    Roost.sleepForever();
                  }
                });
                Roost.checkpoint();
                nursery.cancel();
              }));
      assertThat(thrown).isInstanceOf(ExceptionGroup.class);
      assertThat(((ExceptionGroup) thrown).errors())
          .singleElement()
          .satisfies(e -> assertThat(e).hasMessage("close failed"));
    });
  }
}
