package dev.roost;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The children of one nursery in the order in which they came: a list linked through the tasks,
 * without a node for each.
 */
final class Children {

  private @Nullable TaskFiber first;
  private @Nullable TaskFiber last;
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  void add(TaskFiber fiber) {
    TaskFiber before = last;
    fiber.previousSibling = before;
    if (before == null) {
      first = fiber;
    } else {
      before.nextSibling = fiber;
    }
    last = fiber;
    size++;
  }

  void remove(TaskFiber fiber) {
    TaskFiber before = fiber.previousSibling;
    TaskFiber after = fiber.nextSibling;
    if (before == null) {
      first = after;
    } else {
      before.nextSibling = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previousSibling = before;
    }
    fiber.previousSibling = null;
    fiber.nextSibling = null;
    size--;
  }

  /** Moves all of them to another nursery. */
  void moveTo(Nursery nursery, Children others) {
    for (TaskFiber fiber; (fiber = first) != null; ) {
      remove(fiber);
      fiber.parent = nursery;
      others.add(fiber);
    }
  }

  List<TaskFiber> list() {
    List<TaskFiber> all = new ArrayList<>(size);
    for (TaskFiber at = first; at != null; at = at.nextSibling) {
      all.add(at);
    }
    return all;
  }

  /** How many there are, in words. */
  @Override
  public String toString() {
    return size == 1 ? "a child" : size + " children";
  }
}
