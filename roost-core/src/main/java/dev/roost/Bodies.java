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

  /** The error to throw, if it is unchecked; anything else is thrown here, as it is. */
  static RuntimeException rethrow(Throwable error) {
    if (error instanceof RuntimeException unchecked) {
      return unchecked;
    }
    throw Sneaky.<RuntimeException>hide(error);
  }
}
