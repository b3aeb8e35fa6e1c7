package dev.roost.testing;

import dev.roost.testing.Choices.Choice;
import java.util.ArrayList;
import java.util.List;

/** Tells which turns of a run mattered. */
final class Story {

  private static final int MOST_DEVIATIONS = 12;
  private static final int LAST = 12;

  private Story() {}

  static String of(List<Choice> made) {
    StringBuilder text = new StringBuilder();
    List<Integer> deviations = new ArrayList<>();
    for (int point = 0; point < made.size(); point++) {
      if (made.get(point).pick() != 0) {
        deviations.add(point);
      }
    }
    text.append(
        deviations.isEmpty()
            ? "Every turn was first come, first served.\n"
            : deviations.size()
                + " of "
                + made.size()
                + " choices were not first come, first served:\n");
    deviations.stream()
        .limit(MOST_DEVIATIONS)
        .forEach(point ->
            text.append("  choice ")
                .append(point)
                .append(": ")
                .append(line(made.get(point)))
                .append('\n'));
    if (deviations.size() > MOST_DEVIATIONS) {
      text.append("  … and ").append(deviations.size() - MOST_DEVIATIONS).append(" more\n");
    }
    int from = Math.max(0, made.size() - LAST);
    if (from < made.size()) {
      List<String> names =
          made.subList(from, made.size()).stream().map(c -> c.chosen().name()).toList();
      text.append("The last turns there was a choice about: ")
          .append(from > 0 ? "…, " : "")
          .append(String.join(", ", names))
          .append('\n');
    }
    return text.toString();
  }

  private static String line(Choice choice) {
    return choice.chosen().name()
        + (choice.at().isEmpty() ? "" : " (at " + choice.at() + ")")
        + " went before "
        + choice.first().name()
        + (choice.firstAt().isEmpty() ? "" : " (at " + choice.firstAt() + ")");
  }
}
