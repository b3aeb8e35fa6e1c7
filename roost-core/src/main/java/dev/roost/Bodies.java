package dev.roost;

import dev.roost.internal.Sneaky;

/** Throws on what a body threw. The compiler checked the types where the body was written. */
final class Bodies {

  private Bodies() {}

  /**
   * Throws {@code error} as it is; declared with a result so that callers can write {@code throw}.
   */
  static RuntimeException rethrow(Throwable error) {
    throw Sneaky.<RuntimeException>hide(error);
  }
}
