package dev.roost.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Nursery;
import dev.roost.Roost;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** The samples in the documentation of this package. */
class SyncSamplesTest {

  private int busy;
  private int busiest;

  private void work() throws InterruptedException {
    busiest = Math.max(busiest, ++busy);
    Roost.checkpoint();
    busy--;
  }

  @Test
  void lock() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          // @start region="lock"
          Lock lock = new Lock();
          for (int i = 0; i < 3; i++) {
            nursery.start(() -> {
              try (var _ = lock.acquire()) {
                work(); // one task at a time
              }
            });
          }
          // @end
        }));
    assertThat(busiest).isEqualTo(1);
  }

  @Test
  void condition() throws Exception {
    List<String> log = new ArrayList<>();
    Roost.run(() ->
        Nursery.run(nursery -> {
          // @start region="condition"
          Lock lock = new Lock();
          Condition notEmpty = new Condition(lock);
          Queue<String> jobs = new ArrayDeque<>();
          nursery.start(() -> {
            try (var _ = lock.acquire()) {
              while (jobs.isEmpty()) {
                notEmpty.await();
              }
              log.add(jobs.remove());
            }
          });
          try (var _ = lock.acquire()) {
            jobs.add("first job");
            notEmpty.signal();
          }
          // @end
        }));
    assertThat(log).containsExactly("first job");
  }

  @Test
  void semaphore() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          // @start region="semaphore"
          Semaphore seats = new Semaphore(2);
          for (int i = 0; i < 5; i++) {
            nursery.start(() -> {
              try (var _ = seats.acquire()) {
                work(); // two tasks at a time
              }
            });
          }
          // @end
        }));
    assertThat(busiest).isEqualTo(2);
  }

  @Test
  void limiter() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          // @start region="limiter"
          CapacityLimiter limiter = new CapacityLimiter(2);
          for (int i = 0; i < 5; i++) {
            nursery.start(() -> {
              try (var _ = limiter.acquire()) {
                work(); // two tasks at a time
              }
            });
          }
          limiter.setTotalTokens(3); // three, from now on
          // @end
        }));
    assertThat(busiest).isEqualTo(3);
  }

  @Test
  void barrier() throws Exception {
    List<String> log = new ArrayList<>();
    Roost.run(() ->
        Nursery.run(nursery -> {
          // @start region="barrier"
          Barrier everybody = new Barrier(3);
          for (int i = 0; i < 3; i++) {
            nursery.start(() -> {
              log.add("ready");
              everybody.await();
              log.add("go");
            });
          }
          // @end
        }));
    assertThat(log).containsExactly("ready", "ready", "ready", "go", "go", "go");
  }

  @Test
  void readWriteLock() throws Exception {
    List<String> seen = new ArrayList<>();
    Roost.run(() ->
        Nursery.run(nursery -> {
          // @start region="read-write-lock"
          ReadWriteLock lock = new ReadWriteLock();
          List<String> names = new ArrayList<>();
          nursery.start(() -> {
            try (var _ = lock.acquireWrite()) {
              names.add("Ada");
              Roost.checkpoint(); // nobody sees the half of it
              names.add("Lovelace");
            }
          });
          nursery.start(() -> {
            try (var _ = lock.acquireRead()) {
              seen.add(String.join(" ", names));
            }
          });
          // @end
        }));
    assertThat(seen).containsExactly("Ada Lovelace");
  }
}
