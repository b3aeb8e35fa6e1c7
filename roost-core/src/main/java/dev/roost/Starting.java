package dev.roost;

import org.jspecify.annotations.Nullable;

/** What a child says while {@code startAndWait} waits for it. */
final class Starting<T extends @Nullable Object> implements TaskStatus<T> {

  private final Nursery hidden;
  private final Nursery target;
  private final String name;
  private boolean started;
  private @Nullable T value;

  Starting(Nursery hidden, Nursery target, String name) {
    this.hidden = hidden;
    this.target = target;
    this.name = name;
  }

  @Override
  public void started(T reported) {
    target.ensureHolder("TaskStatus.started");
    if (started) {
      throw new IllegalStateException(
          "TaskStatus.started was called twice. Call it once, when the child is ready; later news go through an Event or a"
              + " channel.");
    }
    started = true;
    value = reported;
    if (!hidden.childScope.effective()) {
      hidden.moveChildrenTo(target);
    }
  }

  @SuppressWarnings("NullAway") // T itself says whether the value may be null
  T value() {
    if (!started) {
      throw new IllegalStateException(
          "Nursery.startAndWait: the child "
              + name
              + " ended without having called started. Call it when the child is ready, or start the child with start if"
              + " nobody needs to wait for it.");
    }
    return value;
  }
}
