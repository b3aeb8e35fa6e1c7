package dev.roost;

import org.jspecify.annotations.Nullable;

/**
 * A child that says when it is ready, for {@link Nursery#startAndWait(Startable)}.
 *
 * @param <T> what it reports when it is ready
 * @param <X> the checked exception it may throw; inferred as {@code RuntimeException} if there is
 *     none
 */
@FunctionalInterface
public interface Startable<T extends @Nullable Object, X extends Exception> {

  /**
   * Runs the child.
   *
   * @param status to be told once when the child is ready
   * @throws X whatever the code throws
   * @throws InterruptedException if a checkpoint inside was cancelled
   */
  void run(TaskStatus<T> status) throws X, InterruptedException;
}
