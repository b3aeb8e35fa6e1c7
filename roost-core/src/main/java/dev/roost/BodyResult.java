package dev.roost;

import org.jspecify.annotations.Nullable;

/** What the body of a nursery came to; there is none if the nursery's own cancel cut it short. */
record BodyResult<T extends @Nullable Object>(T value) {

  static <T extends @Nullable Object> T of(@Nullable BodyResult<T> result, String operation) {
    if (result == null) {
      throw new IllegalStateException(
          operation
              + ": the nursery was cancelled before its body had a result. Use run if there may be none, or cancel a"
              + " scope around the block instead.");
    }
    return result.value;
  }
}
