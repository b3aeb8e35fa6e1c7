package dev.roost.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.channel.Select;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events against a sequential model, with random schedules and cancellations. */
class EventModelTest {

  @Test
  void event_behavesLikeTheModel() throws Exception {
    Chaos.play(8, EventChaos::new);
  }

  /** Events that are set one after the other; tasks wait for one, or for one of two. */
  private static final class EventChaos extends Chaos {
    private static final int EVENTS = 4;

    private record Waiter(int task, List<Integer> events) {}

    private final List<Event> events = new ArrayList<>();
    private final boolean[] set = new boolean[EVENTS];
    private final List<Waiter> waiting = new ArrayList<>();

    EventChaos(long seed) {
      super(seed, 5, 10);
      for (int i = 0; i < EVENTS; i++) {
        events.add(new Event());
      }
    }

    @Override
    protected void step(int task) throws InterruptedException {
      int one = random.nextInt(EVENTS);
      int other = (one + 1 + random.nextInt(EVENTS - 1)) % EVENTS;
      if (random.nextBoolean()) {
        perform(
            task,
            "await " + one,
            () -> arrive(task, List.of(one)),
            () -> {
              events.get(one).await();
              return "" + one;
            });
      } else if (!(set[one] && set[other])) { // of two that are set, one is drawn
        perform(
            task,
            "select " + one + ", " + other,
            () -> arrive(task, List.of(one, other)),
            () ->
                Select.call(
                    Select.on(events.get(one)).call(() -> "" + one),
                    Select.on(events.get(other)).call(() -> "" + other)));
      }
    }

    private void arrive(int task, List<Integer> wanted) {
      for (int event : wanted) {
        if (set[event]) {
          decide(task, "" + event);
          return;
        }
      }
      waiting.add(new Waiter(task, wanted));
    }

    @Override
    protected boolean cancelInModel(int task) {
      return waiting.removeIf(waiter -> waiter.task == task);
    }

    private void set(int event) {
      note("set " + event);
      if (!set[event]) {
        set[event] = true;
        for (Waiter waiter : List.copyOf(waiting)) {
          if (waiter.events.contains(event)) {
            waiting.remove(waiter);
            decide(waiter.task, "" + event);
          }
        }
      }
      events.get(event).set();
    }

    @Override
    protected void disturb() {
      if (random.nextInt(8) == 0) {
        set(random.nextInt(EVENTS));
      }
    }

    @Override
    protected void compare() {
      for (int i = 0; i < EVENTS; i++) {
        int event = i;
        assertThat(events.get(i).isSet()).isEqualTo(set[i]);
        assertThat(events.get(i).statistics().tasksWaiting())
            .isEqualTo((int) waiting.stream().filter(w -> w.events.contains(event)).count());
      }
    }

    @Override
    protected void release() {
      for (int i = 0; i < EVENTS; i++) {
        set(i);
      }
    }
  }
}
