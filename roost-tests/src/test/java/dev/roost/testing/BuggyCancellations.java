package dev.roost.testing;

import static dev.roost.testing.BugZoo.check;

import dev.roost.AsyncConsumer;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.sync.Event;
import dev.roost.sync.Semaphore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Code that does not take a cancellation well, and its corrected twins. */
final class BuggyCancellations {

  private BuggyCancellations() {}

  static void lostPermit(boolean bug) throws InterruptedException {
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

  static void swallowed(boolean bug) throws InterruptedException {
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

  static void stubborn(boolean bug) throws InterruptedException {
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

  static void wrapped(boolean bug) throws InterruptedException {
    try {
      Roost.sleep(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      if (bug) {
        throw new IllegalStateException("unexpected", e);
      }
      throw e;
    }
  }

  static void hangingCleanUp(boolean bug) throws InterruptedException {
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

  static void cancelledCleanUp(boolean bug) throws InterruptedException {
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
