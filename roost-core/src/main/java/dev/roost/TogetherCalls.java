package dev.roost;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@link Together} does where no one wins: everything is awaited, or fails as one. */
final class TogetherCalls {

  static final String NO_FUNCTION = "Together.both: the function that combines the results is null";

  private TogetherCalls() {}

  /** A copy, so that nobody changes it meanwhile. */
  static <C> List<C> list(@Nullable Collection<? extends @Nullable C> calls, String operation) {
    return copy(calls, operation, "call");
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  static <C> List<C> listOf(String operation, C @Nullable ... calls) {
    return copy(calls == null ? null : Arrays.asList(calls), operation, "call");
  }

  private static <C> List<C> copy(
      @Nullable Collection<? extends @Nullable C> elements, String operation, String element) {
    Objects.requireNonNull(elements, () -> operation + ": the collection is null");
    List<C> copy = new ArrayList<>(elements.size());
    for (C one : elements) {
      copy.add(
          Objects.requireNonNull(
              one, () -> operation + ": " + element + " number " + (copy.size() + 1) + " is null"));
    }
    return copy;
  }

  static <T extends @Nullable Object> List<T> all(
      List<AsyncCallable<? extends T, ?>> calls,
      @Nullable AsyncConsumer<? super T, ?> disposer,
      String operation)
      throws InterruptedException {
    Results<T> results = new Results<>(calls.size(), disposer);
    return run(
        results,
        operation,
        calls.isEmpty(),
        nursery -> {
          for (int i = 0; i < calls.size(); i++) {
            int index = i;
            AsyncCallable<? extends T, ?> call = calls.get(i);
            results.register(i, call);
            nursery.start(new Entry(call, () -> results.put(index, call.call())));
          }
        });
  }

  /**
   * A checkpoint, and a nursery around the body if there is anything to do; the results, or nothing
   * is left of them.
   */
  private static <T extends @Nullable Object> List<T> run(
      Results<T> results, String operation, boolean empty, Nursery.Body body)
      throws InterruptedException {
    TaskFiber me = TaskFiber.current();
    me.checkCancelled();
    if (empty) {
      me.pass();
      return List.of();
    }
    try {
      Nursery.run(body);
      return results.all(operation);
    } catch (Throwable failure) {
      throw Bodies.rethrow(results.failed(failure));
    }
  }

  static List<?> both(AsyncCallable<?, ?>... calls) throws InterruptedException {
    List<AsyncCallable<?, ?>> all = listOf("Together.both", calls);
    return TogetherCalls.<@Nullable Object>all(List.copyOf(all), null, "Together.both");
  }

  /** The result of one call of {@link #both}, whose type the caller knows. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
  static <T extends @Nullable Object> T at(List<?> results, int index) {
    return (T) results.get(index);
  }

  static <T extends @Nullable Object> List<Outcome<T>> settle(
      List<AsyncCallable<? extends T, ?>> calls) throws InterruptedException {
    List<AsyncCallable<? extends Outcome<T>, ?>> settling = new ArrayList<>(calls.size());
    for (AsyncCallable<? extends T, ?> call : calls) {
      AsyncCallable<Outcome<T>, ?> one = new Settling<>(call);
      settling.add(call instanceof Owned<?, ?> owned ? new Owned<>(one, ofSuccess(owned)) : one);
    }
    return all(settling, null, "Together.settle");
  }

  /** Disposes of what the call gave, if it gave something. */
  @SuppressWarnings("unchecked") // the disposer takes what the call gives
  private static <T extends @Nullable Object> AsyncConsumer<Outcome<T>, Exception> ofSuccess(
      Owned<?, ?> owned) {
    AsyncConsumer<? super T, ?> disposer = (AsyncConsumer<? super T, ?>) owned.disposer();
    return outcome -> {
      if (outcome instanceof Outcome.Success<T>(T value) && value != null) {
        disposer.accept(value);
      }
    };
  }

  /** A call whose errors are a value; cancellations are none. */
  private record Settling<T extends @Nullable Object>(AsyncCallable<? extends T, ?> wrapped)
      implements AsyncCallable<Outcome<T>, RuntimeException>, Wrapping {

    @Override
    public Outcome<T> call() {
      try {
        return new Outcome.Success<>(wrapped.call());
      } catch (Throwable error) {
        if (Cancellations.holds(error)) {
          throw Bodies.rethrow(error);
        }
        return new Outcome.Failure<>(error);
      }
    }
  }

  static <A, B extends @Nullable Object> List<B> map(
      @Nullable Collection<A> items,
      int limit,
      @Nullable AsyncFunction<? super A, ? extends B, ?> f,
      @Nullable AsyncConsumer<? super B, ?> disposer)
      throws InterruptedException {
    Objects.requireNonNull(f, "Together.map: the function is null");
    return limited(items, limit, f, f, disposer, "Together.map");
  }

  static <A> void forEach(
      @Nullable Collection<A> items, int limit, @Nullable AsyncConsumer<? super A, ?> f)
      throws InterruptedException {
    Objects.requireNonNull(f, "Together.forEach: the function is null");
    var _ =
        TogetherCalls.<A, Boolean>limited(items, limit, asFunction(f), f, null, "Together.forEach");
  }

  private static <A, X extends Exception> AsyncFunction<A, Boolean, X> asFunction(
      AsyncConsumer<? super A, X> f) {
    return item -> {
      f.accept(item);
      return true;
    };
  }

  private static <A, B extends @Nullable Object> List<B> limited(
      @Nullable Collection<A> items,
      int limit,
      AsyncFunction<? super A, ? extends B, ?> f,
      Object namedAfter,
      @Nullable AsyncConsumer<? super B, ?> disposer,
      String operation)
      throws InterruptedException {
    List<A> list = copy(items, operation, "item");
    if (limit < 1) {
      throw new IllegalArgumentException(
          operation + ": the limit of tasks at once must be at least 1, it is " + limit + ".");
    }
    Results<B> results = new Results<>(list.size(), disposer);
    return run(
        results,
        operation,
        list.isEmpty(),
        nursery -> new Limited<>(list, limit, f, results).startAll(nursery, namedAfter));
  }
}
