package dev.roost.testing;

import dev.roost.TaskTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about a {@link TaskTree}, for AssertJ, which must be on the class path. Begin with
 * {@link RoostAssertions#assertThat(TaskTree)}.
 *
 * {@snippet file="dev/roost/testing/AssertionsSamplesTest.java" region="tree"}
 *
 * <p>Tasks are found by their names; of several of the same name the first counts.
 */
@SuppressWarnings("exports") // who calls these has AssertJ
public final class TaskTreeAssert extends AbstractAssert<TaskTreeAssert, TaskTree> {

  private static final int INDENT = 3;

  /** One line of the tree. */
  private record Line(int depth, String name, String status) {

    static Line of(String text) {
      int start = 0;
      while (text.startsWith("├─ ", start)
          || text.startsWith("└─ ", start)
          || text.startsWith("│  ", start)
          || text.startsWith("   ", start)) {
        start += INDENT;
      }
      int colon = text.indexOf(": ", start);
      return new Line(
          start / INDENT, text.substring(start, colon), text.substring(colon + ": ".length()));
    }
  }

  TaskTreeAssert(@Nullable TaskTree actual) {
    super(actual, TaskTreeAssert.class);
  }

  private List<Line> lines() {
    isNotNull();
    return Objects.requireNonNull(actual).toString().lines().map(Line::of).toList();
  }

  private Optional<Line> find(String name) {
    return lines().stream().filter(line -> line.name.equals(name)).findFirst();
  }

  private Line require(String name) {
    return find(name).orElseThrow(() -> wrong("a task called \"" + name + "\""));
  }

  private AssertionError wrong(String expected) {
    return failure("Expected a tree of tasks with %s, but it is%n%s", expected, actual);
  }

  /**
   * It has a task.
   *
   * @param name its name
   * @return this
   */
  public TaskTreeAssert hasTask(String name) {
    var _ = require(name);
    return this;
  }

  /**
   * It has no such task.
   *
   * @param name the name
   * @return this
   */
  public TaskTreeAssert hasNoTask(String name) {
    if (find(name).isPresent()) {
      throw wrong("no task called \"" + name + "\"");
    }
    return this;
  }

  /**
   * It has that many tasks, all in all.
   *
   * @param count the number
   * @return this
   */
  public TaskTreeAssert hasTasks(int count) {
    if (lines().size() != count) {
      throw wrong(count + " tasks");
    }
    return this;
  }

  /**
   * A task waits for something.
   *
   * @param name the name of the task
   * @param what a part of what the tree says that it waits for
   * @return this
   */
  public TaskTreeAssert isWaiting(String name, String what) {
    String status = require(name).status;
    if (!status.startsWith("waiting for ") || !status.contains(what)) {
      throw wrong("\"" + name + "\" waiting for " + what);
    }
    return this;
  }

  /**
   * The tree says something about a task: {@code running}, {@code ready}, {@code in a blocking
   * section}, or what it waits for.
   *
   * @param name the name of the task
   * @param status a part of it
   * @return this
   */
  public TaskTreeAssert hasStatus(String name, String status) {
    if (!require(name).status.contains(status)) {
      throw wrong("\"" + name + "\": " + status);
    }
    return this;
  }

  /**
   * A task has exactly these children, in this order.
   *
   * @param name the name of the task
   * @param children the names of its children, none for a task without any
   * @return this
   */
  public TaskTreeAssert hasChildren(String name, String... children) {
    List<Line> lines = lines();
    Line parent = require(name);
    List<String> found = new ArrayList<>();
    for (Line line : lines.subList(lines.indexOf(parent) + 1, lines.size())) {
      if (line.depth <= parent.depth) {
        break;
      }
      if (line.depth == parent.depth + 1) {
        found.add(line.name);
      }
    }
    if (!found.equals(List.of(children))) {
      throw wrong("\"" + name + "\" having the children " + List.of(children));
    }
    return this;
  }
}
