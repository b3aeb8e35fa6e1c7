package dev.roost;

import org.jspecify.annotations.Nullable;

/**
 * A function that may wait: assume that it is a checkpoint.
 *
 * @param <A> the argument
 * @param <B> the result
 * @param <X> the checked exception it may throw; inferred as {@code RuntimeException} if there is
 *     none
 */
@FunctionalInterface
public interface AsyncFunction<
    A extends @Nullable Object, B extends @Nullable Object, X extends Exception> {

  /**
   * Applies the function.
   *
   * @param argument its argument
   * @return its result
   * @throws X whatever the code throws
   * @throws InterruptedException if a checkpoint inside was cancelled
   */
  B apply(A argument) throws X, InterruptedException;
}
