package dev.roost;

import org.jspecify.annotations.Nullable;

/**
 * A body of code that may wait and gives a value: assume that it is a checkpoint.
 *
 * @param <T> the value
 * @param <X> the checked exception it may throw; inferred as {@code RuntimeException} if there is
 *     none
 */
@FunctionalInterface
public interface AsyncCallable<T extends @Nullable Object, X extends Exception> {

  /**
   * Runs the code.
   *
   * @return its value
   * @throws X whatever the code throws
   * @throws InterruptedException if a checkpoint inside was cancelled
   */
  T call() throws X, InterruptedException;
}
