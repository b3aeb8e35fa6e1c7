package dev.roost;

import java.util.concurrent.TimeoutException;

/**
 * The block of a {@link FailScope} was cut short by its deadline, or by an explicit cancel of its
 * scope. Its cause is the {@link Cancelled} that ended the block, if there was one.
 */
public final class DeadlineExceededException extends TimeoutException {

  private static final long serialVersionUID = 1;

  private final transient CancelScope scope;

  DeadlineExceededException(CancelScope scope, String message) {
    super(message);
    this.scope = scope;
  }

  /**
   * The scope whose block was cut short.
   *
   * @return the scope, to tell one timeout from another
   */
  public CancelScope scope() {
    return scope;
  }
}
