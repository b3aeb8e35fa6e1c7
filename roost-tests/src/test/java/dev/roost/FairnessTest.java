package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.sync.Event;
import dev.roost.testing.MockClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** R2 and "Fairness and order": who gets a turn, and when. */
class FairnessTest {

  @Test
  void everyReadyTask_getsATurn_beforeAnyGetsASecondOne() throws Exception {
    for (Long seed : new Long[] {null, 1L, 2L, 3L}) {
      RunOptions options = seed == null ? World.options() : World.options().seed(seed);
      List<Integer> turns = new ArrayList<>();
      options.run(() ->
          Nursery.run(nursery -> {
            for (int task = 0; task < 5; task++) {
              int number = task;
              nursery.start(() -> {
                for (int turn = 0; turn < 10; turn++) {
                  turns.add(number);
                  Roost.checkpoint();
                }
              });
            }
          }));
      for (int round = 0; round < 10; round++) {
        assertThat(turns.subList(5 * round, 5 * round + 5))
            .containsExactlyInAnyOrder(0, 1, 2, 3, 4);
      }
    }
  }

  @Test
  void withoutASeed_theOrderIsFirstInFirstOut() throws Exception {
    List<Integer> order = new ArrayList<>();
    World.inOrder()
        .run(() ->
            Nursery.run(nursery -> {
              for (int task = 0; task < 100; task++) {
                int number = task;
                nursery.start(() -> order.add(number));
              }
            }));
    assertThat(order).isSorted().hasSize(100);
  }

  private static int passesBeforeTheOther(RunOptions options) throws Exception {
    int[] passed = {0};
    options.run(() -> {
      Event set = new Event();
      set.set();
      boolean[] stop = {false};
      Nursery.run(nursery -> {
        nursery.start(() -> stop[0] = true);
        while (!stop[0]) {
          set.await();
          passed[0]++;
        }
      });
    });
    return passed[0];
  }

  @Test
  void noTaskPassesMoreCheckpointsThanItsBudget() throws Exception {
    assertThat(passesBeforeTheOther(Roost.with())).isLessThanOrEqualTo(64).isGreaterThan(1);
    assertThat(passesBeforeTheOther(Roost.with().checkpointBudget(5))).isLessThanOrEqualTo(5);
    assertThat(passesBeforeTheOther(Roost.with().checkpointBudget(1))).isEqualTo(1);
    assertThat(passesBeforeTheOther(Roost.with().checkpointBudget(500)))
        .isGreaterThan(64)
        .isLessThanOrEqualTo(500);
  }

  @Test
  void checkpointAndSleep_alwaysGiveWay() throws Exception {
    for (AsyncRunnable<InterruptedException> givesWay :
        List.<AsyncRunnable<InterruptedException>>of(
            Roost::checkpoint,
            () -> Roost.sleep(Duration.ZERO),
            () -> Roost.sleep(Duration.ofSeconds(-1)),
            () -> Roost.sleepUntil(Roost.now()))) {
      List<String> log = new ArrayList<>();
      Roost.run(() ->
          Nursery.run(nursery -> {
            nursery.start(() -> log.add("other"));
            givesWay.run();
            log.add("me");
          }));
      assertThat(log).containsExactly("other", "me");
    }
  }

  @Test
  void timers_areNotStarvedByReadyTasks() throws Exception {
    Roost.run(() -> {
      CancelScope scope = CancelScope.moveOnAfter(Duration.ofMillis(2));
      boolean whole =
          scope.run(() ->
              Nursery.run(nursery -> {
                for (int i = 0; i < 3; i++) {
                  nursery.start(FairnessTest::spin);
                }
              }));
      assertThat(whole).isFalse();
    });
  }

  private static void spin() throws InterruptedException {
    Event set = new Event();
    set.set();
    for (; ; ) {
      set.await();
    }
  }

  @Test
  void timersOfAVirtualClockThatIsMoved_areNotStarved() throws Exception {
    MockClock clock = new MockClock();
    Roost.with()
        .clock(clock)
        .run(() -> {
          CancelScope scope = CancelScope.moveOnAfter(Duration.ofMinutes(1));
          boolean whole =
              scope.run(() -> {
                clock.jump(Duration.ofMinutes(1));
                spin();
              });
          assertThat(whole).isFalse();
        });
  }

  @Test
  void postsOfOtherThreads_areNotStarvedByReadyTasks() throws Exception {
    Roost.run(() -> {
      Run run = TaskFiber.current().run;
      CancelScope scope = CancelScope.create();
      AtomicBoolean posted = new AtomicBoolean();
      Thread poster =
          Thread.startVirtualThread(() -> {
            run.scheduler.post(scope::cancel);
            posted.set(true);
          });
      assertThat(scope.run(FairnessTest::spin)).isFalse();
      Blocking.run(poster::join);
      assertThat(posted).isTrue();
    });
  }

  @Test
  void selfFeedingPosts_doNotStarveTheTasks() throws Exception {
    Roost.run(() -> {
      Run run = TaskFiber.current().run;
      boolean[] stop = {false};
      long[] count = {0};
      class Again implements Runnable {
        @Override
        public void run() {
          count[0]++;
          if (!stop[0]) {
            run.scheduler.post(this);
          }
        }
      }

      run.scheduler.post(new Again());
      for (int turn = 0; turn < 10; turn++) {
        Roost.checkpoint();
      }
      stop[0] = true;
      assertThat(count[0]).isPositive();
    });
  }
}
