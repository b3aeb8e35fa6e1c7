package dev.roost;

import dev.roost.internal.Sneaky;
import org.jspecify.annotations.Nullable;

/** Throws on what a body threw. The compiler checked the types where the body was written. */
final class Bodies {

  private Bodies() {}

  /** Throws {@code error} as it is, if there is one. */
  static void throwIfAny(@Nullable Throwable error) {
    if (error != null) {
      throw rethrow(error);
    }
  }

  /**
   * Throws {@code error} as it is; declared with a result so that callers can write {@code throw}.
   */
  static RuntimeException rethrow(Throwable error) {
    throw Sneaky.<RuntimeException>hide(error);
  }
}
