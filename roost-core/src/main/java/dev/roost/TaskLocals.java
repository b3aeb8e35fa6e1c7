package dev.roost;

import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of one task: never changed, so that a child shares its parent's at no cost until one of them sets one. */
final class TaskLocals {

  static final TaskLocals NONE = new TaskLocals(new IdentityHashMap<>());

  private final Map<TaskLocal<?>, Object> values;

  private TaskLocals(Map<TaskLocal<?>, Object> values) {
    this.values = values;
  }

  @Nullable Object get(TaskLocal<?> key) {
    return values.get(key);
  }

  TaskLocals with(TaskLocal<?> key, Object value) {
    Map<TaskLocal<?>, Object> changed = new IdentityHashMap<>(values);
    changed.put(key, value);
    return new TaskLocals(changed);
  }

  TaskLocals without(TaskLocal<?> key) {
    Map<TaskLocal<?>, Object> changed = new IdentityHashMap<>(values);
    changed.remove(key);
    return new TaskLocals(changed);
  }
}
