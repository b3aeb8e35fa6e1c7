package dev.roost.internal;

import java.io.IOException;

/** A selector that takes registrations and cannot select. */
final class FailingSelector extends FakeSelector {

  private final Throwable failure;

  FailingSelector(Throwable failure) {
    this.failure = failure;
  }

  @Override
  void look() throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    throw (Error) failure;
  }
}
