package dev.roost.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.AsyncCallable;
import dev.roost.AsyncConsumer;
import dev.roost.AsyncRunnable;
import dev.roost.CancelScope;
import dev.roost.Limiter;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.Together;
import dev.roost.sync.Barrier;
import dev.roost.sync.CapacityLimiter;
import dev.roost.sync.Condition;
import dev.roost.sync.Event;
import dev.roost.sync.Lock;
import dev.roost.sync.ReadWriteLock;
import dev.roost.sync.Semaphore;
import dev.roost.testing.ScheduleMode;
import dev.roost.testing.Schedules;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Each primitive, used by a few tasks that are cancelled at each of their checkpoints in turn: it
 * is left as if they had never been there.
 */
class CancelledEverywhereTest {

  private static final int TASKS = 3;

  private static <S> void everywhere(
      AsyncCallable<S, ?> fresh,
      AsyncConsumer<? super S, ?> body,
      AsyncConsumer<? super S, ?> check)
      throws InterruptedException {
    int tried = Schedules.in(ScheduleMode.CANCELLATION, 1_000).run(fresh, body, check);
    assertThat(tried).as("there are checkpoints to be cancelled at").isGreaterThan(TASKS);
  }

  private static void byTasks(AsyncRunnable<?> each) throws InterruptedException {
    Nursery.run(nursery -> {
      for (int n = 0; n < TASKS; n++) {
        nursery.start(each);
      }
    });
  }

  private static void hold(AsyncCallable<Limiter.Permit, InterruptedException> acquire)
      throws InterruptedException {
    byTasks(() -> {
      try (var _ = acquire.call()) {
        Roost.checkpoint();
      }
    });
  }

  @Test
  void locks() throws Exception {
    everywhere(
        Lock::new,
        lock -> hold(lock::acquire),
        lock -> assertThat(lock.toString()).isEqualTo("Lock[free]"));
    everywhere(
        ReadWriteLock::new,
        lock ->
            Nursery.run(nursery -> {
              nursery.start(() -> hold(lock::acquireRead));
              nursery.start(() -> hold(lock::acquireWrite));
            }),
        lock -> assertThat(lock.toString()).isEqualTo("ReadWriteLock[free]"));
  }

  @Test
  void condition() throws Exception {
    everywhere(
        () -> new Condition(new Lock()),
        condition ->
            Nursery.run(nursery -> {
              for (int n = 0; n < TASKS; n++) {
                nursery.start(() -> {
                  try (var _ = condition.lock().acquire()) {
                    condition.await();
                    assertThat(condition.lock().isLocked()).isTrue();
                  }
                });
              }
              Roost.checkpoint();
              for (int n = 0; n < TASKS; n++) {
                try (var _ = condition.lock().acquire()) {
                  condition.signalAll();
                }
                Roost.checkpoint();
              }
              nursery.cancel(); // those who came too late for a signal
            }),
        condition ->
            assertThat(condition.toString()).isEqualTo("Condition[0 waiting, Lock[free]]"));
  }

  @Test
  void permits() throws Exception {
    everywhere(
        () -> new Semaphore(1),
        semaphore -> hold(semaphore::acquire),
        semaphore -> assertThat(semaphore.statistics()).isEqualTo(new Semaphore.Statistics(1, 0)));
    everywhere(
        () -> new CapacityLimiter(1),
        limiter -> hold(limiter::acquire),
        limiter ->
            assertThat(limiter.statistics())
                .isEqualTo(new CapacityLimiter.Statistics(1, 0, List.of(), 0)));
  }

  @Test
  void meetings() throws Exception {
    everywhere(
        () -> new Barrier(TASKS),
        barrier -> byTasks(barrier::await),
        barrier -> assertThat(barrier.statistics().tasksWaiting()).isZero());
    everywhere(
        Event::new,
        event ->
            Nursery.run(nursery -> {
              nursery.start(() -> byTasks(event::await));
              nursery.start(() -> Select.run(Select.on(event).run(() -> {})));
              Roost.checkpoint();
              event.set();
            }),
        event -> assertThat(event.statistics().tasksWaiting()).isZero());
  }

  /** What was sent, what was received, and the channel that they went through. */
  private static final class Traffic {
    final MemoryChannel.Ends<Integer> ends;
    final List<Integer> sent = new ArrayList<>();
    final List<Integer> received = new ArrayList<>();

