package dev.roost;

import dev.roost.internal.Fiber;
import java.util.ArrayList;
import java.util.List;

/**
 * The tasks of a run as a tree, at the moment it was asked for: the call stack of a program whose
 * calls are concurrent. Prints a line a task, with what each waits for.
 */
public final class TaskTree {

  private final String text;

  private TaskTree(String text) {
    this.text = text;
  }

  /**
   * The tree of the run that the caller is in. Not a checkpoint.
   *
   * @return a snapshot
   * @throws IllegalStateException outside a run
   */
  public static TaskTree current() {
    return of(TaskFiber.current().run);
  }

  static TaskTree of(Run run) {
    StringBuilder text = new StringBuilder();
    // A stack of our own: a tree of tasks can be deeper than the stack of a thread.
    List<Line> lines = new ArrayList<>();
    for (TaskFiber outside : run.portals.tasksOf(null).reversed()) {
      lines.add(new Line(outside, "", ""));
    }
    lines.add(new Line(run.main, "", ""));
    while (!lines.isEmpty()) {
      Line line = lines.removeLast();
      text.append(line.prefix)
          .append(line.task.name())
          .append(": ")
          .append(statusOf(line.task))
          .append('\n');
      List<TaskFiber> children = new ArrayList<>();
      for (Nursery nursery : line.task.nurseries()) {
        children.addAll(nursery.members().list());
      }
      children.addAll(run.portals.tasksOf(line.task));
      for (int i = children.size() - 1; i >= 0; i--) {
        boolean last = i == children.size() - 1;
        lines.add(
            new Line(
                children.get(i),
                line.below + (last ? "└─ " : "├─ "),
                line.below + (last ? "   " : "│  ")));
      }
    }
    return new TaskTree(text.toString());
  }

  private record Line(TaskFiber task, String prefix, String below) {}

  static String statusOf(Fiber fiber) {
    if (fiber.isDone()) {
      return "ended";
    }
    if (fiber.isBlocking()) {
      return "in a blocking section";
    }
    if (fiber.isRunning()) {
      return "running";
    }
    if (fiber.isReady()) {
      return "ready";
    }
    String what = awaitedBy(fiber);
    return what.isEmpty() ? "waiting" : "waiting for " + what;
  }

  /** What a fiber that waits is waiting for, empty if nobody said. */
  static String awaitedBy(Fiber fiber) {
    if (fiber.isBlocking()) {
      return "a portal call of its blocking section";
    }
    Object what = fiber.waitingOn();
    if (what != null) {
      return Texts.of(what);
    }
    Nursery open = ((TaskFiber) fiber).innermost;
    return open == null ? "" : open.members().toString();
  }

  /** A line a task, children indented below the task whose nursery they live in. */
  @Override
  public String toString() {
    return text;
  }
}
