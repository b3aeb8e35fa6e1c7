package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R6: errors come home. */
@SuppressWarnings("finally") // throwing while something else is thrown is what they test
class NurseryErrorsTest {

  private static ExceptionGroup groupOf(Nursery.Body body) {
    Throwable thrown = catchThrowable(() -> Nursery.run(body));
    assertThat(thrown).isInstanceOf(ExceptionGroup.class);
    return (ExceptionGroup) thrown;
  }

  @Test
  void oneError_comesAsAGroupToo() throws Exception {
    World.run(() -> {
      ExceptionGroup ofChild =
          groupOf(nursery ->
              nursery.start(() -> {
                throw new IOException("child");
              }));
      assertThat(ofChild.errors()).singleElement().isInstanceOf(IOException.class);
      assertThat(ofChild).hasMessageContaining("main").hasMessageContaining("child");
      ExceptionGroup ofBody =
          groupOf(_ -> {
            throw new IOException("body");
          });
      assertThat(ofBody.errors()).singleElement().isInstanceOf(IOException.class);
    });
  }

  @Test
  void failure_cancelsTheOthersAtOnce_andTheyUnwindBeforeTheBlockEnds() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      ExceptionGroup group =
          groupOf(nursery -> {
            nursery.start(() -> {
              try {
                Roost.sleepForever();
              } finally {
                World.sleepShielded(2);
                log.add("sibling unwound");
              }
            });
            nursery.start(() -> {
              World.sleep(1);
              throw new IOException("boom");
            });
            try {
              Roost.sleepForever();
            } finally {
              log.add("body unwound");
            }
          });
      assertThat(log).containsExactly("body unwound", "sibling unwound");
      assertThat(group.errors()).hasSize(1);
      assertThat(World.elapsed()).isEqualTo(3);
    });
  }

  @Test
  void bodyFailure_cancelsTheChildren() throws Exception {
    World.run(() -> {
      ExceptionGroup group =
          groupOf(nursery -> {
            nursery.start(Roost::sleepForever);
            Roost.checkpoint();
            throw new IOException("body");
          });
      assertThat(group.errors()).singleElement().isInstanceOf(IOException.class);
    });
  }

  @Test
  void everyError_isInTheGroup_inTheOrderOfArrival() throws Exception {
    World.run(() -> {
      ExceptionGroup group =
          groupOf(nursery -> {
            nursery.start(() -> {
              try {
                Roost.sleepForever();
              } finally {
                throw new IllegalStateException("while unwinding");
              }
            });
            nursery.start(() -> {
              World.sleep(1);
              throw new IOException("first");
            });
            try {
              Roost.sleepForever();
            } catch (InterruptedException e) {
              World.sleepShielded(1);
              throw new IOException("body");
            }
          });
      assertThat(group.errors())
          .extracting(Throwable::getMessage)
          .containsExactly("first", "while unwinding", "body");
      assertThat(group.getCause()).hasMessage("first");
      assertThat(group.getSuppressed())
          .extracting(Throwable::getMessage)
          .containsExactly("while unwinding", "body");
    });
  }

  @Test
  void nestedNurseries_giveNestedGroups() throws Exception {
    World.run(() -> {
      ExceptionGroup group =
          groupOf(outer -> {
            outer.start(() ->
                Nursery.run(inner ->
                    inner.start(() -> {
                      throw new IOException("deep");
                    })));
            Nursery.run(inner -> {
              inner.start(() -> {
                throw new IllegalStateException("body");
              });
              Roost.sleepForever();
            });
          });
      assertThat(group.errors()).hasSize(2).allMatch(ExceptionGroup.class::isInstance);
      assertThat(group.leaves().map(Throwable::getMessage))
          .containsExactlyInAnyOrder("deep", "body");
    });
  }

  @Test
  void groupThatComesOutOfTheBody_isKeptInsideTheGroup() throws Exception {
    World.run(() -> {
      ExceptionGroup group =
          groupOf(_ ->
              Nursery.run(inner ->
                  inner.start(() -> {
                    throw new IOException("deep");
                  })));
      assertThat(group.errors()).singleElement().isInstanceOf(ExceptionGroup.class);
      assertThat(group.find(IOException.class)).isPresent();
    });
  }

  @Test
  void anErrorOfTheVirtualMachine_travelsLikeAnException() throws Exception {
    World.run(() -> {
      for (Error error : List.of(new AssertionError("x"), new OutOfMemoryError("simulated"))) {
        boolean[] unwound = {false};
        ExceptionGroup group =
            groupOf(nursery -> {
              nursery.start(() -> {
                try {
                  Roost.sleepForever();
                } finally {
                  unwound[0] = true;
                }
              });
              nursery.start(() -> {
                throw error;
              });
            });
        assertThat(group.errors()).singleElement().isSameAs(error);
        assertThat(unwound[0]).isTrue();
      }
    });
  }

  @Test
  void scopeAround_takesTheCancellationsOut_andLetsTheRestGoOn() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.moveOnAfter(World.seconds(1));
      Throwable thrown =
          catchThrowable(() ->
              scope.run(() ->
                  Nursery.run(nursery -> {
                    nursery.start(Roost::sleepForever);
                    nursery.start(() ->
                        Nursery.run(inner -> {
                          inner.start(Roost::sleepForever);
                          inner.start(() -> {
                            try {
                              Roost.sleepForever();
                            } finally {
                              throw new IOException("real");
                            }
                          });
                        }));
                    Roost.sleepForever();
                  })));
      assertThat(thrown).isInstanceOf(ExceptionGroup.class);
      assertThat(((ExceptionGroup) thrown).leaves())
          .singleElement()
          .isInstanceOf(IOException.class);
      assertThat(((ExceptionGroup) thrown).errors())
          .singleElement()
          .isInstanceOf(ExceptionGroup.class);
      assertThat(scope.cancelledCaught()).isTrue();
    });
  }

  @Test
  void groupWithoutACancellation_isNotCaught_byACancelledScope() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      ExceptionGroup foreign = new ExceptionGroup("mine", List.of(new IOException("x")));
      assertThatThrownBy(() ->
              scope.run(() -> {
                scope.cancel();
                throw foreign;
              }))
          .isSameAs(foreign);
      assertThat(scope.cancelledCaught()).isFalse();
    });
  }

  @Test
  void cancelOfANurseryWhoseChildFails_leavesTheFailure() throws Exception {
    World.run(() -> {
      ExceptionGroup group =
          groupOf(nursery -> {
            nursery.start(() -> {
              try {
                Roost.sleepForever();
              } finally {
                throw new IOException("in finally");
              }
            });
            nursery.start(Roost::sleepForever);
            Roost.checkpoint();
            nursery.cancel();
            Roost.sleepForever();
          });
      assertThat(group.leaves()).singleElement().isInstanceOf(IOException.class);
    });
  }

  @Test
  void cancelledOfAnOuterScopeWithAnError_staysInTheGroup_untilThatScopeTakesItOut()
      throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.moveOnAfter(World.seconds(1));
      Throwable left =
          catchThrowable(() ->
              scope.run(() -> {
                ExceptionGroup group =
                    groupOf(nursery -> {
                      nursery.start(() -> {
                        try {
                          Roost.sleepForever();
                        } finally {
                          throw new IOException("real");
                        }
                      });
                      Roost.sleepForever();
                    });
                assertThat(group.find(IOException.class)).isPresent();
                assertThat(group.find(Cancelled.class)).isPresent();
                throw group;
              }));
      assertThat(((ExceptionGroup) left).leaves()).singleElement().isInstanceOf(IOException.class);
    });
  }

  @Test
  void errorOfOneBlock_goesOnToTheNextOne() throws Exception {
    assertThatThrownBy(() ->
            World.run(() ->
                Nursery.run(nursery ->
                    nursery.start(() -> {
                      throw new IOException("to the top");
                    }))))
        .isInstanceOf(ExceptionGroup.class)
        .hasRootCauseMessage("to the top");
  }

  @Test
  void anyLoggerShowsEveryError() throws Exception {
    World.run(() -> {
      ExceptionGroup group =
          groupOf(nursery -> {
            nursery.start(() -> {
              throw new IOException("number one");
            });
            nursery.start(() -> {
              throw new IOException("number two");
            });
          });
      var text = new java.io.StringWriter();
      group.printStackTrace(new java.io.PrintWriter(text));
      assertThat(text.toString()).contains("number one", "number two");
      assertThat(group).hasMessageContaining("2 errors");
    });
  }

  @Test
  void userMadeGroupOfCancellationsAlone_isACancellation() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      boolean whole =
          scope.run(() -> {
            scope.cancel();
            Throwable cancelled = catchThrowable(Roost::checkpoint);
            throw new ExceptionGroup("by hand", List.of(cancelled));
          });
      assertThat(whole).isFalse();
    });
  }
}
