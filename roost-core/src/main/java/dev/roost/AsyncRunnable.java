package dev.roost;

/**
 * A body of code that may wait: assume that it is a checkpoint.
 *
 * @param <X> the checked exception it may throw, so that callers keep its type; inferred as {@code
 *     RuntimeException} if there is none
 */
@FunctionalInterface
public interface AsyncRunnable<X extends Exception> {

  /**
   * Runs the code.
   *
   * @throws X whatever the code throws
   * @throws InterruptedException if a checkpoint inside was cancelled
   */
  void run() throws X, InterruptedException;
}
