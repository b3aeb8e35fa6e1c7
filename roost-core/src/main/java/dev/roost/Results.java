package dev.roost;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of one {@link Together} have given so far, in the order in which they stand. What
 * is not given to the caller in the end goes to the disposer, if there is one, exactly once: to the
 * call's own ({@link Together#owned}), or else to that for all.
 */
final class Results<T extends @Nullable Object> {

  private static final Object NONE = new Object();

  private final @Nullable Object[] values;
  private final @Nullable AsyncConsumer<? super T, ?> disposer;
  private @Nullable AsyncConsumer<? super T, ?> @Nullable [] own;

  Results(int size, @Nullable AsyncConsumer<? super T, ?> disposer) {
    this.values = new Object[size];
    this.disposer = disposer;
    Arrays.fill(values, NONE);
  }

  /** Remembers the disposer of a call, if it brings one. */
  @SuppressWarnings("unchecked") // the call gives a T, and its disposer takes what the call gives
  void register(int index, AsyncCallable<? extends T, ?> call) {
    if (call instanceof Owned<?, ?> owned) {
      if (own == null) {
        own = (AsyncConsumer<? super T, ?>[]) new AsyncConsumer<?, ?>[values.length];
      }
      own[index] = (AsyncConsumer<? super T, ?>) owned.disposer();
    }
  }

  private @Nullable AsyncConsumer<? super T, ?> disposerOf(int index) {
    AsyncConsumer<? super T, ?> ofCall = own == null ? null : own[index];
    return ofCall == null ? disposer : ofCall;
  }

  void put(int index, T value) {
    values[index] = value;
  }

  /** All of them; each call has given one. */
  @SuppressWarnings("unchecked") // put takes a T
  List<T> all(String operation) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == NONE) {
        throw missing(operation + ": call number " + (i + 1) + " of " + values.length);
      }
    }
    return (List<T>) Collections.unmodifiableList(Arrays.asList(values));
  }

  static IllegalStateException missing(String who) {
    return new IllegalStateException(
        who
            + " was cancelled from the inside and has no result. Throw an error there, or cancel a scope of your own"
            + " inside the call.");
  }

  /** Takes one out, for the caller. */
  @SuppressWarnings({"unchecked", "NullAway"}) // put takes a T
  T take(int index) {
    T value = (T) values[index];
    values[index] = NONE;
    return value;
  }

  /**
   * Hands all that is left to the disposer, each whatever became of the others. Cancellation is not
   * delivered meanwhile: a disposer that waits for something has a timeout of its own.
   */
  List<Throwable> dispose() {
    List<Throwable> errors = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      disposeOf(values[i] == NONE ? null : take(i), disposerOf(i), errors);
    }
    return errors;
  }

  private static <T extends @Nullable Object> void disposeOf(
      T value, @Nullable AsyncConsumer<? super T, ?> disposer, List<Throwable> errors) {
    if (value == null || disposer == null) {
      return;
    }
    try {
      CancelScope.create().shielded().run(() -> disposer.accept(value));
    } catch (Throwable error) {
      errors.add(error);
    }
  }

  /** Disposes of all results, because there will be none; what is to be thrown. */
  Throwable failed(Throwable failure) {
    List<Throwable> late = dispose();
    if (late.isEmpty()) {
      return failure;
    }
    List<Throwable> errors =
        new ArrayList<>(
            failure instanceof ExceptionGroup group ? group.errors() : List.of(failure));
    errors.addAll(late);
    return group(errors);
  }

  /**
   * The winner's result, or what failed when the losers' were disposed of: then the winner's goes
   * the same way.
   */
  T won(int winner) {
    T value = take(winner);
    List<Throwable> errors = dispose();
    if (errors.isEmpty()) {
      return value;
    }
    disposeOf(value, disposerOf(winner), errors);
    throw group(errors);
  }

  private static ExceptionGroup group(List<Throwable> errors) {
    return new ExceptionGroup("Failure while results that nobody gets were disposed of", errors);
  }
}
