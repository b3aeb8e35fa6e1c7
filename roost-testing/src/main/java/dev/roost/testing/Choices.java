package dev.roost.testing;

import dev.roost.Task;
import dev.roost.TurnOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Chooses for one run and writes down what was chosen. */
final class Choices implements TurnOrder {

  /**
   * One choice.
   *
   * @param pick the index that was chosen
   * @param inRound how many could have been, each ready task having a turn before any has two
   * @param chosen the task that was chosen
   * @param first the task whose turn it would have been, first come, first served
   * @param at where the chosen task was, empty unless places are noted
   * @param firstAt where the other one was
   */
  record Choice(int pick, int inRound, Task chosen, Task first, String at, String firstAt) {}

  private final Picker picker;
  private final boolean noting;
  private final List<Choice> made = new ArrayList<>();

  Choices(Picker picker, boolean noting) {
    this.picker = picker;
    this.noting = noting;
  }

  @Override
  public int next(ReadyTasks ready) {
    int pick = picker.pick(ready, made.size());
    Task chosen = ready.task(pick);
    Task first = ready.task(0);
    String at = noting ? Places.of(chosen) : "";
    String firstAt = noting && pick != 0 ? Places.of(first) : "";
    made.add(new Choice(pick, ready.inRound(), chosen, first, at, firstAt));
    return pick;
  }

  List<Choice> made() {
    return made;
  }

  /** The choices that were not first come, first served. */
  SortedMap<Integer, Integer> deviations() {
    SortedMap<Integer, Integer> deviations = new TreeMap<>();
    for (int point = 0; point < made.size(); point++) {
      if (made.get(point).pick != 0) {
        deviations.put(point, made.get(point).pick);
      }
    }
    return deviations;
  }
}
