package dev.roost.lowlevel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.roost.CancelScope;
import dev.roost.Cancelled;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.World;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One wait of one task. */
class SuspensionTest {

  @Test
  void resume_endsTheWait_withAValueOrAnError() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          Suspension<String> value = Suspension.create();
          nursery.start(() -> {
            assertThat(value.isWaiting()).isTrue();
            value.resume("value");
            assertThat(value.isWaiting()).isFalse();
          });
          assertThat(value.await(_ -> true)).isEqualTo("value");
          Suspension<String> error = Suspension.create();
          nursery.start(() -> error.fail(new IOException("error")));
          assertThatThrownBy(() -> error.await(_ -> true)).isInstanceOf(IOException.class);
          Suspension<String> nothing = Suspension.create();
          nursery.start(() -> nothing.resume(null));
          assertThat(nothing.await(_ -> true)).isNull();
        }));
  }

  @Test
  void resumedBeforeTheWait_doesNotWait() throws Exception {
    World.run(() -> {
      Suspension<String> value = Suspension.create();
      value.resume("early");
      assertThat(value.await(_ -> true)).isEqualTo("early");
      Suspension<String> error = Suspension.create();
      error.fail(new IOException("early"));
      assertThatThrownBy(() -> error.await(_ -> true)).isInstanceOf(IOException.class);
    });
  }

  @Test
  void resumeTwice_isRefused() throws Exception {
    World.run(() -> {
      Suspension<String> value = Suspension.create();
      value.resume("once");
      assertThatThrownBy(() -> value.resume("twice"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Suspension.resume")
          .hasMessageContaining("resumed before");
      assertThatThrownBy(() -> value.fail(new IOException()))
          .hasMessageContaining("Suspension.fail");
    });
  }

  @Test
  void awaitTwice_orByAnotherTask_isRefused() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          Suspension<String> value = Suspension.create();
          value.resume("x");
          value.await(_ -> true);
          assertThatThrownBy(() -> value.await(_ -> true))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("called twice");
          Suspension<String> mine = Suspension.create();
          nursery.start(
              "thief",
              () ->
                  assertThatThrownBy(() -> mine.await(_ -> true))
                      .isInstanceOf(IllegalStateException.class)
                      .hasMessageContaining("Task[thief]")
                      .hasMessageContaining("Task[main]"));
        }));
  }

  @Test
  void cancelledWait_callsTheHandlerOnce_andCannotBeResumed() throws Exception {
    World.run(() -> {
      List<Throwable> aborts = new ArrayList<>();
      CancelScope scope = CancelScope.moveOnAfter(World.seconds(1));
      List<Suspension<String>> made = new ArrayList<>();
      Nursery.run(nursery -> {
        boolean whole =
            scope.run(() -> {
              Suspension<String> wait = Suspension.create();
              made.add(wait);
              Throwable thrown = catchThrowable(() -> wait.await(aborts::add));
              assertThat(thrown).isSameAs(aborts.getFirst());
              throw (Cancelled) thrown;
            });
        assertThat(whole).isFalse();
      });
      assertThat(aborts).hasSize(1);
      assertThat(made.getFirst().isWaiting()).isFalse();
      assertThatThrownBy(() -> made.getFirst().resume("late"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("it was cancelled");
    });
  }

  @Test
  void handlerOfATaskThatIsCancelledAlready_isCalledAtOnce() throws Exception {
    World.run(() -> {
      List<Throwable> aborts = new ArrayList<>();
      CancelScope scope = CancelScope.create();
      scope.cancel();
      boolean whole = scope.run(() -> Suspension.create().await(aborts::add));
      assertThat(whole).isFalse();
      assertThat(aborts).hasSize(1);
    });
  }

  @Test
  void refusedAbort_waitsOn_andTheResumerDecides() throws Exception {
    World.run(() -> {
      List<Throwable> aborts = new ArrayList<>();
      CancelScope scope = CancelScope.moveOnAfter(World.seconds(1));
      Nursery.run(nursery -> {
        boolean whole =
            scope.run(() -> {
              Suspension<String> wait = Suspension.create();
              nursery.start(() -> {
                World.sleep(5);
                assertThat(wait.isWaiting()).isTrue();
                wait.resume("in spite of it");
              });
              String value =
                  wait.await(cancellation -> {
                    aborts.add(cancellation);
                    return false;
                  });
              assertThat(value).isEqualTo("in spite of it");
              assertThat(World.elapsed()).isEqualTo(5);
              Roost.checkpoint();
            });
        assertThat(whole).isFalse();
      });
      assertThat(aborts).hasSize(1);
    });
  }

  @Test
  void refusedAbort_isAskedOnce_thoughCancelledAgain_andDeliveredLatePastANewShield()
      throws Exception {
    World.run(() -> {
      List<Throwable> aborts = new ArrayList<>();
      CancelScope outer = CancelScope.create();
      CancelScope inner = CancelScope.create();
      Nursery.run(nursery -> {
        boolean whole =
            outer.run(() ->
                inner.run(() -> {
                  Suspension<String> wait = Suspension.create();
                  nursery.start(() -> {
                    inner.cancel();
                    outer.cancel();
                    inner.setShield(true);
                    inner.setShield(false);
                    inner.setShield(true);
                    wait.fail(aborts.getFirst());
                  });
                  wait.await(cancellation -> {
                    aborts.add(cancellation);
                    return false;
                  });
                }));
        assertThat(whole).isTrue();
      });
      assertThat(aborts).hasSize(1);
      assertThat(inner.cancelledCaught()).isTrue();
      assertThat(outer.cancelledCaught()).isFalse();
    });
  }

  @Test
  void handlerThatThrows_failsTheWait_andNothingGetsStuck() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.moveOnAfter(World.seconds(1));
      assertThatThrownBy(() ->
              scope.run(() ->
                  Suspension.create()
                      .await(_ -> {
                        throw new IllegalArgumentException("bug in the handler");
                      })))
          .isInstanceOf(IllegalArgumentException.class);
      Roost.checkpoint();
    });
  }

  @Test
  void handlerThatResumesItself_andSaysFalse_isResumed() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.moveOnAfter(World.seconds(1));
      String[] value = new String[1];
      scope.run(() -> {
        Suspension<String> wait = Suspension.create();
        value[0] =
            wait.await(_ -> {
              wait.resume("by the handler");
              return false;
            });
      });
      assertThat(value[0]).isEqualTo("by the handler");
    });
  }

  @Test
  void whatItWaitsFor_isNamed() throws Exception {
    World.inOrder()
        .run(() -> {
          Nursery.run(nursery -> {
            nursery.start("waiter", () -> Suspension.create("the bus").await(_ -> true));
            Roost.checkpoint();
            assertThat(nursery.children().iterator().next().status())
                .isEqualTo("waiting for the bus");
            nursery.cancel();
          });
        });
  }

  @Test
  void resumeFromElsewhere_isRefused() throws Exception {
    World.run(() -> {
      Suspension<String> wait = Suspension.create();
      dev.roost.Blocking.run(() ->
          assertThatThrownBy(() -> wait.resume("x"))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("Suspension.resume"));
      wait.resume("y");
      assertThat(wait.await(_ -> true)).isEqualTo("y");
    });
  }

  @Test
  @SuppressWarnings("NullAway")
  void nulls_areRefused() throws Exception {
    World.run(() -> {
      assertThatThrownBy(() -> Suspension.create().await(null))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> Suspension.create().fail(null))
          .isInstanceOf(NullPointerException.class);
    });
  }
}
