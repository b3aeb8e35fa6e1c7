package dev.roost.sync;

import static dev.roost.sync.Blocked.untilAllBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.Limiter;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapacityLimiterTest {

  private final List<String> log = new ArrayList<>();

  @Test
  void acquire_countsBorrowers() throws Exception {
    CapacityLimiter limiter = new CapacityLimiter(2);
    Roost.run(() -> {
      try (var permit = limiter.acquire();
          var _ = limiter.acquireFor("somebody")) {
        assertThat(limiter.availableTokens()).isZero();
        assertThat(limiter.borrowedTokens()).isEqualTo(2);
        assertThat(limiter.totalTokens()).isEqualTo(2);
        assertThat(limiter.tryAcquireFor("another")).isEmpty();
        assertThat(limiter.statistics())
            .isEqualTo(
                new CapacityLimiter.Statistics(2, 2, List.of(Task.current(), "somebody"), 0));
        assertThat(permit)
            .hasToString("Permit[CapacityLimiter[2 of 2 borrowed] for " + Task.current() + "]");
      }
      assertThat(limiter.availableTokens()).isEqualTo(2);
      Limiter.Permit permit = limiter.tryAcquire().orElseThrow();
      permit.close();
      permit.close();
      assertThat(permit).hasToString("Permit[closed]");
      assertThat(limiter.borrowedTokens()).isZero();
    });
  }

  @Test
  void acquire_twiceForOneBorrower_isRefused() throws Exception {
    CapacityLimiter limiter = new CapacityLimiter(5);
    Roost.run(() -> {
      try (var _ = limiter.acquire()) {
        assertThatThrownBy(limiter::acquire)
            .isInstanceOf(IllegalStateException.class)
            .hasMessage(
                "CapacityLimiter.acquire: "
                    + Task.current()
                    + " has a token of this limiter already, and waiting for a second one could wait for ever. Give"
                    + " the first one back, or use acquireFor with a borrower of its own for each.");
        assertThatThrownBy(limiter::tryAcquire)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageStartingWith("CapacityLimiter.tryAcquire: ");
      }
    });
  }

  @Test
  void acquire_twiceWaitingForOneBorrower_theSecondIsRefusedWhenItsTurnComes() throws Exception {
    CapacityLimiter limiter = new CapacityLimiter(0);
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            var unused = limiter.acquireFor("x");
            log.add("first");
          });
          untilAllBlocked();
          nursery.start(() -> {
            assertThatThrownBy(() -> limiter.acquireFor("x"))
                .isInstanceOf(IllegalStateException.class);
            log.add("second");
          });
          untilAllBlocked();
          limiter.setTotalTokens(2);
        }));
    assertThat(log).containsExactly("first", "second");
    assertThat(limiter.borrowedTokens()).isEqualTo(1);
  }

  @Test
  void release_withoutToken_isRefused() throws Exception {
    CapacityLimiter limiter = new CapacityLimiter(1);
    Roost.run(() -> {
      assertThatThrownBy(limiter::release)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "CapacityLimiter.release: "
                  + Task.current()
                  + " has no token of this limiter. It must be given back once, by or for the one that borrowed it.");
      var unused = limiter.acquire();
      limiter.release();
      assertThat(limiter.borrowedTokens()).isZero();
    });
  }

  @Test
  void release_whileTasksWait_letsInTheFirst() throws Exception {
    CapacityLimiter limiter = new CapacityLimiter(1);
    Roost.run(() ->
        Nursery.run(nursery -> {
          Limiter.Permit mine = limiter.acquire();
          for (String name : List.of("a", "b")) {
            nursery.start(() -> {
              try (var _ = limiter.acquire()) {
                log.add(name);
                Roost.checkpoint();
              }
            });
            untilAllBlocked();
          }
          mine.close();
          assertThat(limiter.tryAcquire()).isEmpty();
        }));
    assertThat(log).containsExactly("a", "b");
  }

  /** Trio's test_CapacityLimiter_change_total_tokens. */
  @Test
  void setTotalTokens_takesEffectAtOnce() throws Exception {
    CapacityLimiter limiter = new CapacityLimiter(2);
    Roost.run(() ->
        Nursery.run(nursery -> {
          for (int i = 0; i < 5; i++) {
            String borrower = "b" + i;
            nursery.start(() -> {
              var unused = limiter.acquireFor(borrower);
              log.add(borrower);
            });
            untilAllBlocked();
          }
          assertThat(limiter.statistics().tasksWaiting()).isEqualTo(3);
          assertThat(limiter).hasToString("CapacityLimiter[2 of 2 borrowed, 3 waiting]");
          limiter.setTotalTokens(5);
          assertThat(limiter.statistics().tasksWaiting()).isZero();
          untilAllBlocked();
          assertThat(log).containsExactly("b0", "b1", "b2", "b3", "b4");

          limiter.setTotalTokens(3);
          assertThat(limiter.availableTokens()).isEqualTo(-2);
          nursery.start(() -> {
            var unused = limiter.acquireFor("late");
          });
          untilAllBlocked();
          limiter.releaseFor("b0");
          limiter.releaseFor("b1");
          assertThat(limiter.statistics().tasksWaiting()).isEqualTo(1);
          limiter.releaseFor("b2");
          assertThat(limiter.statistics().tasksWaiting()).isZero();
          assertThat(limiter.statistics().borrowers()).containsExactly("b3", "b4", "late");
          limiter.setTotalTokens(Integer.MAX_VALUE);
          assertThat(limiter).hasToString("CapacityLimiter[3 borrowed]");
        }));
  }

  @Test
  void negativeTokens_areRefused() throws Exception {
    assertThatThrownBy(() -> new CapacityLimiter(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("CapacityLimiter: the number of tokens is negative (-1). Zero lets nobody in.");
    CapacityLimiter limiter = new CapacityLimiter(1);
    assertThatThrownBy(() -> limiter.setTotalTokens(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("CapacityLimiter.setTotalTokens: ");
  }

  @Test
  void acquire_cancelled_borrowsNothing() throws Exception {
    CapacityLimiter limiter = new CapacityLimiter(0);
    Roost.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          nursery.start(() -> assertThat(scope.run(() -> limiter.acquire().close())).isFalse());
          untilAllBlocked();
          scope.cancel();
          untilAllBlocked();
          limiter.setTotalTokens(1);
        }));
    assertThat(limiter.statistics()).isEqualTo(new CapacityLimiter.Statistics(1, 0, List.of(), 0));
  }

  @Test
  void limitedBy_letsInAsManyBlockingSections() throws Exception {
    CapacityLimiter limiter = new CapacityLimiter(1);
    Roost.run(() -> {
      Blocking.limitedBy(limiter)
          .run(() -> assertThat(limiter.statistics().borrowers()).hasSize(1));
      assertThat(limiter.borrowedTokens()).isZero();
      limiter.setTotalTokens(2);
      try (var _ = limiter.acquire()) { // a section is another borrower than its task
        Blocking.limitedBy(limiter)
            .run(() ->
                assertThat(limiter.statistics().borrowers().get(1).toString())
                    .startsWith("a blocking section of Task["));
      }
    });
  }

  @Test
  void use_outsideOfTheRun_isRefused() throws Exception {
    CapacityLimiter limiter = new CapacityLimiter(1);
    Roost.run(() -> limiter.acquire().close());
    assertThatThrownBy(() -> limiter.setTotalTokens(3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("CapacityLimiter.setTotalTokens: this belongs to the run");
  }
}
