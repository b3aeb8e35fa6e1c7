package dev.roost;

import org.jspecify.annotations.Nullable;

/** A call of {@link Together#both} with what takes its result if the caller does not get it. */
record Owned<T extends @Nullable Object, X extends Exception>(
    AsyncCallable<T, X> wrapped, AsyncConsumer<? super T, ?> disposer)
    implements AsyncCallable<T, X>, Wrapping {

  @Override
  public T call() throws X, InterruptedException {
    return wrapped.call();
  }

  /** The result along with its disposer. */
  Result<T> result() throws X, InterruptedException {
    return new Result<>(wrapped.call(), disposer);
  }

  record Result<T extends @Nullable Object>(T value, AsyncConsumer<? super T, ?> disposer) {

    void dispose() throws Exception {
      if (value != null) {
        disposer.accept(value);
      }
    }
  }
}
