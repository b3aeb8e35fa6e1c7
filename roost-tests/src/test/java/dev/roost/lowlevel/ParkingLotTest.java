package dev.roost.lowlevel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.World;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ParkingLotTest {

  private final ParkingLot lot = new ParkingLot("a place");
  private final List<String> log = new ArrayList<>();

  private void park(Nursery nursery, String name) {
    nursery.start(
        name,
        () -> {
          lot.park();
          log.add(name);
        });
  }

  @Test
  void unpark_wakesTheOneThatHasWaitedLongest() throws Exception {
    World.inOrder()
        .run(() ->
            Nursery.run(nursery -> {
              assertThat(lot.unpark()).isFalse();
              for (String name : List.of("a", "b", "c", "d", "e")) {
                park(nursery, name);
              }
              Roost.checkpoint();
              assertThat(lot).hasToString("ParkingLot[a place, 5 waiting]");
              assertThat(lot.unpark()).isTrue();
              assertThat(lot.unpark(2)).isEqualTo(2);
              Roost.checkpoint();
              assertThat(log).containsExactly("a", "b", "c");
              assertThat(lot.unparkAll()).isEqualTo(2);
              assertThat(lot.unpark(7)).isZero();
              assertThat(lot.size()).isZero();
            }));
    assertThat(log).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void cancelledTask_leavesTheLot_fromAnyPlace() throws Exception {
    for (int leaver = 0; leaver < 3; leaver++) {
      int leaves = leaver;
      ParkingLot here = new ParkingLot("x");
      List<Integer> order = new ArrayList<>();
      World.inOrder()
          .run(() -> {
            CancelScope scope = CancelScope.create();
            Nursery.run(nursery -> {
              for (int n = 0; n < 3; n++) {
                int number = n;
                nursery.start(() -> {
                  if (number == leaves) {
                    assertThat(scope.run(here::park)).isFalse();
                  } else {
                    here.park();
                    order.add(number);
                  }
                });
              }
              Roost.checkpoint();
              scope.cancel();
              assertThat(here.size()).isEqualTo(2);
              here.unparkAll();
            });
          });
      assertThat(order).hasSize(2).isSorted().doesNotContain(leaves);
    }
  }

  @Test
  void unparkedTask_thatIsCancelledAfterwards_wasUnparked() throws Exception {
    World.inOrder()
        .run(() -> {
          CancelScope scope = CancelScope.create();
          Nursery.run(nursery -> {
            nursery.start(() ->
                assertThat(
                        scope.run(() -> {
                          lot.park();
                          log.add("parked and unparked");
                        }))
                    .isTrue());
            Roost.checkpoint();
            lot.unpark();
            scope.cancel();
          });
        });
    assertThat(log).hasSize(1);
  }

  @Test
  void failAll_endsEveryWaitWithAnErrorOfItsOwn() throws Exception {
    World.inOrder()
        .run(() ->
            Nursery.run(nursery -> {
              List<Throwable> errors = new ArrayList<>();
              for (int n = 0; n < 2; n++) {
                nursery.start(() -> {
                  try {
                    lot.park();
                  } catch (IllegalArgumentException e) {
                    errors.add(e);
                  }
                });
              }
              Roost.checkpoint();
              assertThat(lot.failAll(() -> new IllegalArgumentException("broken"))).isEqualTo(2);
              Roost.checkpoint();
              assertThat(errors).hasSize(2).doesNotHaveDuplicates();
            }));
  }

  @Test
  void repark_movesTasksInOrder_withoutWakingThem() throws Exception {
    ParkingLot other = new ParkingLot("another place");
    World.inOrder()
        .run(() -> {
          CancelScope scope = CancelScope.create();
          Nursery.run(nursery -> {
            nursery.start(() -> {
              other.park();
              log.add("was there");
            });
            park(nursery, "a");
            nursery.start(() -> assertThat(scope.run(lot::park)).isFalse());
            park(nursery, "c");
            park(nursery, "d");
            Roost.checkpoint();
            assertThat(lot.repark(lot, 9)).isZero();
            assertThat(lot.repark(other, 3)).isEqualTo(3);
            assertThat(lot.size()).isOne();
            assertThat(other.size()).isEqualTo(4);
            Roost.checkpoint();
            assertThat(log).isEmpty();
            scope.cancel(); // out of the lot that it was moved to
            assertThat(other.size()).isEqualTo(3);
            other.unparkAll();
            Roost.checkpoint();
            assertThat(log).containsExactly("was there", "a", "c");
            assertThat(lot.repark(other, 9)).isOne();
            other.unparkAll();
          });
        });
    assertThat(log).containsExactly("was there", "a", "c", "d");
  }

  @Test
  void park_inACancelledScope_doesNotEnter() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      scope.cancel();
      assertThat(scope.run(lot::park)).isFalse();
      assertThat(lot.size()).isZero();
    });
  }

  @Test
  void lotOfAnotherRun_isRefused() throws Exception {
    World.run(() -> lot.unparkAll());
    World.run(() -> {
      assertThatThrownBy(lot::park).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(lot::unpark).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> lot.failAll(IllegalStateException::new))
          .hasMessageContaining("ParkingLot.failAll");
      assertThatThrownBy(() -> new ParkingLot("new").repark(lot, 1))
          .hasMessageContaining("ParkingLot.repark");
    });
  }

  /** Random parking, waking and leaving, against a plain list. */
  @Test
  void randomSteps_agreeWithAList() throws Exception {
    for (long seed = 1; seed <= 3; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ParkingLot here = new ParkingLot("x");
      World.inOrder()
          .run(() -> {
            List<Integer> woken = new ArrayList<>();
            List<Integer> expected = new ArrayList<>();
            List<Integer> model = new ArrayList<>();
            List<CancelScope> scopes = new ArrayList<>();
            Nursery.run(nursery -> {
              for (int step = 0; step < 200; step++) {
                switch (random.nextInt(3)) {
                  case 0 -> {
                    int number = scopes.size();
                    CancelScope scope = CancelScope.create();
                    scopes.add(scope);
                    model.add(number);
                    nursery.start(() ->
                        scope.run(() -> {
                          here.park();
                          woken.add(number);
                        }));
                    Roost.checkpoint();
                  }
                  case 1 -> {
                    if (here.unpark()) {
                      expected.add(model.removeFirst());
                    }
                    Roost.checkpoint();
                  }
                  default -> {
                    if (!model.isEmpty()) {
                      int at = random.nextInt(model.size());
                      scopes.get(model.remove(at)).cancel();
                    }
                  }
                }
                assertThat(here.size()).isEqualTo(model.size());
              }
              here.unparkAll();
              expected.addAll(model);
            });
            assertThat(woken).isEqualTo(expected);
          });
    }
  }
}
