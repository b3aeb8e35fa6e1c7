package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R9, and clean-up behind a shield. */
class ShieldTest {

  @Test
  void shield_hidesWhatIsCancelledOutside() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.create();
      List<String> log = new ArrayList<>();
      boolean whole =
          outer.run(() -> {
            outer.cancel();
            CancelScope.create()
                .shielded()
                .run(() -> {
                  World.sleep(1);
                  log.add("shielded");
                });
            Roost.checkpoint();
            log.add("not reached");
          });
      assertThat(whole).isFalse();
      assertThat(log).containsExactly("shielded");
    });
  }

  @Test
  void shield_doesNotHideItsOwnScope_norItsDeadline_norInnerScopes() throws Exception {
    World.run(() -> {
      CancelScope own = CancelScope.create().shielded();
      own.cancel();
      assertThat(own.run(Roost::checkpoint)).isFalse();
      assertThat(CancelScope.moveOnAfter(World.seconds(1)).shielded().run(Roost::sleepForever))
          .isFalse();
      CancelScope.create()
          .shielded()
          .run(() -> {
            CancelScope inner = CancelScope.create();
            inner.cancel();
            assertThat(inner.run(Roost::checkpoint)).isFalse();
          });
    });
  }

  @Test
  void shield_canBeSwitchedLive() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.create();
      outer.run(() -> {
        outer.cancel();
        CancelScope inner = CancelScope.create();
        inner.run(() -> {
          assertThat(inner.shield()).isFalse();
          assertThatThrownBy(Roost::checkpoint).isInstanceOf(Cancelled.class);
          inner.setShield(true);
          assertThat(inner.shield()).isTrue();
          Roost.checkpoint();
          inner.setShield(true);
          Roost.checkpoint();
          inner.setShield(false);
          assertThatThrownBy(Roost::checkpoint).isInstanceOf(Cancelled.class);
        });
      });
    });
  }

  @Test
  void clearingTheShield_wakesATaskThatSleepsBehindIt() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.create();
      CancelScope inner = CancelScope.create().shielded();
      boolean[] whole = {true};
      Nursery.run(nursery -> {
        nursery.start(() -> whole[0] = outer.run(() -> inner.run(Roost::sleepForever)));
        World.sleep(1);
        outer.cancel();
        World.sleep(1);
        assertThat(nursery.children()).hasSize(1);
        inner.setShield(false);
      });
      assertThat(whole[0]).isFalse();
      assertThat(inner.cancelledCaught()).isFalse();
      assertThat(outer.cancelledCaught()).isTrue();
    });
  }

  @Test
  void shieldSetWhileTheCancellationPasses_makesTheInnerScopeCatchOnlyItsOwn() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.create();
      CancelScope inner = CancelScope.create();
      List<String> log = new ArrayList<>();
      boolean whole =
          outer.run(() -> {
            inner.run(() -> {
              outer.cancel();
              inner.cancel();
              try {
                Roost.checkpoint();
              } finally {
                inner.setShield(true);
              }
            });
            log.add("after the inner block");
            Roost.checkpoint();
          });
      assertThat(whole).isFalse();
      assertThat(inner.cancelledCaught()).isTrue();
      assertThat(outer.cancelledCaught()).isTrue();
      assertThat(log).hasSize(1);
    });
  }

  @Test
  void shieldRaisedOverATaskThatUnwinds_letsTheCancelledEscapeToTheOuterScope() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.create();
      CancelScope inner = CancelScope.create();
      boolean whole =
          outer.run(() ->
              inner.run(() -> {
                outer.cancel();
                try {
                  Roost.checkpoint();
                } finally {
                  inner.setShield(true); // not cancelled itself: catches nothing
                }
              }));
      assertThat(whole).isFalse();
      assertThat(inner.cancelledCaught()).isFalse();
    });
  }

  @Test
  void shieldOfANursery_coversItsChildren() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.create();
      boolean[] ended = {false};
      outer.run(() ->
          Nursery.run(nursery -> {
            nursery.cancelScope().setShield(true);
            nursery.start(() -> {
              World.sleep(5);
              ended[0] = true;
            });
            outer.cancel();
          }));
      assertThat(ended[0]).isTrue();
    });
  }

  @Test
  void setBeforeTheEntry_counts() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.create();
      CancelScope inner = CancelScope.create();
      inner.setShield(true);
      outer.run(() -> {
        outer.cancel();
        assertThat(inner.run(Roost::checkpoint)).isTrue();
      });
    });
  }

  @Test
  void cleanup_works_inACancelledTask_butNotForEver() throws Exception {
    World.run(() -> {
      CancelScope outer = CancelScope.create();
      List<String> log = new ArrayList<>();
      outer.run(() -> {
        outer.cancel();
        try {
          Roost.checkpoint();
        } finally {
          CancelScope quick = CancelScope.cleanup(World.seconds(2));
          assertThat(quick.shield()).isTrue();
          assertThat(quick.run(() -> World.sleep(1))).isTrue();
          log.add("said goodbye");
          assertThat(CancelScope.cleanup(World.seconds(2)).run(Roost::sleepForever)).isFalse();
        }
      });
      assertThat(log).containsExactly("said goodbye");
      assertThat(World.elapsed()).isEqualTo(3);
    });
  }
}
