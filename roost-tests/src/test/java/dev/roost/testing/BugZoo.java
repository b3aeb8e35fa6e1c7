package dev.roost.testing;

import dev.roost.AsyncConsumer;
import dev.roost.AsyncRunnable;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.channel.MemoryChannel;
import dev.roost.lowlevel.Suspension;
import dev.roost.sync.Condition;
import dev.roost.sync.Event;
import dev.roost.sync.Lock;
import dev.roost.sync.Semaphore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Small programs with a deliberate bug, each with its corrected twin: what the search for bad
 * schedules has to find, and what it has to let pass.
 */
final class BugZoo {

  private BugZoo() {}

  /**
   * One of them.
   *
   * @param mode how it is looked for
   * @param within how many schedules that takes at most
   * @param finds part of the message of the failure
   */
  record Specimen(
      String name,
      ScheduleMode mode,
      int within,
      String finds,
      AsyncRunnable<?> bug,
      AsyncRunnable<?> twin) {

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Specimen> all() {
    return List.of(
        new Specimen(
            "a balance is read before a checkpoint and written after it",
            ScheduleMode.RANDOM,
            1,
            "money: 1",
            () -> deposits(true),
            () -> deposits(false)),
        new Specimen(
            "an empty cache is filled twice",
            ScheduleMode.RANDOM,
            1,
            "loaded 2 times",
            () -> cache(true),
            () -> cache(false)),
        new Specimen(
            "what a task needs is set after it was started",
            ScheduleMode.ALL,
            5,
            "not connected yet",
            () -> lateInit(true),
            () -> lateInit(false)),
        new Specimen(
            "a collection changes while it is walked through",
            ScheduleMode.RANDOM,
            10,
            "ConcurrentModificationException",
            () -> walk(true),
            () -> walk(false)),
        new Specimen(
            "a wake-up comes between the look and the wait",
            ScheduleMode.RANDOM,
            10,
            "Deadlock",
            () -> lostWakeUp(true),
            () -> lostWakeUp(false)),
        new Specimen(
            "a consumer that was woken does not look again",
            ScheduleMode.ALL,
            200,
            "NoSuchElementException",
            () -> stolenWakeUp(true),
            () -> stolenWakeUp(false)),
        new Specimen(
            "one is woken, and it is the wrong one",
            ScheduleMode.RANDOM,
            10,
            "Deadlock",
            () -> wrongOneWoken(true),
            () -> wrongOneWoken(false)),
        new Specimen(
            "two locks are taken in two orders",
            ScheduleMode.ALL,
            10,
            "In a circle",
            () -> twoLocks(true),
            () -> twoLocks(false)),
        new Specimen(
            "each philosopher takes the left fork first",
            ScheduleMode.PCT,
            60,
            "Deadlock",
            () -> philosophers(true),
            () -> philosophers(false)),
        new Specimen(
            "a producer gets further ahead than there is room",
            ScheduleMode.PCT,
            20,
            "overwritten",
            () -> overrun(true),
            () -> overrun(false)),
        new Specimen(
            "an end of a channel is forgotten",
            ScheduleMode.RANDOM,
            1,
            "Deadlock",
            () -> forgottenEnd(true),
            () -> forgottenEnd(false)),
        new Specimen(
            "a loop of checkpoints waits for what never comes",
            ScheduleMode.ALL,
            10,
            "goes on and on",
            () -> spin(true),
            () -> spin(false)),
        new Specimen(
            "a permit is lost when its holder is cancelled",
            ScheduleMode.CANCELLATION,
            10,
            "permits left: 0",
            () -> lostPermit(true),
            () -> lostPermit(false)),
        new Specimen(
            "a cancellation is caught with the other exceptions",
            ScheduleMode.CANCELLATION,
            10,
            "The cancellation was swallowed",
            () -> swallowed(true),
            () -> swallowed(false)),
        new Specimen(
            "a loop catches everything and goes on",
            ScheduleMode.CANCELLATION,
            10,
            "swallowed again and again",
            () -> stubborn(true),
            () -> stubborn(false)),
        new Specimen(
            "a cancellation comes out as another exception",
            ScheduleMode.CANCELLATION,
            10,
            "throws something else",
            () -> wrapped(true),
            () -> wrapped(false)),
        new Specimen(
            "a clean-up waits for somebody who was cancelled too",
            ScheduleMode.CANCELLATION,
            10,
            "does not react to its cancellation",
            () -> hangingCleanUp(true),
            () -> hangingCleanUp(false)),
        new Specimen(
            "a clean-up is cancelled itself",
            ScheduleMode.CANCELLATION,
            10,
            "no goodbye",
            () -> cancelledCleanUp(true),
            () -> cancelledCleanUp(false)));
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError(message);
    }
  }

  private static void both(AsyncRunnable<?> one, AsyncRunnable<?> other)
      throws InterruptedException {
    Nursery.run(nursery -> {
      nursery.start("one", one);
      nursery.start("other", other);
    });
  }

  // ---- races

  private static void deposits(boolean bug) throws InterruptedException {
    int[] money = {0};
    AsyncRunnable<InterruptedException> deposit =
        () -> {
          int before = money[0];
          if (bug) {
            Roost.checkpoint();
            money[0] = before + 1;
          } else {
            money[0] = before + 1;
            Roost.checkpoint();
          }
        };
    both(deposit, deposit);
    check(money[0] == 2, "money: " + money[0]);
  }

