package dev.roost.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.World;
import dev.roost.sync.Chaos;
import dev.roost.sync.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Tasks that select at random and are cancelled at random: nothing is lost, nothing comes twice,
 * nothing called off comes.
 */
class SelectChaosTest {

  private static final int TASKS = 6;
  private static final int STEPS = 15;

  @Test
  void randomSelects_loseNothing() throws Exception {
    long first = Chaos.firstSeed();
    for (long seed = first; seed < first + World.rounds(12); seed++) {
      Play play = new Play(seed);
      Roost.with().seed(seed).checkpointBudget(1).run(play::run);
      assertThat(play.received).as("seed %s: received twice", seed).doesNotHaveDuplicates();
      assertThat(new TreeSet<>(play.received))
          .as("seed %s", seed)
          .isEqualTo(new TreeSet<>(play.sent));
      assertThat(play.sent).as("seed %s: the test does something", seed).isNotEmpty();
    }
  }

  private static final class Play {
    final SplittableRandom random;
    final List<MemoryChannel.Ends<Integer>> channels = new ArrayList<>();
    final CancelScope[] scopes = new CancelScope[TASKS];
    final List<Integer> sent = new ArrayList<>();
    final List<Integer> received = new ArrayList<>();
    int items;
    int finished;

    Play(long seed) {
      this.random = new SplittableRandom(seed);
      for (int capacity = 0; capacity < 3; capacity++) {
        channels.add(MemoryChannel.open(capacity));
        channels.add(CrossRunChannel.open(capacity));
      }
    }

    void run() throws InterruptedException {
      Nursery.run(nursery -> {
        for (int i = 0; i < TASKS; i++) {
          int task = i;
          nursery.start(() -> live(task));
        }
        while (finished < TASKS) {
          CancelScope scope = scopes[random.nextInt(TASKS)];
          if (scope != null && random.nextInt(3) == 0) {
            scope.cancel();
          }
          Roost.checkpoint();
        }
      });
      for (var ends : channels) {
        for (var item = ends.receiver().receiveNow();
            item.isPresent();
            item = ends.receiver().receiveNow()) {
          received.add(item.get());
        }
        ChannelStatistics left = ends.sender().statistics();
        assertThat(left.tasksWaitingToSend() + left.tasksWaitingToReceive()).isZero();
      }
    }

    private void live(int task) throws InterruptedException {
      for (int i = 0; i < STEPS; i++) {
        CancelScope scope = CancelScope.create();
        scopes[task] = scope;
        var unused = scope.run(this::step);
      }
      finished++;
    }

    private void step() throws InterruptedException {
      var one = channels.get(random.nextInt(channels.size()));
      var other = channels.get(random.nextInt(channels.size()));
      int item = items++;
      switch (random.nextInt(5)) {
        case 0 -> received.add(one.receiver().receive());
        case 1 -> {
          one.sender().send(item);
          sent.add(item);
        }
        case 2 ->
            Select.run(
                Select.receive(one.receiver()).run(received::add),
                Select.receive(other.receiver()).run(received::add),
                Select.on(new Event()).run(() -> {}));
        case 3 -> {
          int second = items++;
          Select.run(
              Select.send(one.sender(), item).run(sent::add),
              Select.send(other.sender(), second).run(sent::add));
        }
        default ->
            Select.run(
                Select.send(one.sender(), item).run(sent::add),
                Select.receive(other.receiver()).run(received::add));
      }
    }
  }
}