    Traffic(MemoryChannel.Ends<Integer> ends) {
      this.ends = ends;
    }

    void flow() throws InterruptedException {
      Nursery.run(nursery -> {
        for (int n = 0; n < TASKS; n++) {
          int item = n;
          nursery.start(() -> {
            ends.sender().send(item);
            sent.add(item);
          });
          nursery.start(() -> received.add(ends.receiver().receive()));
        }
      });
    }

    void flowSelected() throws InterruptedException {
      Nursery.run(nursery -> {
        Event never = new Event();
        for (int n = 0; n < TASKS; n++) {
          int item = n;
          nursery.start(() ->
              Select.run(
                  Select.send(ends.sender(), item).run(sent::add), Select.on(never).run(() -> {})));
          nursery.start(() ->
              Select.run(
                  Select.on(never).run(() -> {}),
                  Select.receive(ends.receiver()).run(received::add)));
        }
      });
    }

    void check() {
      ChannelStatistics left = ends.sender().statistics();
      assertThat(left.tasksWaitingToSend() + left.tasksWaitingToReceive()).isZero();
      for (var item = ends.receiver().receiveNow();
          item.isPresent();
          item = ends.receiver().receiveNow()) {
        received.add(item.get());
      }
      assertThat(received).containsExactlyInAnyOrderElementsOf(sent);
    }
  }

  @Test
  void channels() throws Exception {
    for (int capacity = 0; capacity < 2; capacity++) {
      int room = capacity;
      List<AsyncCallable<Traffic, RuntimeException>> kinds =
          List.of(
              () -> new Traffic(MemoryChannel.open(room)),
              () -> new Traffic(CrossRunChannel.open(room)));
      for (AsyncCallable<Traffic, RuntimeException> kind : kinds) {
        everywhere(kind, Traffic::flow, Traffic::check);
        everywhere(kind, Traffic::flowSelected, Traffic::check);
      }
    }
  }

  @Test
  void lockstepAndTogether() throws Exception {
    everywhere(
        ArrayList<String>::new,
        log ->
            Lockstep.of(
                    (Lockstep.Outlet<Integer> outlet) -> {
                      log.add("begun");
                      try {
                        for (int n = 0; n < TASKS; n++) {
                          outlet.send(n);
                        }
                      } finally {
                        log.add("cleaned up");
                      }
                    })
                .run(items -> items.forEach(_ -> Roost.checkpoint())),
        log -> assertThat(log).isIn(List.of(), List.of("begun", "cleaned up")));
    everywhere(
        () -> new Semaphore(TASKS),
        permits -> {
          List<Limiter.Permit> all =
              Together.map(List.of(1, 2, 3), 2, _ -> permits.acquire(), Limiter.Permit::close);
          all.forEach(Limiter.Permit::close);
        },
        permits -> assertThat(permits.available()).isEqualTo(TASKS));
  }

  /** Each order of a select, of two who serve it in different ways, and of a cancellation. */
  @Test
  void selectBetweenRuns_inAllOrders_takesOneAndLosesNone() throws Exception {
    int tried =
        Schedules.in(ScheduleMode.ALL, 20_000)
            .run(() -> {
              MemoryChannel.Ends<String> cross = CrossRunChannel.open(0);
              MemoryChannel.Ends<String> memory = MemoryChannel.open(0);
              List<String> taken = new ArrayList<>();
              List<String> given = new ArrayList<>();
              CancelScope scope = CancelScope.create();
              Nursery.run(nursery -> {
                nursery.start(() -> {
                  boolean unused =
                      scope.run(() ->
                          Select.run(
                              Select.receive(cross.receiver()).run(taken::add),
                              Select.receive(memory.receiver()).run(taken::add)));
                });
                nursery.start(() -> give(cross, "cross", given));
                nursery.start(() -> give(memory, "memory", given));
                nursery.start(() -> scope.cancel());
              });
              assertThat(taken).isEqualTo(given).hasSizeLessThanOrEqualTo(1);
              assertThat(cross.sender().statistics().tasksWaitingToReceive()).isZero();
              assertThat(memory.sender().statistics().tasksWaitingToReceive()).isZero();
            });
    assertThat(tried).isGreaterThan(10);
  }

  private static void give(MemoryChannel.Ends<String> to, String item, List<String> given) {
    if (to.sender().sendNow(item)) {
      given.add(item);
    }
  }
}
