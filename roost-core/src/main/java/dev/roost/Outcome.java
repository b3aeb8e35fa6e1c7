package dev.roost;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a call came to, as a value: see {@link Together#settle(java.util.Collection)}.
 *
 * {@snippet file="dev/roost/TogetherSamplesTest.java" region="settle"}
 *
 * @param <T> what the call gives
 */
public sealed interface Outcome<T extends @Nullable Object> {

  /**
   * The call returned.
   *
   * @param value what it returned; null if the call did
   * @param <T> what the call gives
   */
  record Success<T extends @Nullable Object>(T value) implements Outcome<T> {}

  /**
   * The call threw.
   *
   * @param error what it threw, as it is
   * @param <T> what the call would have given
   */
  record Failure<T extends @Nullable Object>(Throwable error) implements Outcome<T> {

    /** Makes a failure; the error must not be null. */
    public Failure {
      Objects.requireNonNull(error, "Outcome.Failure: the error is null");
    }
  }
}
