package dev.roost.junit;

import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/**
 * The failure of a test in one of several orders. JUnit has it as soon as a method fails; what the
 * order comes down to is known when the test has ended, and then becomes part of the message.
 */
final class OrderFailure extends AssertionFailedError {

  private static final long serialVersionUID = 1;

  private String message;

  private OrderFailure(String message, AssertionFailedError error) {
    super(message, error.getExpected(), error.getActual(), error);
    this.message = message;
  }

  private OrderFailure(String message, Throwable error) {
    super(message, error);
    this.message = message;
  }

  static OrderFailure of(String message, Throwable error) {
    return error instanceof AssertionFailedError failed && failed.isExpectedDefined()
        ? new OrderFailure(message, failed)
        : new OrderFailure(message, error);
  }

  /** Puts a better message in place. */
  void retell(String better) {
    message = better;
  }

  @Override
  public @Nullable String getMessage() {
    return message;
  }
}
