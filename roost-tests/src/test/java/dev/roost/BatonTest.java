package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.sync.Chaos;
import dev.roost.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * The hand-over of the baton where foreign threads meet it: blocking sections that come back, posts
 * from outside, timers and cancellation, in many interleavings.
 */
class BatonTest {

  private static final Duration LONG = Duration.ofHours(1);

  @Test
  void mainThatReturnsFromASection_endsTheRun() throws Exception {
    Hang.fails(() -> {
      for (int i = 0; i < 200; i++) {
        Roost.run(() -> Blocking.run(() -> LockSupport.parkNanos(1_000)));
      }
    });
  }

  /**
   * The host sleeps for the timer, loses the baton to main, and gets it back when nothing is left.
   */
  @Test
  void mainThatReturnsFromASectionWhileTheHostSleeps_endsTheRun() throws Exception {
    Hang.fails(() -> {
      for (int i = 0; i < World.rounds(40); i++) {
        Roost.run(() ->
            Nursery.run(nursery -> {
              nursery.start(() -> Roost.sleep(LONG));
              Roost.checkpoint();
              Blocking.run(() -> LockSupport.parkNanos(50_000));
              nursery.cancel();
            }));
      }
    });
  }

  @Test
  void sectionsThatComeBackTogether_allContinue() throws Exception {
    Hang.fails(() -> {
      for (int i = 0; i < 20; i++) {
        CountDownLatch together = new CountDownLatch(20);
        int[] ended = {0};
        Roost.run(() ->
            Nursery.run(nursery -> {
              for (int n = 0; n < 20; n++) {
                nursery.start(() -> {
                  Blocking.run(() -> {
                    together.countDown();
                    together.await();
                  });
                  int seen = ended[0];
                  Thread.onSpinWait();
                  ended[0] = seen + 1;
                });
              }
            }));
        assertThat(ended[0]).isEqualTo(20);
      }
    });
  }

  @Test
  void postsFromForeignThreads_areAllDoneOneAtATime() throws Exception {
    Hang.fails(() -> {
      int posters = 3;
      int each = 2_000;
      int[] done = {0};
      Roost.run(() -> {
        Event all = new Event();
        Run run = TaskFiber.current().run;
        TaskFiber waiter = TaskFiber.current();
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < posters; p++) {
          threads.add(
              Thread.ofPlatform()
                  .start(() -> {
                    for (int n = 0; n < each; n++) {
                      run.scheduler.post(() -> done[0]++);
                    }
                  }));
        }
        while (done[0] < posters * each) {
          CancelScope.moveOnAfter(Duration.ofMillis(1)).run(all::await);
        }
        assertThat(TaskFiber.current()).isSameAs(waiter);
        for (Thread thread : threads) {
          Blocking.run(thread::join);
        }
      });
      assertThat(done[0]).isEqualTo(posters * each);
    });
  }

  @Test
  void everythingAtOnce_endsOnAPlatformThread() throws Exception {
    Hang.fails(() -> everythingAtOnce(Chaos.firstSeed()));
  }

  @Test
  void everythingAtOnce_endsOnAVirtualThread() throws Exception {
    Hang.fails(Thread.ofVirtual(), () -> everythingAtOnce(Chaos.firstSeed() + 1));
  }

  /**
   * Sections, sleeps, switches, posts and cancellations, drawn from a seed; plain fields must not
   * lose a count.
   */
  private static void everythingAtOnce(long seed) throws Exception {
    SplittableRandom rounds = new SplittableRandom(seed);
    for (int round = 0; round < World.rounds(10); round++) {
      SplittableRandom random = rounds.split();
      int tasks = 1 + random.nextInt(12);
      int[] ended = {0};
      Roost.run(() -> {
        Run run = TaskFiber.current().run;
        Nursery.run(nursery -> {
          for (int t = 0; t < tasks; t++) {
            SplittableRandom own = random.split();
            nursery.start(() -> {
              try {
                CancelScope.moveOnAfter(Duration.ofNanos(own.nextInt(2_000_000)))
                    .run(() -> steps(own, run));
              } finally {
                ended[0]++;
              }
            });
          }
          if (random.nextInt(3) == 0) {
            Roost.sleep(Duration.ofNanos(random.nextInt(500_000)));
            nursery.cancel();
          }
        });
      });
      assertThat(ended[0]).isEqualTo(tasks);
    }
  }

  private static void steps(SplittableRandom random, Run run) throws InterruptedException {
    for (int step = 0; step < 20; step++) {
      switch (random.nextInt(6)) {
        case 0 -> Roost.sleep(Duration.ofNanos(random.nextInt(100_000)));
        case 1 -> Roost.checkpoint();
        case 2 -> Blocking.run(() -> LockSupport.parkNanos(random.nextInt(50_000)));
        case 3 -> Blocking.run(() -> run.scheduler.post(() -> {}));
        case 4 -> {
          Event posted = new Event();
          Thread.startVirtualThread(() -> run.scheduler.post(posted::set));
          CancelScope.moveOnAfter(Duration.ofMillis(1)).run(posted::await);
        }
        default -> Blocking.abandoning().run(() -> LockSupport.parkNanos(random.nextInt(50_000)));
      }
    }
  }
}
