package dev.roost;

/**
 * A body of code that has no checkpoint: no other task of the run can run during it.
 *
 * @param <X> the checked exception it may throw; inferred as {@code RuntimeException} if there is
 *     none
 */
@FunctionalInterface
public interface SyncRunnable<X extends Exception> {

  /**
   * Runs the code.
   *
   * @throws X whatever the code throws
   */
  void run() throws X;
}
