package dev.roost.sync;

import static dev.roost.sync.Blocked.untilAllBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.ExceptionGroup;
import dev.roost.Limiter;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LockTest {

  private final Lock lock = new Lock();
  private final List<String> log = new ArrayList<>();

  private void takeForEver() throws InterruptedException {
    var unused = lock.acquire();
  }

  @Test
  void acquire_free_takesIt() throws Exception {
    Roost.run(() -> {
      assertThat(lock.isLocked()).isFalse();
      try (var permit = lock.acquire()) {
        assertThat(lock.isLocked()).isTrue();
        assertThat(lock.owner()).contains(Task.current());
        assertThat(permit).hasToString("Permit[" + lock + "]");
      }
      assertThat(lock.owner()).isEmpty();
    });
  }

  @Test
  void release_whileOthersWait_handsOverInOrder() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          Limiter.Permit mine = lock.acquire();
          for (String name : List.of("a", "b", "c")) {
            nursery.start(
                name,
                () -> {
                  try (var _ = lock.acquire()) {
                    log.add(name);
                    Roost.checkpoint();
                    log.add(name);
                  }
                });
            untilAllBlocked();
          }
          assertThat(lock.statistics())
              .isEqualTo(new Lock.Statistics(true, lock.owner(), false, 3));
          mine.close();
        }));
    assertThat(log).containsExactly("a", "a", "b", "b", "c", "c");
  }

  /**
   * Trio's test_generic_lock_fifo_fairness: who releases cannot take it again before those who
   * wait.
   */
  @Test
  void release_whileOneWaits_cannotBeTakenBackFirst() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          for (String name : List.of("a", "b", "c")) {
            nursery.start(
                name,
                () -> {
                  for (int i = 0; i < 5; i++) {
                    try (var _ = lock.acquire()) {
                      log.add(name);
                      Roost.checkpoint();
                    }
                  }
                });
          }
        }));
    for (int i = 0; i < log.size(); i += 3) {
      assertThat(log.subList(i, i + 3)).containsExactlyElementsOf(log.subList(0, 3));
    }
    assertThat(log).hasSize(15);
  }

  @Test
  void release_handsOverAtOnce_soThatTryAcquireFails() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          Limiter.Permit mine = lock.acquire();
          nursery.start(
              "heir",
              () -> {
                try (var _ = lock.acquire()) {
                  log.add("has it");
                }
              });
          untilAllBlocked();
          mine.close();
          assertThat(log).isEmpty();
          assertThat(lock.tryAcquire()).isEmpty();
          assertThat(lock.owner()).get().extracting(Task::name).isEqualTo("heir");
        }));
    assertThat(log).containsExactly("has it");
  }

  @Test
  void tryAcquire_free_takesIt() throws Exception {
    Roost.run(() -> {
      Limiter.Permit permit = lock.tryAcquire().orElseThrow();
      assertThat(lock.owner()).contains(Task.current());
      permit.close();
      assertThat(lock.isLocked()).isFalse();
    });
  }

  @Test
  void close_twice_releasesOnce() throws Exception {
    Roost.run(() -> {
      Limiter.Permit first = lock.acquire();
      first.close();
      try (var _ = lock.acquire()) {
        first.close();
        assertThat(lock.isLocked()).isTrue();
      }
      assertThat(first).hasToString("Permit[closed]");
    });
  }

  @Test
  void acquire_byTheOwner_isRefused() throws Exception {
    Roost.run(() -> {
      try (var _ = lock.acquire()) {
        String message =
            ": Task["
                + Task.current().name()
                + "] owns this lock already, and it is not reentrant. Take it once, in the outermost method, and call"
                + " methods that expect it to be held.";
        assertThatThrownBy(lock::acquire)
            .isExactlyInstanceOf(IllegalStateException.class)
            .hasMessage("Lock.acquire" + message);
        assertThatThrownBy(lock::tryAcquire)
            .isExactlyInstanceOf(IllegalStateException.class)
            .hasMessage("Lock.tryAcquire" + message);
      }
      assertThat(lock.isLocked()).isFalse();
    });
  }

  @Test
  void release_byAnother_isRefusedAndNamesTheOwner() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          Limiter.Permit mine = lock.acquire();
          nursery.start(
              "thief",
              () -> {
                assertThatThrownBy(mine::close)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                        "Lock.release: Task[thief] does not own this lock; "
                            + lock.owner().orElseThrow()
                            + " does. Only the task that took a lock may use it so.");
                assertThatThrownBy(lock::release).isInstanceOf(IllegalStateException.class);
              });
          untilAllBlocked();
          assertThat(lock.owner()).contains(Task.current());
          mine.close();
          assertThatThrownBy(lock::release)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("does not own this lock; nobody does.");
        }));
  }

  @Test
  void acquire_cancelled_leavesTheLine() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          Limiter.Permit mine = lock.acquire();
          nursery.start(() -> {
            boolean done = scope.run(() -> lock.acquire().close());
            log.add("first " + done);
          });
          nursery.start(() -> {
            try (var _ = lock.acquire()) {
              log.add("second");
            }
          });
          untilAllBlocked();
          scope.cancel();
          untilAllBlocked();
          assertThat(lock.statistics().tasksWaiting()).isEqualTo(1);
          mine.close();
        }));
    assertThat(log).containsExactly("first false", "second");
    assertThat(lock.isLocked()).isFalse();
  }

  @Test
  void acquire_inACancelledScope_takesNothing() throws Exception {
    Roost.run(() -> {
      CancelScope scope = CancelScope.create();
      scope.cancel();
      assertThat(scope.run(() -> lock.acquire().close())).isFalse();
      assertThat(lock.isLocked()).isFalse();
    });
  }

  /**
   * The lock is the waiter's from the release on: a cancellation after it comes too late for the
   * acquire.
   */
  @Test
  void acquire_cancelledAfterTheHandOver_hasTheLock() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          Limiter.Permit mine = lock.acquire();
          nursery.start(() ->
              scope.run(() -> {
                try (var _ = lock.acquire()) {
                  log.add("has it");
                  Roost.checkpoint();
                  log.add("not reached");
                }
              }));
          untilAllBlocked();
          mine.close();
          scope.cancel();
        }));
    assertThat(log).containsExactly("has it");
    assertThat(lock.isLocked()).isFalse();
  }

  /** Trio's test_lock_multiple_acquire. */
  @Test
  void ownerEnds_waitersAndNewcomersGetBrokenLockException() throws Exception {
    String message =
        "This lock is broken: Task[careless] ended while it owned it, so what it guards may be half done. Release it"
            + " whatever happens: try (var _ = lock.acquire()) { … }.";
    Roost.run(() ->
        Nursery.run(nursery -> {
          Event go = new Event();
          nursery.start(
              "careless",
              () -> {
                var unused = lock.acquire();
                go.await();
              });
          untilAllBlocked();
          for (int i = 0; i < 2; i++) {
            nursery.start(() -> {
              assertThatThrownBy(lock::acquire)
                  .isInstanceOf(BrokenLockException.class)
                  .hasMessage(message);
              log.add("told");
            });
          }
          untilAllBlocked();
          go.set();
          untilAllBlocked();
          assertThat(log).containsExactly("told", "told");
          assertThatThrownBy(lock::acquire).hasMessage(message);
          assertThatThrownBy(lock::tryAcquire).isInstanceOf(BrokenLockException.class);
          assertThatThrownBy(lock::release)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("Task[careless] does, which has ended.");
          assertThat(lock.statistics().broken()).isTrue();
          assertThat(lock).hasToString("Lock[broken by Task[careless]]");
        }));
  }

  @Test
  void ownerByHandOverEnds_lockBreaks() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          Limiter.Permit mine = lock.acquire();
          nursery.start("careless", this::takeForEver);
          untilAllBlocked();
          mine.close();
          assertThatThrownBy(lock::acquire).isInstanceOf(BrokenLockException.class);
        }));
  }

  @Test
  void ownerReleasesAndEnds_lockStaysGood() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> lock.acquire().close());
          untilAllBlocked();
          lock.acquire().close();
        }));
    assertThat(lock.statistics().broken()).isFalse();
  }

  @Test
  void oneTaskEndsWithTwoLocks_bothBreak() throws Exception {
    Lock other = new Lock();
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            var first = lock.acquire();
            var second = other.acquire();
            var third = new Lock().acquire();
            third.close();
          });
          untilAllBlocked();
          assertThat(lock.statistics().broken()).isTrue();
          assertThat(other.statistics().broken()).isTrue();
        }));
  }

  @Test
  void use_outsideOfTheRun_isRefused() throws Exception {
    assertThatThrownBy(lock::acquire)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("This needs a task of a run");
    Roost.run(() -> lock.acquire().close());
    assertThatThrownBy(lock::tryAcquire)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Lock.tryAcquire: this belongs to the run");
    Roost.run(() ->
        assertThatThrownBy(lock::acquire)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("of another run"));
  }

  @Test
  void toString_saysWhoOwnsItAndHowManyWait() throws Exception {
    assertThat(lock).hasToString("Lock[free]");
    Roost.run(() ->
        Nursery.run(nursery -> {
          Event go = new Event();
          nursery.start(
              "owner",
              () -> {
                try (var _ = lock.acquire()) {
                  go.await();
                }
              });
          nursery.start("waiter", () -> lock.acquire().close());
          untilAllBlocked();
          assertThat(lock).hasToString("Lock[owned by Task[owner], 1 waiting]");
          assertThat(dev.roost.TaskTree.current().toString())
              .contains("waiter: waiting for Lock[owned by Task[owner], 1 waiting]");
          go.set();
        }));
  }

  @Test
  void ownerFails_errorComesHomeTogetherWithTheBrokenLock() {
    assertThatThrownBy(() ->
            Roost.run(() ->
                Nursery.run(nursery -> {
                  nursery.start(
                      "careless",
                      () -> {
                        var unused = lock.acquire();
                        Roost.checkpoint();
                        throw new IllegalArgumentException("boom");
                      });
                  nursery.start(this::takeForEver);
                })))
        .isInstanceOfSatisfying(
            ExceptionGroup.class,
            group ->
                assertThat(group.leaves().map(Object::getClass).toList())
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                    .containsExactlyInAnyOrder(
                        IllegalArgumentException.class, BrokenLockException.class));
  }
}
