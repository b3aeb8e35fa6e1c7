package dev.roost.sync;

import static dev.roost.sync.Blocked.untilAllBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncCallable;
import dev.roost.AsyncRunnable;
import dev.roost.CancelScope;
import dev.roost.Limiter;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadWriteLockTest {

  private final ReadWriteLock lock = new ReadWriteLock();
  private final List<String> log = new ArrayList<>();

  private AsyncRunnable<RuntimeException> holder(
      String name, AsyncCallable<Limiter.Permit, RuntimeException> acquire, Event until) {
    return () -> {
      try (var _ = acquire.call()) {
        log.add(name);
        until.await();
      }
    };
  }

  @Test
  void waitingWriter_stopsNewReaders() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          Event first = new Event();
          Event second = new Event();
          Event third = new Event();
          nursery.start("r1", holder("r1", lock::acquireRead, first));
          nursery.start("r2", holder("r2", lock::acquireRead, first));
          untilAllBlocked();
          nursery.start("w", holder("w", lock::acquireWrite, second));
          untilAllBlocked();
          nursery.start("r3", holder("r3", lock::acquireRead, third));
          nursery.start("r4", holder("r4", lock::acquireRead, third));
          untilAllBlocked();
          assertThat(log).containsExactly("r1", "r2");
          assertThat(lock.tryAcquireRead()).isEmpty();
          assertThat(lock.tryAcquireWrite()).isEmpty();
          assertThat(lock.statistics())
              .isEqualTo(new ReadWriteLock.Statistics(Optional.empty(), 2, false, 2, 1));
          assertThat(lock).hasToString("ReadWriteLock[2 reading, 3 waiting]");
          first.set();
          untilAllBlocked();
          assertThat(log).containsExactly("r1", "r2", "w");
          assertThat(lock).hasToString("ReadWriteLock[written by Task[w], 2 waiting]");
          assertThat(lock.statistics().writer()).get().extracting(Task::name).isEqualTo("w");
          second.set();
          untilAllBlocked();
          assertThat(log).containsExactly("r1", "r2", "w", "r3", "r4");
          third.set();
        }));
    assertThat(lock).hasToString("ReadWriteLock[free]");
  }

  @Test
  void waitingWriterCancelled_readersBehindItAreLetIn() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          Event go = new Event();
          nursery.start(holder("r1", lock::acquireRead, go));
          untilAllBlocked();
          nursery.start(() -> assertThat(scope.run(() -> lock.acquireWrite().close())).isFalse());
          untilAllBlocked();
          nursery.start(holder("r2", lock::acquireRead, go));
          untilAllBlocked();
          assertThat(log).containsExactly("r1");
          scope.cancel();
          untilAllBlocked();
          assertThat(log).containsExactly("r1", "r2");
          go.set();
        }));
  }

  @Test
  void tryAcquire_free_takesIt() throws Exception {
    Roost.run(() -> {
      try (var permit = lock.tryAcquireRead().orElseThrow()) {
        assertThat(lock.statistics().readers()).isEqualTo(1);
        assertThat(permit).hasToString("Permit[to read, ReadWriteLock[1 reading]]");
        assertThatThrownBy(lock::acquireWrite)
            .isInstanceOf(IllegalStateException.class)
            .hasMessage(
                "ReadWriteLock.acquireWrite: "
                    + Task.current()
                    + " reads under this lock already, and it is not reentrant; nor can a reader become a writer. Release it"
                    + " first.");
      }
      Limiter.Permit permit = lock.tryAcquireWrite().orElseThrow();
      assertThat(permit.toString()).startsWith("Permit[to write, ");
      assertThatThrownBy(lock::tryAcquireRead)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith(
              "ReadWriteLock.tryAcquireRead: "
                  + Task.current()
                  + " writes under this lock already");
      permit.close();
      permit.close();
      assertThat(permit).hasToString("Permit[closed]");
    });
  }

  @Test
  void close_byAnotherTask_isRefused() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          try (var mine = lock.acquireWrite()) {
            Task me = Task.current();
            nursery.start(
                "thief",
                () ->
                    assertThatThrownBy(mine::close)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage(
                            "ReadWriteLock.release: Task[thief] closes the permit of "
                                + me
                                + ". Only the task that took a lock may release it."));
            untilAllBlocked();
          }
        }));
    assertThat(lock.statistics().writer()).isEmpty();
  }

  @Test
  void ownerEnds_othersGetBrokenLockException() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          Event go = new Event();
          nursery.start(
              "careless",
              () -> {
                var unused = lock.acquireRead();
                go.await();
              });
          untilAllBlocked();
          nursery.start(() -> {
            assertThatThrownBy(lock::acquireWrite)
                .isInstanceOf(BrokenLockException.class)
                .hasMessage(
                    "This lock is broken: Task[careless] ended while it owned it, so what it guards may be half done."
                        + " Release it whatever happens: try (var _ = lock.acquireWrite()) { … }, and acquireRead likewise.");
            log.add("told");
          });
          untilAllBlocked();
          go.set();
          untilAllBlocked();
          assertThat(log).containsExactly("told");
          assertThatThrownBy(lock::tryAcquireRead).isInstanceOf(BrokenLockException.class);
          assertThat(lock.statistics().broken()).isTrue();
          assertThat(lock).hasToString("ReadWriteLock[broken by Task[careless]]");
        }));
  }
}
