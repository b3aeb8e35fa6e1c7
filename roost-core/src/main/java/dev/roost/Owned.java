package dev.roost;

import org.jspecify.annotations.Nullable;

/** A call of {@link Together} with what takes its result if the caller does not get it. */
record Owned<T extends @Nullable Object, X extends Exception>(
    AsyncCallable<T, X> wrapped, AsyncConsumer<? super T, ?> disposer)
    implements AsyncCallable<T, X>, Wrapping {

  @Override
  public T call() throws X, InterruptedException {
    return wrapped.call();
  }
}
