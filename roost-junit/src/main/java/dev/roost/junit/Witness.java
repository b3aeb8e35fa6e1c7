package dev.roost.junit;

import dev.roost.Cancelled;
import dev.roost.Deadlock;
import dev.roost.ExceptionGroup;
import dev.roost.Instrument;
import dev.roost.SwallowedCancellationError;
import dev.roost.Task;
import dev.roost.TaskTree;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/**
 * Sees which task each error comes from, and what the others were at: by the time an error reaches
 * JUnit, its nursery and all in it are gone. And ends a test that can never go on. Touched by the
 * run alone, and by JUnit's thread while it holds the run up.
 */
final class Witness implements Instrument {

  private static final int MOST_ERRORS = 16;
  private static final int MOST_LINES = 100;

  private final Guard guard;
  private final Leaks leaks;
  private final Map<Throwable, String> origins = new IdentityHashMap<>();
  private boolean endsHangs = true;

  Witness(Guard guard, Leaks leaks) {
    this.guard = guard;
    this.leaks = leaks;
  }

  @Override
  public void taskFailed(Task task, Throwable error) {
    if (task.parentNursery().isEmpty()) {
      return; // the main task needs no picture, and an error of a portal's task goes to its caller
    }
    List<Throwable> unknown =
        leaves(error)
            .filter(leaf -> !isCancelled(leaf) && !origins.containsKey(leaf))
            .limit(MOST_ERRORS - origins.size())
            .toList();
    if (!unknown.isEmpty()) {
      String origin =
          "thrown in the task " + task.name() + ". The tasks at that moment:\n" + picture();
      unknown.forEach(leaf -> origins.put(leaf, origin));
    }
  }

  private static String picture() {
    List<String> lines = TaskTree.current().toString().lines().toList();
    String most = String.join("\n", lines.subList(0, Math.min(lines.size(), MOST_LINES)));
    return lines.size() > MOST_LINES
        ? most + "\n… and " + (lines.size() - MOST_LINES) + " more"
        : most;
  }

  private static Stream<Throwable> leaves(Throwable error) {
    return error instanceof ExceptionGroup group ? group.leaves() : Stream.of(error);
  }

  private static boolean isCancelled(Throwable error) {
    return error instanceof Cancelled || error instanceof SwallowedCancellationError;
  }

  /** Hangs on an error where it comes from; on a group, where the first one in it does. */
  void testify(Throwable error) {
    for (Throwable leaf : leaves(error).toList()) {
      String origin = origins.remove(leaf);
      if (origin != null) {
        error.addSuppressed(new Note(origin));
        return;
      }
    }
  }

  /** Does something during which the schedule sees to it that a hang ends. */
  void duringSchedule(Guard.Attempt attempt) throws Throwable {
    endsHangs = false;
    try {
      attempt.run();
    } finally {
      endsHangs = true;
    }
  }

  /** A hang that need not be waited for. */
  @Override
  public void deadlocked(Deadlock deadlock) {
    if (endsHangs && !deadlock.unlessPortalCall()) {
      guard.end(
          new AssertionFailedError("@RoostTest: this can never end: " + deadlock),
          "all tasks wait for each other");
    }
  }

  @Override
  public boolean wantsOrigins() {
    return true;
  }

  @Override
  public void leftOpen(String what, @Nullable Throwable openedAt) {
    leaks.add(what + " is open", openedAt);
  }

  @Override
  public void leftRegistered(String what, @Nullable Throwable waitedAt) {
    leaks.add("the channel " + what + " is open", waitedAt);
  }

  @Override
  public String toString() {
    return "the witness of @RoostTest";
  }
}
