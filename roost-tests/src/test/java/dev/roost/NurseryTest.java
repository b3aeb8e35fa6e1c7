package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The block that children live in (R4, R5). */
class NurseryTest {

  @Test
  void block_waitsForItsChildren() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      Nursery.run(nursery -> {
        nursery.start(() -> {
          World.sleep(5);
          log.add("child");
        });
        log.add("body");
      });
      log.add("after");
      assertThat(log).containsExactly("body", "child", "after");
      assertThat(World.elapsed()).isEqualTo(5);
    });
  }

  @Test
  void start_returnsAtOnce_andTheChildRunsFromTheNextCheckpointOn() throws Exception {
    World.inOrder()
        .run(() -> {
          List<String> log = new ArrayList<>();
          Nursery.run(nursery -> {
            nursery.start(() -> log.add("child"));
            nursery.start("named", () -> log.add(Task.current().name()));
            log.add("body");
            Roost.checkpoint();
            log.add("body again");
          });
          assertThat(log).containsExactly("body", "child", "named", "body again");
        });
  }

  @Test
  void call_givesTheValueOfTheBody_afterTheChildren() throws Exception {
    World.run(() -> {
      int[] count = {0};
      String value =
          Nursery.call(nursery -> {
            nursery.start(() -> count[0]++);
            return "value";
          });
      assertThat(value).isEqualTo("value");
      assertThat(count[0]).isOne();
      Object none = Nursery.call(_ -> null);
      assertThat(none).isNull();
    });
  }

  @Test
  void childHandedTheNursery_mayStartSiblings_whileTheBlockIsOpen() throws Exception {
    World.run(() -> {
      List<Long> log = new ArrayList<>();
      Nursery.run(nursery ->
          nursery.start(() -> {
            World.sleep(1); // the body has ended long ago
            nursery.start(() -> {
              World.sleep(1);
              log.add(World.elapsed());
              nursery.start(() -> log.add(World.elapsed()));
            });
          }));
      assertThat(log).containsExactly(2L, 2L);
    });
  }

  @Test
  void siblingStartedInTheLastMoment_keepsTheBlockOpen() throws Exception {
    World.run(() -> {
      int[] generations = {0};
      Nursery.run(nursery -> generation(nursery, generations));
      assertThat(generations[0]).isEqualTo(100);
    });
  }

  private static void generation(Nursery nursery, int[] count) {
    if (count[0] < 100) {
      count[0]++;
      nursery.start(() -> generation(nursery, count));
    }
  }

  @Test
  void childStartedFromOutside_keepsTheBlockOpen() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      Nursery.run(outer -> {
        Nursery[] inner = new Nursery[1];
        outer.start(() -> {
          Nursery.run(nursery -> {
            inner[0] = nursery;
            nursery.start(() -> World.sleep(2));
          });
          log.add("closed at " + World.elapsed());
        });
        World.sleep(1);
        inner[0].start(() -> {
          World.sleep(5);
          log.add("guest at " + World.elapsed());
        });
      });
      assertThat(log).containsExactly("guest at 6", "closed at 6");
    });
  }

  @Test
  void startInAClosedNursery_isRefused() throws Exception {
    World.run(() -> {
      Nursery[] kept = new Nursery[1];
      Nursery.run(nursery -> {
        kept[0] = nursery;
        assertThat(nursery.closed()).isFalse();
      });
      assertThat(kept[0].closed()).isTrue();
      assertThatThrownBy(() -> kept[0].start(() -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    });
  }

  @Test
  void cancel_endsBodyAndChildren_quietly() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      Nursery.run(nursery -> {
        nursery.start(() -> {
          try {
            Roost.sleepForever();
          } finally {
            log.add("child unwound");
          }
        });
        Roost.checkpoint();
        nursery.cancel();
        try {
          Roost.checkpoint();
        } finally {
          log.add("body unwound");
        }
      });
      assertThat(log).containsExactlyInAnyOrder("child unwound", "body unwound");
    });
  }

  @Test
  void callThatItsOwnCancelCutShort_hasNoValue() throws Exception {
    World.run(() -> {
      assertThatThrownBy(() ->
              Nursery.call(nursery -> {
                nursery.cancel();
                Roost.checkpoint();
                return 1;
              }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Nursery.call")
          .hasMessageContaining("cancelled before its body had a result");
      Integer whole =
          Nursery.call(nursery -> {
            nursery.start(Roost::sleepForever);
            nursery.cancel();
            return 1;
          });
      assertThat(whole).isOne();
      assertThatThrownBy(() ->
              Nursery.callServices(nursery -> {
                nursery.cancel();
                Roost.checkpoint();
                return 1;
              }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Nursery.callServices");
    });
  }

  @Test
  void childOfACancelledNursery_startsAndRunsToItsFirstCheckpoint() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      Nursery.run(nursery -> {
        nursery.cancel();
        nursery.start(() -> {
          log.add("started");
          Roost.checkpoint();
          log.add("not reached");
        });
      });
      assertThat(log).containsExactly("started");
    });
  }

  @Test
  void childGetsTheScopesAroundTheNursery_notThoseAroundItsStarter() throws Exception {
    World.run(() -> {
      boolean[] ended = {false};
      CancelScope starters = CancelScope.create();
      Nursery.run(nursery ->
          starters.run(() -> {
            starters.cancel();
            nursery.start(() -> {
              World.sleep(1);
              ended[0] = true;
            });
            Roost.checkpoint();
          }));
      assertThat(ended[0]).isTrue();
      assertThat(starters.cancelledCaught()).isTrue();
    });
  }

  @Test
  void endOfTheBlock_letsOthersRun_alsoOfAnEmptyOne() throws Exception {
    World.inOrder()
        .run(() -> {
          List<String> log = new ArrayList<>();
          Nursery.run(outer -> {
            outer.start(() -> log.add("other"));
            Nursery.run(_ -> log.add("empty"));
            log.add("after");
          });
          assertThat(log).containsExactly("empty", "other", "after");
        });
  }

  @Test
  void entryOfTheBlock_isNoCheckpoint() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      Nursery.run(outer -> {
        outer.start(() -> log.add("other"));
        Nursery.run(_ -> CancelScope.create().run(() -> log.add("no other task could run so far")));
      });
      assertThat(log).containsExactly("no other task could run so far", "other");
    });
  }

  @Test
  void emptyNurseryInACancelledScope_endsNormally() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      List<String> log = new ArrayList<>();
      boolean whole =
          scope.run(() -> {
            scope.cancel();
            Nursery.run(_ -> {});
            Nursery.run(
                nursery -> CancelScope.create().shielded().run(() -> nursery.start(() -> {})));
            log.add("no cancellation was delivered at its end");
          });
      assertThat(whole).isTrue();
      assertThat(log).hasSize(1);
    });
  }

  @Test
  void cancelWhileTheParentWaits_isLeftToTheChildren() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      List<String> log = new ArrayList<>();
      boolean whole =
          scope.run(() -> {
            Nursery.run(nursery ->
                nursery.start(() -> {
                  scope.cancel();
                  try {
                    Roost.checkpoint();
                  } catch (InterruptedException e) {
                    log.add("the child swallowed it");
                  }
                }));
            log.add("the block ended with what its child did");
          });
      assertThat(whole).isTrue();
      assertThat(log).hasSize(2);
    });
  }

  @Test
  void cancelOfAnOuterScope_comesOutAlone() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.moveOnAfter(World.seconds(1));
      boolean whole =
          scope.run(() -> {
            Throwable thrown =
                catchThrowable(() ->
                    Nursery.run(nursery -> {
                      nursery.start(Roost::sleepForever);
                      nursery.start(Roost::sleepForever);
                      Roost.sleepForever();
                    }));
            assertThat(thrown).isInstanceOf(Cancelled.class);
            throw (Cancelled) thrown;
          });
      assertThat(whole).isFalse();
    });
  }

  @Test
  void children_areListedInOrder_untilTheyEnd() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          nursery.start("one", () -> World.sleep(1));
          nursery.start("two", () -> World.sleep(3));
          nursery.start("three", () -> World.sleep(2));
          assertThat(nursery.children())
              .extracting(Task::name)
              .containsExactly("one", "two", "three");
          assertThat(nursery).hasToString("Nursery[of main, 3 children]");
          Roost.sleep(World.seconds(2).plusMillis(500));
          assertThat(nursery.children()).extracting(Task::name).containsExactly("two");
          assertThat(nursery.parent()).isSameAs(Task.current());
          assertThat(nursery).hasToString("Nursery[of main, a child]");
        }));
  }

  @Test
  void childStartedByASibling_isAChildOfTheNursery() throws Exception {
    World.run(() ->
        Nursery.run(nursery ->
            nursery.start(() ->
                nursery.start(
                    () -> assertThat(Task.current().parentNursery()).containsSame(nursery)))));
  }

  @Test
  void tryWithResourcesAroundANursery_closesAfterTheChildren() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      try (AutoCloseable _ = () -> log.add("closed")) {
        Nursery.run(nursery ->
            nursery.start(() -> {
              World.sleep(1);
              log.add("child used it");
            }));
      }
      assertThat(log).containsExactly("child used it", "closed");
    });
  }
}
