package dev.roost.junit;

import dev.roost.Nursery;
import dev.roost.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tasks of a run that seems to hang, seen from outside. The run might never get to paint its
 * own {@link dev.roost.TaskTree}: a task may be holding it up. So the picture is taken without
 * asking, and if the run does move meanwhile it may be out of date.
 */
final class TaskPicture {

  private static final int FRAMES = 4;
  private static final int MOST_TASKS = 200;
  private static final List<String> UNINTERESTING =
      List.of(
          "java.",
          "jdk.",
          "sun.",
          "org.junit.",
          "dev.roost.internal.",
          "dev.roost.lowlevel.",
          "dev.roost.junit.TestRun");

  private TaskPicture() {}

  static String of(Task root) {
    StringBuilder text = new StringBuilder();
    List<Line> lines = new ArrayList<>(List.of(new Line(root, "", "")));
    for (int n = 0; !lines.isEmpty(); n++) {
      if (n == MOST_TASKS) {
        return text.append("… and more\n").toString();
      }
      Line line = lines.removeLast();
      List<Task> children = childrenOf(line.task);
      paint(line, !children.isEmpty(), text);
      for (int i = children.size() - 1; i >= 0; i--) {
        boolean last = i == children.size() - 1;
        lines.add(
            new Line(
                children.get(i),
                line.below + (last ? "└─ " : "├─ "),
                line.below + (last ? "   " : "│  ")));
      }
    }
    return text.toString();
  }

  private record Line(Task task, String prefix, String below) {}

  private static void paint(Line line, boolean hasChildren, StringBuilder text) {
    text.append(line.prefix).append(line.task.name()).append(": ").append(line.task.status());
    text.append('\n');
    String margin = line.below + (hasChildren ? "│    at " : "     at ");
    frames(line.task).forEach(frame -> text.append(margin).append(frame).append('\n'));
  }

  private static Stream<StackTraceElement> frames(Task task) {
    return Arrays.stream(task.stackTrace())
        .filter(frame -> UNINTERESTING.stream().noneMatch(frame.getClassName()::startsWith))
        .limit(FRAMES);
  }

  private static List<Task> childrenOf(Task task) {
    List<Task> children = new ArrayList<>();
    for (Nursery nursery : task.childNurseries()) {
      children.addAll(nursery.children());
    }
    return children;
  }
}
