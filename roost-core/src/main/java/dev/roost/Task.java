package dev.roost;

import java.util.List;
import java.util.Optional;

/**
 * One concurrently running function of a run. Tasks are made by {@link Nursery#start}; this is what
 * can be asked about one. Nothing here is a checkpoint.
 */
public final class Task {

  private final TaskFiber fiber;

  Task(TaskFiber fiber) {
    this.fiber = fiber;
  }

  /**
   * The task that calls.
   *
   * @return the current task
   * @throws IllegalStateException outside a run
   */
  public static Task current() {
    return TaskFiber.current().facade();
  }

  /**
   * The name given when it was started, or one made from the class of its body and its number.
   *
   * @return the name
   */
  public String name() {
    return fiber.name();
  }

  /**
   * The number of this task: unique in its run, and later tasks have higher ones.
   *
   * @return the number
   */
  public long id() {
    return fiber.id;
  }

  /**
   * The nursery that this task lives in.
   *
   * @return the nursery, empty for the main task and for one that was started through a {@link
   *     Portal}
   */
  public Optional<Nursery> parentNursery() {
    return fiber.portalCall() == null ? Optional.ofNullable(fiber.parent) : Optional.empty();
  }

  /**
   * The nurseries that this task has open, outer ones first.
   *
   * @return a snapshot
   */
  public List<Nursery> childNurseries() {
    return List.copyOf(fiber.nurseries());
  }

  /**
   * What the task is at: running, ready, or what it waits for.
   *
   * @return a few words
   */
  public String status() {
    return TaskTree.statusOf(fiber);
  }

  /**
   * Where the task is.
   *
   * @return its stack, empty if it has not begun yet or has ended
   */
  public StackTraceElement[] stackTrace() {
    return fiber.stackTrace();
  }

  /** The name. */
  @Override
  public String toString() {
    return "Task[" + name() + "]";
  }
}
