package dev.roost;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of one task: never changed, so that a child shares its parent's at no cost until one
 * of them sets one.
 */
final class TaskLocals {

  static final TaskLocals NONE = new TaskLocals(new IdentityHashMap<>());

  private final IdentityHashMap<TaskLocal<?>, Object> values;

  private TaskLocals(IdentityHashMap<TaskLocal<?>, Object> values) {
    this.values = values;
  }

  @Nullable Object get(TaskLocal<?> key) {
    return values.get(key);
  }

  TaskLocals with(TaskLocal<?> key, Object value) {
    IdentityHashMap<TaskLocal<?>, Object> changed = new IdentityHashMap<>(values);
    changed.put(key, value);
    return new TaskLocals(changed);
  }

  TaskLocals without(TaskLocal<?> key) {
    IdentityHashMap<TaskLocal<?>, Object> changed = new IdentityHashMap<>(values);
    changed.remove(key);
    return new TaskLocals(changed);
  }
}
