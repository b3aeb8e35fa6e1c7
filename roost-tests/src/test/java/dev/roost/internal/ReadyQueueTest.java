package dev.roost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The ready queue against a list. */
class ReadyQueueTest {

  private static final Scheduler SCHEDULER =
      new Scheduler("x", SystemTime.INSTANCE, null, 64, null, false);

  static final class Nobody extends Fiber {
    Nobody() {
      super(SCHEDULER);
    }

    @Override
    protected void brokeDown(Throwable bug) {
      throw new AssertionError(bug);
    }

    @Override
    protected void body() {}

    @Override
    protected @Nullable String threadName() {
      return null;
    }

    @Override
    protected void blockingCancelled() {}

    @Override
    public void uncaughtException(Thread thread, Throwable error) {}
  }

  @Test
  void withoutASeed_isFirstInFirstOut() {
    SplittableRandom random = new SplittableRandom(1);
    ReadyQueue queue = new ReadyQueue(null);
    List<Fiber> model = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      // More in than out for a while, then the other way round: the ring grows, wraps and shrinks.
      boolean in = random.nextInt(10) < (step / 5_000 % 2 == 0 ? 7 : 3);
      if (in) {
        Fiber fiber = new Nobody();
        queue.add(fiber);
        model.add(fiber);
      } else if (queue.poll() != (model.isEmpty() ? null : model.removeFirst())) {
        throw new AssertionError("out of order at step " + step);
      }
      if (queue.size() != model.size() || queue.isEmpty() != model.isEmpty()) {
        throw new AssertionError("wrong size at step " + step);
      }
    }
  }

  @Test
  void withASeed_eachRoundIsAPermutationOfThoseReadyWhenItBegan() {
    Set<List<Integer>> orders = new HashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      ReadyQueue queue = new ReadyQueue(Order.random(seed));
      List<Fiber> fibers = new ArrayList<>();
      for (int n = 0; n < 6; n++) {
        Fiber fiber = new Nobody();
        fibers.add(fiber);
        queue.add(fiber);
      }
      for (int round = 0; round < 3; round++) {
        List<Integer> order = new ArrayList<>();
        for (int n = 0; n < 6; n++) {
          Fiber next = queue.poll();
          order.add(fibers.indexOf(next));
          queue.add(next); // ready again: for the next round
        }
        assertThat(order).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
        orders.add(order);
      }
    }
    assertThat(orders).hasSizeGreaterThan(30);
  }

  @Test
  void chosenOne_leavesTheOthersInTheirOrder() {
    SplittableRandom random = new SplittableRandom(1);
    int[] chosen = {0};
    ReadyQueue queue = new ReadyQueue(ready -> chosen[0] = random.nextInt(ready.size()));
    List<Fiber> model = new ArrayList<>();
    for (int step = 0; step < 5_000; step++) {
      if (model.isEmpty() || random.nextInt(10) < (step / 1_000 % 2 == 0 ? 7 : 3)) {
        Fiber fiber = new Nobody();
        queue.add(fiber);
        model.add(fiber);
      } else {
        chosen[0] = 0; // not asked where there is no choice
        Fiber next = queue.poll();
        assertThat(next == model.remove(chosen[0])).as("step %s", step).isTrue();
      }
    }
  }

  @Test
  void choiceOutsideTheRound_leavesTheRoundAsItIs() {
    List<Integer> rounds = new ArrayList<>();
    ReadyQueue queue =
        new ReadyQueue(ready -> {
          rounds.add(ready.inRound());
          return ready.size() - 1;
        });
    Fiber first = new Nobody();
    Fiber second = new Nobody();
    queue.add(first);
    queue.add(second);
    for (int n = 0; n < 3; n++) {
      assertThat(queue.poll() == second).isTrue();
      queue.add(second);
    }

    assertThat(rounds).containsExactly(2, 1, 1);
  }

  @Test
  void bigBurst_isForgotten() {
    ReadyQueue queue = new ReadyQueue(null);
    Fiber fiber = new Nobody();
    for (int n = 0; n < 10_000; n++) {
      queue.add(fiber);
    }
    for (int n = 0; n < 10_000; n++) {
      assertThat(queue.poll() == fiber).isTrue();
    }
    assertThat(queue.poll()).isNull();
    queue.add(fiber);
    assertThat(queue.poll()).isSameAs(fiber);
  }
}