  private static void cache(boolean bug) throws InterruptedException {
    Map<String, String> cache = new HashMap<>();
    Lock lock = new Lock();
    int[] loads = {0};
    AsyncRunnable<InterruptedException> get =
        () -> {
          if (bug) {
            load(cache, loads);
          } else {
            try (var _ = lock.acquire()) {
              load(cache, loads);
            }
          }
        };
    both(get, get);
    check(loads[0] == 1, "loaded " + loads[0] + " times");
  }

  private static void load(Map<String, String> cache, int[] loads) throws InterruptedException {
    if (!cache.containsKey("key")) {
      loads[0]++;
      Roost.sleep(Duration.ofSeconds(1));
      cache.put("key", "value");
    }
  }

  private static void lateInit(boolean bug) throws InterruptedException {
    Event connected = new Event();
    Nursery.run(nursery -> {
      nursery.start(
          "connector",
          () -> {
            Roost.checkpoint();
            connected.set();
          });
      nursery.start(
          "user",
          () -> {
            if (bug) {
              Roost.checkpoint(); // it has always been fast enough
            } else {
              connected.await();
            }
            check(connected.isSet(), "not connected yet");
          });
    });
  }

  private static void walk(boolean bug) throws InterruptedException {
    List<String> members = new ArrayList<>(List.of("a", "b", "c"));
    both(
        () -> {
          for (String _ : bug ? members : List.copyOf(members)) {
            Roost.checkpoint(); // sends it something
          }
        },
        () -> {
          Roost.sleep(Duration.ofSeconds(1));
          Roost.checkpoint();
          members.remove("b");
        });
    // The same again with a member that leaves at once: this is the race.
    both(
        () -> {
          for (String _ : bug ? members : List.copyOf(members)) {
            Roost.checkpoint();
          }
        },
        () -> members.add("d"));
  }

  // ---- lost wake-ups

  private static void lostWakeUp(boolean bug) throws InterruptedException {
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

  private static void stolenWakeUp(boolean bug) throws InterruptedException {
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

  private static void wrongOneWoken(boolean bug) throws InterruptedException {
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

  private static void twoLocks(boolean bug) throws InterruptedException {
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

  private static void philosophers(boolean bug) throws InterruptedException {
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

  private static void overrun(boolean bug) throws InterruptedException {
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

  private static void forgottenEnd(boolean bug) throws InterruptedException {
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

  private static void spin(boolean bug) throws InterruptedException {
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

  // ---- cancellation

  private static void lostPermit(boolean bug) throws InterruptedException {
    Semaphore permits = new Semaphore(1);
    try {
      if (bug) {
        var permit = permits.acquire();
        Roost.checkpoint(); // works, and is cancelled
        permit.close();
      } else {
        try (var _ = permits.acquire()) {
          Roost.checkpoint();
        }
      }
    } finally {
      check(permits.tryAcquire().isPresent(), "permits left: 0");
    }
  }

  private static void swallowed(boolean bug) throws InterruptedException {
    try {
      Roost.sleep(Duration.ofSeconds(1));
      throw new IllegalStateException("no connection");
    } catch (IllegalStateException expected) {
      Roost.checkpoint();
    } catch (InterruptedException e) {
      if (!bug) {
        throw e;
      }
    }
  }

  private static void stubborn(boolean bug) throws InterruptedException {
    CancelScope.moveOnAfter(Duration.ofSeconds(10))
        .run(() -> {
          for (int heartbeat = 0; heartbeat < 1_000_000; heartbeat++) {
            try {
              Roost.sleep(Duration.ofSeconds(1));
            } catch (InterruptedException e) {
              if (!bug || heartbeat < 5) {
                throw e;
              }
            }
          }
        });
  }

  private static void wrapped(boolean bug) throws InterruptedException {
    try {
      Roost.sleep(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      if (bug) {
        throw new IllegalStateException("unexpected", e);
      }
      throw e;
    }
  }

  private static void hangingCleanUp(boolean bug) throws InterruptedException {
    Event flushed = new Event();
    Nursery.run(nursery -> {
      nursery.start(
          "flusher",
          () -> {
            Roost.sleep(Duration.ofSeconds(5));
            flushed.set();
          });
      nursery.start(
          "writer",
          () -> {
            try {
              Roost.sleep(Duration.ofSeconds(1));
            } finally {
              CancelScope last =
                  bug
                      ? CancelScope.create().shielded()
                      : CancelScope.cleanup(Duration.ofSeconds(10));
              last.run(flushed::await);
            }
          });
    });
  }

  private static void cancelledCleanUp(boolean bug) throws InterruptedException {
    List<String> sent = new ArrayList<>();
    AsyncConsumer<String, InterruptedException> send =
        message -> {
          Roost.checkpoint();
          sent.add(message);
        };
    boolean greeted = false;
    try {
      send.accept("hello");
      greeted = true;
      Roost.sleep(Duration.ofSeconds(1));
    } finally {
      try {
        if (bug) {
          send.accept("goodbye");
        } else {
          CancelScope.cleanup(Duration.ofSeconds(1)).run(() -> send.accept("goodbye"));
        }
      } finally {
        check(!greeted || sent.contains("goodbye"), "no goodbye");
      }
    }
  }
}
