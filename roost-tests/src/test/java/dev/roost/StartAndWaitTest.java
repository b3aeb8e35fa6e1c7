package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.roost.testing.Testing;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every case of starting a child and waiting for its word. */
class StartAndWaitTest {

  @Test
  void valueOfStarted_isReturned_andTheChildGoesOnInTheNursery() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      Nursery.run(nursery -> {
        int port =
            nursery.startAndWait(
                "server",
                (TaskStatus<Integer> status) -> {
                  World.sleep(1);
                  status.started(80);
                  assertThat(Task.current().parentNursery()).containsSame(nursery);
                  World.sleep(1);
                  log.add("served until " + World.elapsed());
                });
        assertThat(port).isEqualTo(80);
        assertThat(World.elapsed()).isEqualTo(1);
        assertThat(nursery.children()).extracting(Task::name).containsExactly("server");
      });
      assertThat(log).containsExactly("served until 2");
    });
  }

  @Test
  void startedWithoutAValue_returnsNull() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          Void nothing = nursery.startAndWait((TaskStatus<Void> status) -> status.started());
          assertThat(nothing).isNull();
        }));
  }

  @Test
  void errorBeforeStarted_isTheCallersOwn_unwrapped_andTheNurseryIsUnharmed() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          FileNotFoundException original = new FileNotFoundException("with cause and all");
          original.initCause(new IllegalStateException("cause"));
          Throwable thrown =
              catchThrowable(() ->
                  nursery.startAndWait((TaskStatus<Integer> _) -> {
                    World.sleep(1);
                    throw original;
                  }));
          assertThat(thrown).isSameAs(original);
          assertThat(thrown.getCause()).hasMessage("cause");
          assertThat(thrown.getSuppressed()).isEmpty();
          assertThat(nursery.cancelScope().cancelCalled()).isFalse();
          Roost.checkpoint();
        }));
  }

  @Test
  void errorOfTheChildsOwnSubTasks_comesAsTheGroupTheyMade() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          Throwable thrown =
              catchThrowable(() ->
                  nursery.startAndWait((TaskStatus<Integer> _) ->
                      Nursery.run(own ->
                          own.start(() -> {
                            throw new IOException("sub-task");
                          }))));
          assertThat(thrown).isInstanceOf(ExceptionGroup.class);
          assertThat(((ExceptionGroup) thrown).errors())
              .singleElement()
              .isInstanceOf(IOException.class);
        }));
  }

  @Test
  void returnBeforeStarted_isAnError() throws Exception {
    World.run(() ->
        Nursery.run(nursery ->
            assertThatThrownBy(() -> nursery.startAndWait("lazy", (TaskStatus<Integer> _) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the child lazy ended without having called started")));
  }

  @Test
  void startAndWait_isACheckpoint_alsoIfTheChildIsNone() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          Testing.assertCheckpoints(() -> nursery.startAndWait(TaskStatus::started));
          CancelScope scope = CancelScope.create();
          scope.cancel();
          assertThat(scope.run(() -> nursery.startAndWait(_ -> Roost.checkpoint()))).isFalse();
        }));
  }

  @Test
  void startedTwice_isAnError_thatComesOutOfTheNursery() throws Exception {
    World.run(() -> {
      Throwable thrown =
          catchThrowable(() ->
              Nursery.run(nursery -> {
                Integer first =
                    nursery.startAndWait((TaskStatus<Integer> status) -> {
                      status.started(1);
                      status.started(2);
                    });
                assertThat(first).isOne();
              }));
      assertThat(thrown).isInstanceOf(ExceptionGroup.class);
      assertThat(((ExceptionGroup) thrown).find(IllegalStateException.class).orElseThrow())
          .hasMessageContaining("called twice");
    });
  }

  @Test
  void errorAfterStarted_goesToTheNursery() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      Throwable thrown =
          catchThrowable(() ->
              Nursery.run(nursery -> {
                nursery.startAndWait((TaskStatus<Integer> status) -> {
                  status.started(1);
                  throw new IOException("later");
                });
                log.add("started");
                Roost.sleepForever();
              }));
      assertThat(log).containsExactly("started");
      assertThat(thrown).isInstanceOf(ExceptionGroup.class).hasRootCauseMessage("later");
    });
  }

  @Test
  void cancelOfTheCaller_cancelsTheChild_andWaitsForItsEnd() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      Nursery.run(nursery -> {
        CancelScope scope = CancelScope.moveOnAfter(World.seconds(1));
        boolean whole =
            scope.run(() ->
                nursery.startAndWait((TaskStatus<Integer> status) -> {
                  try {
                    Roost.sleepForever();
                  } finally {
                    World.sleepShielded(1);
                    log.add("unwound at " + World.elapsed());
                  }
                }));
        assertThat(whole).isFalse();
        assertThat(World.elapsed()).isEqualTo(2);
        assertThat(nursery.cancelScope().cancelCalled()).isFalse();
        assertThat(nursery.children()).isEmpty();
      });
      assertThat(log).containsExactly("unwound at 2");
    });
  }

  @Test
  void startedUnderACancelledCaller_doesNothing_andTheChildStaysUnderIt() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          boolean whole =
              scope.run(() ->
                  nursery.startAndWait((TaskStatus<Integer> status) -> {
                    scope.cancel();
                    status.started(1);
                    assertThat(nursery.children()).isEmpty();
                    Roost.checkpoint();
                    throw new AssertionError("not reached");
                  }));
          assertThat(whole).isFalse();
        }));
  }

  @Test
  void errorAfterStartedUnderACancelledCaller_leavesThroughTheCall() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          assertThatThrownBy(() ->
                  scope.run(() ->
                      nursery.startAndWait((TaskStatus<Integer> status) -> {
                        scope.cancel();
                        status.started(1);
                        throw new IOException("later");
                      })))
              .isInstanceOf(IOException.class);
          assertThat(nursery.cancelScope().cancelCalled()).isFalse();
        }));
  }

  @Test
  void childThatEndsWithoutACheckpointUnderACancelledCaller_isASuccess() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          int[] value = {0};
          boolean whole =
              scope.run(() ->
                  value[0] =
                      nursery.startAndWait((TaskStatus<Integer> status) -> {
                        scope.cancel();
                        status.started(7);
                      }));
          assertThat(value[0]).isEqualTo(7);
          assertThat(whole).isTrue();
          assertThat(scope.cancelledCaught()).isFalse();
        }));
  }

  @Test
  void moveIntoACancelledNursery_cancelsTheChildAtOnce() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      Nursery.run(nursery -> {
        CancelScope.create()
            .shielded()
            .run(() -> {
              nursery.cancel();
              nursery.startAndWait((TaskStatus<Integer> status) -> {
                World.sleep(1);
                log.add("still under the caller");
                status.started(1);
                Roost.checkpoint();
                log.add("not reached");
              });
            });
      });
      assertThat(log).containsExactly("still under the caller");
      assertThat(World.elapsed()).isEqualTo(1);
    });
  }

  @Test
  void subTasksAndScopesOfTheChild_moveWithIt() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      CancelScope callers = CancelScope.moveOnAfter(World.seconds(2));
      Nursery.run(nursery -> {
        callers.run(() ->
            nursery.startAndWait((TaskStatus<Integer> status) ->
                CancelScope.moveOnAfter(World.seconds(9))
                    .run(() ->
                        Nursery.run(own -> {
                          own.start(
                              "sub-task",
                              () -> {
                                try {
                                  Roost.sleepForever();
                                } finally {
                                  log.add("cut at " + World.elapsed());
                                }
                              });
                          World.sleep(1);
                          assertThat(CancelScope.timeLeft()).contains(World.seconds(1));
                          status.started(1);
                          assertThat(CancelScope.timeLeft()).contains(World.seconds(8));
                        }))));
        callers.cancel(); // it has ended, and the child has left it
        World.sleep(4);
        nursery.cancel();
      });
      assertThat(log).containsExactly("cut at 5");
    });
  }

  @Test
  void waitingSubTask_isAbortedByTheMoveIntoACancelledNursery() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      Nursery.run(nursery ->
          CancelScope.create()
              .shielded()
              .run(() -> {
                nursery.cancel();
                nursery.startAndWait((TaskStatus<Integer> status) ->
                    Nursery.run(own -> {
                      own.start(() -> {
                        try {
                          Roost.sleepForever();
                        } finally {
                          log.add("aborted at " + World.elapsed());
                        }
                      });
                      World.sleep(1);
                      status.started(1);
                    }));
              }));
      assertThat(log).containsExactly("aborted at 1");
    });
  }

  @Test
  void pendingCall_keepsItsTargetOpen() throws Exception {
    World.inOrder()
        .run(() -> {
          List<String> log = new ArrayList<>();
          Nursery.run(outer -> {
            Nursery[] target = new Nursery[1];
            outer.start(() -> {
              Nursery.run(nursery -> {
                target[0] = nursery;
                Roost.checkpoint();
                Roost.checkpoint();
              });
              log.add("target closed at " + World.elapsed());
            });
            Roost.checkpoint();
            target[0].startAndWait((TaskStatus<Integer> status) -> {
              World.sleep(3);
              status.started(1);
              World.sleep(2);
            });
            log.add("started at " + World.elapsed());
          });
          assertThat(log).containsExactly("started at 3", "target closed at 5");
        });
  }

  @Test
  void pendingCallThatFails_letsTheTargetClose() throws Exception {
    World.inOrder()
        .run(() -> {
          List<String> log = new ArrayList<>();
          Nursery.run(outer -> {
            Nursery[] target = new Nursery[1];
            outer.start(() -> {
              Nursery.run(nursery -> {
                target[0] = nursery;
                Roost.checkpoint();
                Roost.checkpoint();
              });
              log.add("target closed at " + World.elapsed());
            });
            Roost.checkpoint();
            assertThatThrownBy(() ->
                    target[0].startAndWait((TaskStatus<Integer> _) -> {
                      World.sleep(3);
                      throw new IOException("no");
                    }))
                .isInstanceOf(IOException.class);
          });
          assertThat(log).containsExactly("target closed at 3");
        });
  }

  @Test
  void closedTarget_isRefusedAtOnce() throws Exception {
    World.run(() -> {
      Nursery[] closed = new Nursery[1];
      Nursery.run(nursery -> closed[0] = nursery);
      assertThatThrownBy(() ->
              closed[0].startAndWait((TaskStatus<Integer> _) -> {
                throw new AssertionError("must not start");
              }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    });
  }

  @Test
  void startedFromASubTask_works() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          Integer value =
              nursery.startAndWait((TaskStatus<Integer> status) ->
                  Nursery.run(own ->
                      own.start(() -> {
                        World.sleep(1);
                        status.started(5);
                        World.sleep(1);
                      })));
          assertThat(value).isEqualTo(5);
          assertThat(nursery.children()).hasSize(1);
        }));
  }

  @Test
  void call_isNoDelivery_butTheChildSeesTheCancellation() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          List<String> log = new ArrayList<>();
          boolean whole =
              scope.run(() -> {
                scope.cancel();
                nursery.startAndWait((TaskStatus<Integer> _) -> {
                  log.add("started");
                  Roost.checkpoint();
                  log.add("not reached");
                });
              });
          assertThat(whole).isFalse();
          assertThat(log).containsExactly("started");
        }));
  }

  @Test
  void childInTheTree_isUnderTheCallerUntilItHasStarted() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          nursery.start(
              "caller",
              () ->
                  nursery.startAndWait(
                      "server",
                      (TaskStatus<Integer> status) -> {
                        World.sleep(1);
                        status.started(1);
                        World.sleep(1);
                      }));
          Roost.checkpoint();
          Roost.checkpoint();
          assertThat(TaskTree.current().toString())
              .contains("└─ caller: waiting for a child")
              .contains("   └─ server: ");
          Roost.sleep(World.seconds(1).plusMillis(1));
          assertThat(TaskTree.current().toString()).contains("\n└─ server: ");
        }));
  }

  @Test
  void ignoredStatus_canBeToldAnything() throws Exception {
    World.run(() -> {
      Startable<Integer, InterruptedException> server =
          status -> {
            Roost.checkpoint();
            status.started(1);
            status.started(2);
            status.started();
          };
      server.run(TaskStatus.ignored());
    });
  }
}
