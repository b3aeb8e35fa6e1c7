package dev.roost;

import org.jspecify.annotations.Nullable;

/**
 * How a child tells the task that waits in {@link Nursery#startAndWait(Startable)} that it is
 * ready.
 *
 * @param <T> what it reports
 */
public interface TaskStatus<T extends @Nullable Object> {

  /**
   * Says that the child is ready: it moves to its nursery, and {@code startAndWait} returns {@code
   * value}. Not a checkpoint. If the caller is cancelled already, the child stays under it and
   * nothing else happens.
   *
   * @param value what to return
   * @throws IllegalStateException if it was said already, or from a thread or a run where the task
   *     does not live
   */
  void started(T value);

  /**
   * Says that the child is ready and has nothing to report; {@code startAndWait} returns null. Not
   * a checkpoint.
   *
   * @throws IllegalStateException as for {@link #started(Object)}
   */
  @SuppressWarnings("NullAway") // for a child that reports nothing, T is Void or is not looked at
  default void started() {
    started(null);
  }

  /**
   * A status that nobody listens to, to call a {@link Startable} like an ordinary method.
   *
   * @param <T> what would be reported
   * @return a status that ignores what it is told, however often
   */
  static <T extends @Nullable Object> TaskStatus<T> ignored() {
    return value -> {};
  }
}
