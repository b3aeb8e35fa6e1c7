package dev.roost.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes a failing schedule as ordinary as it can: takes away turns that were not first come, first
 * served, in ever smaller pieces, as long as what remains still fails in the same way.
 */
final class Shrinking {

  private static final int MOST_ATTEMPTS = 150;

  private Shrinking() {}

  /** The deviations of a failure that is left when no more can be taken away. */
  static SortedMap<Integer, Integer> shrink(
      Schedule failed, Throwable error, ScheduleSearch.Attempt attempt)
      throws InterruptedException {
    SortedMap<Integer, Integer> smallest = failed.deviations();
    int attempts = 0;
    for (int piece = smallest.size(); piece >= 1; ) {
      boolean smaller = false;
      List<Integer> points = new ArrayList<>(smallest.keySet());
      for (int from = 0;
          from < points.size() && attempts < MOST_ATTEMPTS && !smaller;
          from += piece) {
        SortedMap<Integer, Integer> fewer = new TreeMap<>(smallest);
        fewer.keySet().removeAll(points.subList(from, Math.min(from + piece, points.size())));
        attempts++;
        Schedule schedule = Schedule.deviating(fewer, failed.cancelAt(), false);
        Throwable outcome = attempt.run(schedule);
        if (outcome != null
            && ScheduleError.same(outcome, error)
            && schedule.deviations().size() < smallest.size()) {
          smallest = schedule.deviations();
          smaller = true;
        }
      }
      piece = smaller ? Math.min(piece, smallest.size()) : piece / 2;
    }
    return smallest;
  }
}
