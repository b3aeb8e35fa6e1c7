package dev.roost.io;

import dev.roost.BusyResourceException;
import dev.roost.Task;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One direction of something that takes one task at a time: for those who write a stream of their
 * own. It is held for the whole of a call, the part in which others may run included, so that tasks
 * that get into each other's way are found even when none of them had to wait.
 *
 * {@snippet file="dev/roost/io/StreamSamplesTest.java" region="direction"}
 *
 * <p>Nothing here is a checkpoint.
 */
public final class Direction {

  private final String doing;
  private @Nullable Task holder;

  /**
   * A direction that nobody uses.
   *
   * @param doing what the tasks do with the stream, such as {@code "sending to"}: the message says
   *     that two tasks are doing it at once
   */
  public Direction(String doing) {
    this.doing = Objects.requireNonNull(doing, "Direction: what the tasks do is null");
  }

  /**
   * The current task begins a call, which ends with {@link #leave}.
   *
   * @param stream what is busy, for the message
   * @throws BusyResourceException if another task is in a call
   * @throws IllegalStateException outside a run
   */
  public void enter(Object stream) {
    Task before = holder;
    if (before != null) {
      throw new BusyResourceException(
          "Two tasks are "
              + doing
              + " "
              + stream
              + " at once: "
              + Task.current().name()
              + " came while "
              + before.name()
              + " was at it. Give each direction to one task, or put a lock around it.");
    }
    holder = Task.current();
  }

  /** The call has ended, well or badly. */
  public void leave() {
    holder = null;
  }

  /** Whether a task is in a call, and which. */
  @Override
  public String toString() {
    Task now = holder;
    return "Direction[" + (now == null ? "free" : now.name() + " is " + doing + " it") + "]";
  }
}
