package dev.roost;

/**
 * Thrown in place of {@link Cancelled} by the checkpoints of a task that has swallowed thousands of
 * cancellations and goes on: a loop with {@code catch (Exception e)} in it would spin for ever. It
 * is an {@link Error}, so that such a handler does not catch it; scopes and nurseries treat it as a
 * {@code Cancelled}.
 */
public final class SwallowedCancellationError extends Error {

  private static final long serialVersionUID = 1;

  SwallowedCancellationError(String message, Cancelled cause) {
    super(message, cause);
  }
}
