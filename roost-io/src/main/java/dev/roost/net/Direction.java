package dev.roost.net;

import dev.roost.BusyResourceException;
import dev.roost.Task;
import org.jspecify.annotations.Nullable;

/**
 * One direction of something that takes one task at a time. It is held for the whole of a call, the
 * part in which others may run included, so that tasks that get into each other's way are found
 * even when none of them had to wait.
 */
final class Direction {

  private final String doing;
  private @Nullable Task holder;

  /** {@code doing} completes "two tasks are … it at once". */
  Direction(String doing) {
    this.doing = doing;
  }

  /** The current task begins a call. */
  void enter(Object what) {
    Task before = holder;
    if (before != null) {
      throw new BusyResourceException(
          "Two tasks are "
              + doing
              + " "
              + what
              + " at once: "
              + Task.current().name()
              + " came while "
              + before.name()
              + " was at it. Give each direction to one task, or put a lock around it.");
    }
    holder = Task.current();
  }

  /** The call has ended. */
  void leave() {
    holder = null;
  }
}
