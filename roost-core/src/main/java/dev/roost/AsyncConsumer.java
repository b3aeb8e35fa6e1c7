package dev.roost;

import org.jspecify.annotations.Nullable;

/**
 * A consumer that may wait: assume that it is a checkpoint.
 *
 * @param <A> what it takes
 * @param <X> the checked exception it may throw; inferred as {@code RuntimeException} if there is
 *     none
 */
@FunctionalInterface
public interface AsyncConsumer<A extends @Nullable Object, X extends Exception> {

  /**
   * Takes one argument.
   *
   * @param argument what to take
   * @throws X whatever the code throws
   * @throws InterruptedException if a checkpoint inside was cancelled
   */
  void accept(A argument) throws X, InterruptedException;
}
