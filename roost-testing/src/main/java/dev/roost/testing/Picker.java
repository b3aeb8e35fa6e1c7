package dev.roost.testing;

import dev.roost.TurnOrder.ReadyTasks;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;

/** A way to choose the next task. Each is for one run. */
@FunctionalInterface
interface Picker {

  /** The index of the task whose turn it is; {@code point} counts the choices from 0. */
  int pick(ReadyTasks ready, int point);

  static Picker fifo() {
    return (ready, point) -> 0;
  }

  /** The same order as that of a run with this seed. */
  static Picker random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return (ready, point) -> ready.inRound() == 1 ? 0 : random.nextInt(ready.inRound());
  }

  /** First come, first served, but for these choices; what cannot be chosen is not. */
  static Picker deviating(SortedMap<Integer, Integer> deviations) {
    return (ready, point) -> {
      int pick = deviations.getOrDefault(point, 0);
      return pick < ready.size() ? pick : 0;
    };
  }

  /** See {@link ScheduleMode#PCT}. */
  static Picker pct(long seed, int depth) {
    return new Priorities(new SplittableRandom(seed), depth);
  }

  /**
   * Priorities, of which the highest runs. New tasks get one between 1 and 2; at each change point
   * the task that would run falls below all others, the later the deeper.
   *
   * <p>How long the program is, is not known. So the change points are drawn from the first 8, 32,
   * 128 or 512 choices, which of them is drawn too: a seed alone says all, and a program of any of
   * these lengths is met by a quarter of the seeds.
   */
  final class Priorities implements Picker {

    /** As often may those be overtaken whose turn it is in the round. */
    static final int MOST_OVERTAKES = 64;

    private final SplittableRandom random;
    private final Map<Long, Double> priorities = new HashMap<>();
    private final Map<Integer, Integer> changes = new HashMap<>();
    private int overtakes;

    Priorities(SplittableRandom random, int depth) {
      this.random = random;
      int length = 8 << (2 * random.nextInt(4));
      for (int change = 1; change < depth; change++) {
        changes.put(random.nextInt(length), change);
      }
    }

    @Override
    public int pick(ReadyTasks ready, int point) {
      if (ready.inRound() == ready.size()) {
        overtakes = 0;
      }
      int among = overtakes < MOST_OVERTAKES ? ready.size() : ready.inRound();
      int pick = highest(ready, among);
      Integer change = changes.get(point);
      if (change != null) {
        priorities.put(ready.task(pick).id(), 1.0 / (1 + change));
        pick = highest(ready, among);
      }
      if (pick >= ready.inRound()) {
        overtakes++;
      }
      return pick;
    }

    private int highest(ReadyTasks ready, int among) {
      int best = 0;
      double highest = -1;
      for (int index = 0; index < among; index++) {
        double priority =
            priorities.computeIfAbsent(
                ready.task(index).id(), id -> 1 + random.nextDouble(Double.MIN_NORMAL, 1));
        if (priority > highest) {
          highest = priority;
          best = index;
        }
      }
      return best;
    }
  }
}
