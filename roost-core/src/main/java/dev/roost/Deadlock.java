package dev.roost;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A run that stands still: each of its tasks waits for something that only a task of the run could
 * do, and no timer, I/O or blocking section is pending. {@link Instrument#deadlocked} is told, and
 * the system's logger.
 *
 * <p>A task in {@link Roost#sleepForever} waits to be cancelled from outside, so a run with one is
 * not taken for deadlocked, unless its clock says that this cannot happen ({@link
 * RunClock#mayBeCancelledFromOutside}); nor is one with a task inside {@link
 * CancelScope#untilStopping}, if a shutdown or {@link BackgroundRun#close} may reach it.
 */
public final class Deadlock {

  static final int MOST_LINES = 100;

  private final String run;
  private final boolean unlessPortalCall;
  private final List<Wait> waits;
  private final TaskTree tree;

  Deadlock(String run, boolean unlessPortalCall, List<Wait> waits, TaskTree tree) {
    this.run = run;
    this.unlessPortalCall = unlessPortalCall;
    this.waits = List.copyOf(waits);
    this.tree = tree;
  }

  /**
   * What one task waits for.
   *
   * @param task who waits
   * @param waitsFor for what
   * @param awaited the tasks that it waits for, as far as that is known: who holds the lock, or its
   *     children
   * @param place where in the program it waits; empty for those after the first hundred tasks
   */
  public record Wait(
      Task task, String waitsFor, List<Task> awaited, Optional<StackTraceElement> place) {}

  /**
   * The name of the run.
   *
   * @return the name
   */
  public String run() {
    return run;
  }

  /**
   * Whether the run may go on all the same, because it has handed out its {@link Portal}: a call or
   * a post may come.
   *
   * @return false if nothing but a cancellation from outside can wake it
   */
  public boolean unlessPortalCall() {
    return unlessPortalCall;
  }

  /**
   * All tasks, with what each waits for.
   *
   * @return a snapshot
   */
  public List<Wait> waits() {
    return waits;
  }

  /**
   * The tasks as a tree.
   *
   * @return a snapshot
   */
  public TaskTree tree() {
    return tree;
  }

  /**
   * Tasks that wait for each other in a circle.
   *
   * @return each waits for the next one, and the last one for the first; empty if there is no
   *     circle, or what they wait for does not say who could end the wait
   */
  public List<Task> circle() {
    Map<Task, List<Task>> awaited = new LinkedHashMap<>();
    waits.forEach(wait -> awaited.put(wait.task, wait.awaited));
    Set<Task> seen = new HashSet<>();
    for (Task start : awaited.keySet()) {
      // The way so far, and for each task on it those that are still to be tried.
      LinkedHashSet<Task> way = new LinkedHashSet<>();
      Deque<Deque<Task>> open = new ArrayDeque<>();
      open.push(new ArrayDeque<>(List.of(start)));
      while (!open.isEmpty()) {
        Task next = open.getFirst().poll();
        if (next == null) {
          open.pop();
          if (!way.isEmpty()) {
            way.removeLast();
          }
        } else if (way.contains(next)) {
          return way.stream().dropWhile(task -> task != next).toList();
        } else if (seen.add(next)) {
          way.add(next);
          open.push(new ArrayDeque<>(awaited.getOrDefault(next, List.of())));
        }
      }
    }
    return List.of();
  }

  /** The whole report: who waits for what and for whom, and the tree of tasks. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("the run ")
        .append(run)
        .append(waits.size() == 1 ? " stands still: its only task waits" : " stands still: each of")
        .append(waits.size() == 1 ? "" : " its " + waits.size() + " tasks waits")
        .append(" for something that only a task of this run could do, and no timer, I/O or")
        .append(" blocking section is pending. ")
        .append(
            unlessPortalCall
                ? "It goes on only if a call or a post comes through its portal."
                : "It will never go on. Look for what should have been set, sent, released, closed or cancelled.")
        .append('\n');
    appendSome(text, waits.stream().map(Deadlock::lineOf).toList());
    List<Task> circle = circle();
    if (!circle.isEmpty()) {
      text.append("In a circle: ");
      circle.forEach(task -> text.append(task.name()).append(" -> "));
      text.append(circle.getFirst().name()).append('\n');
    }
    text.append("The tasks:\n");
    appendSome(text, tree.toString().lines().toList());
    return text.toString();
  }

  private static String lineOf(Wait wait) {
    List<String> names = wait.awaited.stream().map(Task::name).limit(MOST_LINES).toList();
    return "  "
        + wait.task.name()
        + " waits for "
        + wait.waitsFor
        + (names.isEmpty() ? "" : ", which is up to " + String.join(", ", names))
        + wait.place.map(frame -> ", at " + frame).orElse("");
  }

  private static void appendSome(StringBuilder text, List<String> lines) {
    lines.stream().limit(MOST_LINES).forEach(line -> text.append(line).append('\n'));
    if (lines.size() > MOST_LINES) {
      text.append("  … and ").append(lines.size() - MOST_LINES).append(" more\n");
    }
  }
}
