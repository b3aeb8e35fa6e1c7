package dev.roost.testing;

import dev.roost.CancelScope;
import dev.roost.WallClock;
import dev.roost.lowlevel.Suspension;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What is going to happen in a simulated network, in the order of time; one task does it. */
final class SimEvents {

  private record Event(long at, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final Instant begin = WallClock.nowOfRun();
  private final PriorityQueue<Event> pending = new PriorityQueue<>();
  private long numbers;

  /** The task that does it, while it waits. */
  private @Nullable Suspension<Boolean> waiting;

  /** Nanoseconds on the clock of the run, since the network was made. */
  long now() {
    return Duration.between(begin, WallClock.nowOfRun()).toNanos();
  }

  /** Has something happen at a moment, or at once if that is past; never within this call. */
  void at(long moment, Runnable action) {
    Event event = new Event(moment, numbers++, action);
    pending.add(event);
    Suspension<Boolean> waiter = waiting;
    if (waiter != null && pending.peek() == event) {
      waiting = null;
      waiter.resume(true);
    }
  }

  void after(long nanos, Runnable action) {
    at(now() + nanos, action);
  }

  /** Does what is due, until cancelled. */
  void serve() throws InterruptedException {
    while (true) {
      Event next = pending.peek();
      if (next == null) {
        await();
      } else if (next.at > now()) {
        CancelScope.moveOnAfter(Duration.ofNanos(next.at - now())).run(this::await);
      } else {
        pending.remove().action.run();
      }
    }
  }

  private void await() throws InterruptedException {
    Suspension<Boolean> wait = Suspension.create("the simulated network to have something to do");
    waiting = wait;
    wait.await(cancellation -> {
      waiting = null;
      return true;
    });
  }
}
