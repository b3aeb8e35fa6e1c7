package dev.roost.sync;

import static dev.roost.sync.Blocked.untilAllBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncRunnable;
import dev.roost.CancelScope;
import dev.roost.Cancelled;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionTest {

  private final Lock lock = new Lock();
  private final Condition condition = new Condition(lock);
  private final List<String> log = new ArrayList<>();

  private AsyncRunnable<RuntimeException> waiter(String name) {
    return () -> {
      try (var _ = lock.acquire()) {
        condition.await();
        assertThat(lock.owner()).contains(Task.current());
        log.add(name);
      }
    };
  }

  private AsyncRunnable<RuntimeException> cancellableWaiter(String name, CancelScope scope) {
    return () ->
        scope.run(() -> {
          try (var _ = lock.acquire()) {
            try {
              condition.await();
              log.add(name);
            } catch (Cancelled cancelled) {
              log.add(
                  name
                      + " cancelled, owns "
                      + lock.owner().equals(java.util.Optional.of(Task.current())));
              throw cancelled;
            }
          }
        });
  }

  private void startWaiters(Nursery nursery, String... names) throws InterruptedException {
    for (String name : names) {
      nursery.start(name, waiter(name));
      untilAllBlocked();
    }
  }

  /** Trio's test_Condition. */
  @Test
  void signal_wakesTheFirstOnes() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          startWaiters(nursery, "a", "b", "c", "d", "e");
          assertThat(lock.isLocked()).isFalse();
          assertThat(condition.statistics().tasksWaiting()).isEqualTo(5);
          assertThat(condition).hasToString("Condition[5 waiting, Lock[free]]");
          try (var _ = lock.acquire()) {
            assertThat(condition.signal()).isTrue();
            untilAllBlocked();
            assertThat(log).isEmpty();
          }
          untilAllBlocked();
          assertThat(log).containsExactly("a");
          try (var _ = lock.acquire()) {
            assertThat(condition.signal(2)).isEqualTo(2);
            assertThat(condition.statistics())
                .isEqualTo(new Condition.Statistics(2, lock.statistics()));
            assertThat(lock.statistics().tasksWaiting()).isEqualTo(2);
          }
          untilAllBlocked();
          assertThat(log).containsExactly("a", "b", "c");
          try (var _ = lock.acquire()) {
            assertThat(condition.signalAll()).isEqualTo(2);
            assertThat(condition.signalAll()).isZero();
            assertThat(condition.signal()).isFalse();
          }
        }));
    assertThat(log).containsExactly("a", "b", "c", "d", "e");
    assertThat(condition.lock()).isSameAs(lock);
  }

  @Test
  void await_cancelled_hasTheLockAgain() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          nursery.start(cancellableWaiter("a", scope));
          untilAllBlocked();
          try (var _ = lock.acquire()) {
            scope.cancel();
            untilAllBlocked(); // it waits for the lock, though it is cancelled
            assertThat(log).isEmpty();
            assertThat(condition.statistics().tasksWaiting()).isZero();
          }
        }));
    assertThat(log).containsExactly("a cancelled, owns true");
    assertThat(lock.isLocked()).isFalse();
  }

  @Test
  void await_cancelledWhileTheLockIsFree_hasTheLockAgain() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          nursery.start(cancellableWaiter("a", scope));
          untilAllBlocked();
          scope.cancel();
          assertThat(lock.isLocked()).isTrue();
        }));
    assertThat(log).containsExactly("a cancelled, owns true");
    assertThat(lock.isLocked()).isFalse();
  }

  @Test
  void await_cancelledOnArrival_givesTheLockAwayAndTakesItAgain() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          boolean done =
              scope.run(() -> {
                try (var _ = lock.acquire()) {
                  nursery.start(() -> {
                    try (var _ = lock.acquire()) {
                      log.add("other");
                    }
                  });
                  untilAllBlocked();
                  scope.cancel();
                  try {
                    condition.await();
                  } finally {
                    assertThat(lock.owner()).contains(Task.current());
                    log.add("back");
                  }
                }
              });
          assertThat(done).isFalse();
        }));
    assertThat(log).containsExactly("other", "back");
    assertThat(lock.isLocked()).isFalse();
  }

  @Test
  void signalled_thenCancelled_passesTheSignalOn() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          nursery.start(cancellableWaiter("a", scope));
          untilAllBlocked();
          startWaiters(nursery, "b");
          try (var _ = lock.acquire()) {
            condition.signal();
            scope.cancel();
            assertThat(condition.statistics().tasksWaiting()).isZero();
          }
        }));
    assertThat(log).containsExactly("a cancelled, owns true", "b");
  }

  @Test
  void signalledWithAllOthers_thenCancelled_throwsAndOwnsTheLock() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          nursery.start(cancellableWaiter("a", scope));
          untilAllBlocked();
          try (var _ = lock.acquire()) {
            condition.signalAll();
            scope.cancel();
          }
        }));
    assertThat(log).containsExactly("a cancelled, owns true");
    assertThat(lock.isLocked()).isFalse();
  }

  @Test
  void ownerOfTheLockEnds_thoseWhoWaitAreTold() throws Exception {
    Condition other = new Condition(lock);
    Roost.run(() ->
        Nursery.run(nursery -> {
          for (Condition c : List.of(condition, other)) {
            nursery.start(() -> {
              var permit = lock.acquire();
              assertThatThrownBy(c::await).isInstanceOf(BrokenLockException.class);
              assertThatThrownBy(permit::close).isInstanceOf(IllegalStateException.class);
              log.add("told");
            });
          }
          untilAllBlocked();
          nursery.start(() -> {
            var unused = lock.acquire();
          });
        }));
    assertThat(log).containsExactly("told", "told");
  }

  @Test
  void withoutTheLock_everythingIsRefused() throws Exception {
    Roost.run(() -> {
      assertThatThrownBy(condition::await)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "Condition.await: "
                  + Task.current()
                  + " does not own this lock; nobody does. Only the task that took a lock may use it so.");
      assertThatThrownBy(condition::signal)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("Condition.signal: ");
      assertThatThrownBy(condition::signalAll)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("Condition.signalAll: ");
      assertThatThrownBy(() -> condition.signal(-1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Condition.signal: cannot wake -1 tasks.");
    });
  }

  @Test
  void await_inABlockWithoutCheckpoints_changesNothing() throws Exception {
    Roost.run(() -> {
      try (var _ = lock.acquire()) {
        assertThatThrownBy(() ->
                Roost.atomically(() -> {
                  try {
                    condition.await();
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                }))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("Roost.atomically");
        assertThat(condition.statistics().tasksWaiting()).isZero();
        assertThat(lock.owner()).contains(Task.current());
      }
    });
  }
}
