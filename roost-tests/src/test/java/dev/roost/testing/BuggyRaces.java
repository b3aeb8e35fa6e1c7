package dev.roost.testing;

import static dev.roost.testing.BugZoo.both;
import static dev.roost.testing.BugZoo.check;

import dev.roost.AsyncRunnable;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.sync.Event;
import dev.roost.sync.Lock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Races, and their corrected twins. */
final class BuggyRaces {

  private BuggyRaces() {}

  static void deposits(boolean bug) throws InterruptedException {
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

  static void cache(boolean bug) throws InterruptedException {
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

  static void lateInit(boolean bug) throws InterruptedException {
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

  static void walk(boolean bug) throws InterruptedException {
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
}
