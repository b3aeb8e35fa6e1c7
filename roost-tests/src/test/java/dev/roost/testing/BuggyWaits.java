package dev.roost.testing;

import static dev.roost.testing.BugZoo.both;
import static dev.roost.testing.BugZoo.check;

import dev.roost.AsyncRunnable;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.channel.MemoryChannel;
import dev.roost.lowlevel.Suspension;
import dev.roost.sync.Condition;
import dev.roost.sync.Lock;
import dev.roost.sync.Semaphore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Lost wake-ups and deadlocks, and their corrected twins. */
final class BuggyWaits {

  private BuggyWaits() {}

  // ---- lost wake-ups

  static void lostWakeUp(boolean bug) throws InterruptedException {
    boolean[] ready = {false};
    List<Suspension<Boolean>> waiters = new ArrayList<>();
    both(
        () -> {
          if (!ready[0]) {
            if (bug) {
              Roost.checkpoint(); // writes a line to the log
            }
            Suspension<Boolean> wait = Suspension.create("ready");
            waiters.add(wait);
            wait.await(_ -> waiters.remove(wait));
          }
        },
        () -> {
          ready[0] = true;
          waiters.forEach(wait -> wait.resume(true));
        });
  }

  static void stolenWakeUp(boolean bug) throws InterruptedException {
    Lock lock = new Lock();
    Condition filled = new Condition(lock);
    Deque<String> items = new ArrayDeque<>();
    AsyncRunnable<InterruptedException> take =
        () -> {
          try (var _ = lock.acquire()) {
            if (bug) {
              if (items.isEmpty()) {
                filled.await();
              }
            } else {
              while (items.isEmpty()) {
                filled.await();
              }
            }
            items.remove();
          }
        };
    Nursery.run(nursery -> {
      nursery.start("waiter", take);
      nursery.start("thief", take);
      nursery.start(
          "producer",
          () -> {
            for (int i = 0; i < 2; i++) {
              try (var _ = lock.acquire()) {
                items.add("item");
                filled.signalAll();
              }
            }
          });
    });
  }

  static void wrongOneWoken(boolean bug) throws InterruptedException {
    Lock lock = new Lock();
    Condition changed = new Condition(lock);
    boolean[] state = new boolean[2]; // two things to wait for, and one condition for both
    Nursery.run(nursery -> {
      for (int i = 0; i < 2; i++) {
        int mine = i;
        nursery.start(
            "waits for " + i,
            () -> {
              try (var _ = lock.acquire()) {
                while (!state[mine]) {
                  changed.await();
                }
              }
            });
        nursery.start(
            "sets " + i,
            () -> {
              Roost.sleep(Duration.ofSeconds(2 - mine));
              try (var _ = lock.acquire()) {
                state[mine] = true;
                if (bug) {
                  changed.signal();
                } else {
                  changed.signalAll();
                }
              }
            });
      }
    });
  }

  // ---- deadlocks

  static void twoLocks(boolean bug) throws InterruptedException {
    Lock here = new Lock();
    Lock there = new Lock();
    both(
        () -> move(here, there),
        () -> {
          if (bug) {
            move(there, here);
          } else {
            move(here, there);
          }
        });
  }

  private static void move(Lock first, Lock second) throws InterruptedException {
    try (var _ = first.acquire()) {
      try (var _ = second.acquire()) {
        Roost.checkpoint();
      }
    }
  }

  static void philosophers(boolean bug) throws InterruptedException {
    List<Lock> forks = List.of(new Lock(), new Lock(), new Lock());
    Nursery.run(nursery -> {
      for (int i = 0; i < 3; i++) {
        int left = i;
        int right = (i + 1) % 3;
        boolean leftFirst = bug || left < right;
        nursery.start(
            "philosopher " + i,
            () -> {
              Roost.sleep(Duration.ofSeconds(left)); // they come one after the other
              for (int meal = 0; meal < 2; meal++) {
                try (var _ = forks.get(leftFirst ? left : right).acquire()) {
                  Roost.sleep(Duration.ofSeconds(1));
                  try (var _ = forks.get(leftFirst ? right : left).acquire()) {
                    Roost.checkpoint();
                  }
                }
              }
            });
      }
    });
  }

  static void overrun(boolean bug) throws InterruptedException {
    Integer[] ring = new Integer[3];
    Semaphore room = new Semaphore(ring.length);
    both(
        () -> {
          for (int i = 0; i < 6; i++) {
            if (bug) {
              Roost.checkpoint(); // the consumer is as fast as the producer, is it not?
            } else {
              var _ = room.acquire();
            }
            check(ring[i % 3] == null, "overwritten");
            ring[i % 3] = i;
          }
        },
        () -> {
          for (int i = 0; i < 6; i++) {
            while (ring[i % 3] == null) {
              Roost.checkpoint();
            }
            ring[i % 3] = null;
            if (!bug) {
              room.release();
            }
          }
        });
  }

  static void forgottenEnd(boolean bug) throws InterruptedException {
    var ends = MemoryChannel.<String>open(1);
    var copy = ends.sender().copy();
    Nursery.run(nursery -> {
      nursery.start("consumer", () -> ends.receiver().forEach(item -> Roost.checkpoint()));
      nursery.start(
          "producer",
          () -> {
            try (copy) {
              copy.send("item");
            }
          });
      if (!bug) {
        ends.sender().close();
      }
    });
  }

  static void spin(boolean bug) throws InterruptedException {
    int[] flag = {0};
    both(
        () -> {
          while (bug ? flag[0] != 1 : flag[0] == 0) {
            Roost.checkpoint();
          }
        },
        () -> {
          flag[0]++;
          Roost.checkpoint();
          flag[0]++; // who looks for 1 must be quick
        });
  }
}
