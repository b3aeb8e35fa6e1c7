package dev.roost;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Calls made at the same time, as one call that returns: black boxes over a {@link Nursery}. When
 * one of these returns or throws, everything it started has ended; whoever did not win was
 * cancelled and awaited.
 *
 * {@snippet file="dev/roost/TogetherSamplesTest.java" region="both"}
 *
 * <p>Results come in the order in which the calls were given. Each is a checkpoint, also with
 * nothing to do. If one fails, it throws an {@link ExceptionGroup} as a nursery does, or a {@link
 * Cancelled} alone if nothing worse happened.
 *
 * <p><b>Results that nobody gets.</b> A call may have given its result already when another one
 * wins or fails. If results are resources, take the form with a disposer: it is handed every result
 * that is not returned, one by one, in the caller's task, when all calls have ended. It runs
 * shielded from cancellation, so that it can wait; one that may wait for long has a timeout of its
 * own. If it fails, its error comes out in a group, and a winner's result goes to it as well.
 */
public final class Together {

  private Together() {}

  // ---- all

  /**
   * Makes all calls at once and waits for all results. If one fails, the others are cancelled. A
   * checkpoint.
   *
   * {@snippet file="dev/roost/TogetherSamplesTest.java" region="all"}
   *
   * @param calls what to call
   * @param <T> what they give
   * @return the results in the order given, unmodifiable; empty if there were no calls
   * @throws InterruptedException if cancelled, and nothing worse happened
   * @throws ExceptionGroup if a call failed: every error
   * @throws IllegalStateException outside a run
   */
  public static <T extends @Nullable Object> List<T> all(
      Collection<? extends AsyncCallable<? extends T, ?>> calls) throws InterruptedException {
    return TogetherCalls.all(TogetherCalls.list(calls, "Together.all"), null, "Together.all");
  }

  /**
   * Like {@link #all(Collection)}, for results that must not be dropped. A checkpoint.
   *
   * @param calls what to call
   * @param disposer is handed the results there are, if there are not all of them
   * @param <T> what they give
   * @return the results in the order given, unmodifiable
   * @throws InterruptedException as for {@link #all(Collection)}
   * @throws ExceptionGroup if a call or the disposer failed: every error
   * @throws IllegalStateException outside a run
   */
  public static <T extends @Nullable Object> List<T> all(
      Collection<? extends AsyncCallable<? extends T, ?>> calls,
      AsyncConsumer<? super T, ?> disposer)
      throws InterruptedException {
    Objects.requireNonNull(disposer, "Together.all: the disposer is null");
    return TogetherCalls.all(TogetherCalls.list(calls, "Together.all"), disposer, "Together.all");
  }

  /**
   * Like {@link #all(Collection)}. A checkpoint.
   *
   * @param calls what to call
   * @param <T> what they give
   * @return the results in the order given, unmodifiable
   * @throws InterruptedException as for {@link #all(Collection)}
   * @throws ExceptionGroup as for {@link #all(Collection)}
   * @throws IllegalStateException outside a run
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public static <T extends @Nullable Object> List<T> all(AsyncCallable<? extends T, ?>... calls)
      throws InterruptedException {
    return TogetherCalls.all(TogetherCalls.listOf("Together.all", calls), null, "Together.all");
  }

  // ---- race

  /**
   * Makes all calls at once; the first to end, well or badly, decides, and the others are
   * cancelled. An error of a loser, while it is cancelled, is not lost: it is thrown in a group,
   * instead of the result. A checkpoint.
   *
   * {@snippet file="dev/roost/TogetherSamplesTest.java" region="race"}
   *
   * @param calls what to call, at least one
   * @param <T> what they give
   * @return the result of the first one
   * @throws InterruptedException if cancelled, and nothing worse happened
   * @throws ExceptionGroup if the first to end failed, or a loser did before it had ended: every
   *     error
   * @throws IllegalArgumentException if no call is given
   * @throws IllegalStateException outside a run
   */
  public static <T extends @Nullable Object> T race(
      Collection<? extends AsyncCallable<? extends T, ?>> calls) throws InterruptedException {
    return new Race<T>(TogetherCalls.list(calls, "Together.race"), false, null).run();
  }

  /**
   * Like {@link #race(Collection)}, for results that must not be dropped. A checkpoint.
   *
   * {@snippet file="dev/roost/TogetherSamplesTest.java" region="disposer"}
   *
   * @param calls what to call, at least one
   * @param disposer is handed the results of losers that had just finished
   * @param <T> what they give
   * @return the result of the first one
   * @throws InterruptedException as for {@link #race(Collection)}
   * @throws ExceptionGroup as for {@link #race(Collection)}, or if the disposer failed
   * @throws IllegalArgumentException if no call is given
   * @throws IllegalStateException outside a run
   */
  public static <T extends @Nullable Object> T race(
      Collection<? extends AsyncCallable<? extends T, ?>> calls,
      AsyncConsumer<? super T, ?> disposer)
      throws InterruptedException {
    Objects.requireNonNull(disposer, "Together.race: the disposer is null");
    return new Race<T>(TogetherCalls.list(calls, "Together.race"), false, disposer).run();
  }

  /**
   * Like {@link #race(Collection)}. A checkpoint.
   *
   * @param calls what to call, at least one
   * @param <T> what they give
   * @return the result of the first one
   * @throws InterruptedException as for {@link #race(Collection)}
   * @throws ExceptionGroup as for {@link #race(Collection)}
   * @throws IllegalArgumentException if no call is given
   * @throws IllegalStateException outside a run
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public static <T extends @Nullable Object> T race(AsyncCallable<? extends T, ?>... calls)
      throws InterruptedException {
    return new Race<T>(TogetherCalls.listOf("Together.race", calls), false, null).run();
  }

  // ---- firstSuccess

  /**
   * Makes all calls at once; the first to succeed decides, and the others are cancelled. Once there
   * is a success, what the others threw does not matter, before it or while they are cancelled. A
   * checkpoint.
   *
   * {@snippet file="dev/roost/TogetherSamplesTest.java" region="first-success"}
   *
   * @param calls what to call, at least one
   * @param <T> what they give
   * @return the result of the first one to succeed
   * @throws InterruptedException if cancelled before one has succeeded
   * @throws ExceptionGroup if all have failed: what each threw, in the order given
   * @throws IllegalArgumentException if no call is given
   * @throws IllegalStateException outside a run
   */
  public static <T extends @Nullable Object> T firstSuccess(
      Collection<? extends AsyncCallable<? extends T, ?>> calls) throws InterruptedException {
    return new Race<T>(TogetherCalls.list(calls, "Together.firstSuccess"), true, null).run();
  }

  /**
   * Like {@link #firstSuccess(Collection)}, for results that must not be dropped. A checkpoint.
   *
   * @param calls what to call, at least one
   * @param disposer is handed the results of losers that had just finished
   * @param <T> what they give
   * @return the result of the first one to succeed
   * @throws InterruptedException as for {@link #firstSuccess(Collection)}
   * @throws ExceptionGroup as for {@link #firstSuccess(Collection)}, or if the disposer failed
   * @throws IllegalArgumentException if no call is given
   * @throws IllegalStateException outside a run
   */
  public static <T extends @Nullable Object> T firstSuccess(
      Collection<? extends AsyncCallable<? extends T, ?>> calls,
      AsyncConsumer<? super T, ?> disposer)
      throws InterruptedException {
    Objects.requireNonNull(disposer, "Together.firstSuccess: the disposer is null");
    return new Race<T>(TogetherCalls.list(calls, "Together.firstSuccess"), true, disposer).run();
  }

  /**
   * Like {@link #firstSuccess(Collection)}. A checkpoint.
   *
   * @param calls what to call, at least one
   * @param <T> what they give
   * @return the result of the first one to succeed
   * @throws InterruptedException as for {@link #firstSuccess(Collection)}
   * @throws ExceptionGroup as for {@link #firstSuccess(Collection)}
   * @throws IllegalArgumentException if no call is given
   * @throws IllegalStateException outside a run
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public static <T extends @Nullable Object> T firstSuccess(AsyncCallable<? extends T, ?>... calls)
      throws InterruptedException {
    return new Race<T>(TogetherCalls.listOf("Together.firstSuccess", calls), true, null).run();
  }

  // ---- both

  /**
   * Makes two calls of different types at once and combines their results. If one fails, the other
   * is cancelled. A checkpoint.
   *
   * @param a the first call
   * @param b the second call
   * @param combine is given the results, in the caller's task; what it throws comes out as it is
   * @param <A> what the first call gives
   * @param <B> what the second call gives
   * @param <R> the combined result
   * @return what the function makes of the results
   * @throws InterruptedException if cancelled, and nothing worse happened
   * @throws ExceptionGroup if a call failed: every error
   * @throws IllegalStateException outside a run
   */
  public static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      R both(
          AsyncCallable<A, ?> a,
          AsyncCallable<B, ?> b,
          BiFunction<? super A, ? super B, ? extends R> combine)
          throws InterruptedException {
    Objects.requireNonNull(combine, TogetherCalls.NO_FUNCTION);
    List<?> r = TogetherCalls.both(a, b);
    return combine.apply(TogetherCalls.<A>at(r, 0), TogetherCalls.<B>at(r, 1));
  }

  /**
   * Like {@link #both(AsyncCallable, AsyncCallable, BiFunction)}, for three. A checkpoint.
   *
   * @param a the first call
   * @param b the second call
   * @param c the third call
   * @param combine is given the results
   * @param <A> what the first call gives
   * @param <B> what the second call gives
   * @param <C> what the third call gives
   * @param <R> the combined result
   * @return what the function makes of the results
   * @throws InterruptedException if cancelled, and nothing worse happened
   * @throws ExceptionGroup if a call failed: every error
   * @throws IllegalStateException outside a run
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      R both(
          AsyncCallable<A, ?> a,
          AsyncCallable<B, ?> b,
          AsyncCallable<C, ?> c,
          Combine.Three<? super A, ? super B, ? super C, ? extends R> combine)
          throws InterruptedException {
    Objects.requireNonNull(combine, TogetherCalls.NO_FUNCTION);
    List<?> r = TogetherCalls.both(a, b, c);
    return combine.apply(
        TogetherCalls.<A>at(r, 0), TogetherCalls.<B>at(r, 1), TogetherCalls.<C>at(r, 2));
  }

  /**
   * Like {@link #both(AsyncCallable, AsyncCallable, BiFunction)}, for four. A checkpoint.
   *
   * @param a the first call
   * @param b the second call
   * @param c the third call
   * @param d the fourth call
   * @param combine is given the results
   * @param <A> what the first call gives
   * @param <B> what the second call gives
   * @param <C> what the third call gives
   * @param <D> what the fourth call gives
   * @param <R> the combined result
   * @return what the function makes of the results
   * @throws InterruptedException if cancelled, and nothing worse happened
   * @throws ExceptionGroup if a call failed: every error
   * @throws IllegalStateException outside a run
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      R both(
          AsyncCallable<A, ?> a,
          AsyncCallable<B, ?> b,
          AsyncCallable<C, ?> c,
          AsyncCallable<D, ?> d,
          Combine.Four<? super A, ? super B, ? super C, ? super D, ? extends R> combine)
          throws InterruptedException {
    Objects.requireNonNull(combine, TogetherCalls.NO_FUNCTION);
    List<?> r = TogetherCalls.both(a, b, c, d);
    return combine.apply(
        TogetherCalls.<A>at(r, 0),
        TogetherCalls.<B>at(r, 1),
        TogetherCalls.<C>at(r, 2),
        TogetherCalls.<D>at(r, 3));
  }

  /**
   * Like {@link #both(AsyncCallable, AsyncCallable, BiFunction)}, for five. A checkpoint.
   *
   * @param a the first call
   * @param b the second call
   * @param c the third call
   * @param d the fourth call
   * @param e the fifth call
   * @param combine is given the results
   * @param <A> what the first call gives
   * @param <B> what the second call gives
   * @param <C> what the third call gives
   * @param <D> what the fourth call gives
   * @param <E> what the fifth call gives
   * @param <R> the combined result
   * @return what the function makes of the results
   * @throws InterruptedException if cancelled, and nothing worse happened
   * @throws ExceptionGroup if a call failed: every error
   * @throws IllegalStateException outside a run
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      R both(
          AsyncCallable<A, ?> a,
          AsyncCallable<B, ?> b,
          AsyncCallable<C, ?> c,
          AsyncCallable<D, ?> d,
          AsyncCallable<E, ?> e,
          Combine.Five<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> combine)
          throws InterruptedException {
    Objects.requireNonNull(combine, TogetherCalls.NO_FUNCTION);
    List<?> r = TogetherCalls.both(a, b, c, d, e);
    return combine.apply(
        TogetherCalls.<A>at(r, 0),
        TogetherCalls.<B>at(r, 1),
        TogetherCalls.<C>at(r, 2),
        TogetherCalls.<D>at(r, 3),
        TogetherCalls.<E>at(r, 4));
  }

  /**
   * A call whose result must not be dropped, with what takes it if another call fails or is first,
   * or the caller is cancelled: for each method here that takes calls, and the only way for {@link
   * #both} and for those that take any number of arguments. The disposer is called in the caller's
   * task when all calls have ended, shielded, and not for null; its errors join those of the calls.
   * Not a checkpoint.
   *
   * {@snippet file="dev/roost/TogetherSamplesTest.java" region="owned"}
   *
   * @param call what to call
   * @param disposer is handed the result, if the caller is not, nor the function that combines the
   *     results; comes before a disposer for all calls
   * @param <T> what it gives
   * @param <X> what it may throw
   * @return a call
   */
  public static <T extends @Nullable Object, X extends Exception> AsyncCallable<T, X> owned(
      AsyncCallable<T, X> call, AsyncConsumer<? super T, ?> disposer) {
    return new Owned<>(
        Objects.requireNonNull(call, "Together.owned: the call is null"),
        Objects.requireNonNull(disposer, "Together.owned: the disposer is null"));
  }

  // ---- settle

  /**
   * Makes all calls at once and waits for all of them, whatever becomes of each. A checkpoint.
   *
   * {@snippet file="dev/roost/TogetherSamplesTest.java" region="settle"}
   *
   * @param calls what to call
   * @param <T> what they give
   * @return what came of each, in the order given, unmodifiable
   * @throws InterruptedException if cancelled: a call that ends by that has come to nothing, and
   *     the outcomes of the others are dropped
   * @throws ExceptionGroup if it was cancelled, and a call threw errors along with its cancellation
   * @throws IllegalStateException outside a run
   */
  public static <T extends @Nullable Object> List<Outcome<T>> settle(
      Collection<? extends AsyncCallable<? extends T, ?>> calls) throws InterruptedException {
    return TogetherCalls.settle(TogetherCalls.list(calls, "Together.settle"));
  }

  /**
   * Like {@link #settle(Collection)}. A checkpoint.
   *
   * @param calls what to call
   * @param <T> what they give
   * @return what came of each, in the order given, unmodifiable
   * @throws InterruptedException as for {@link #settle(Collection)}
   * @throws ExceptionGroup as for {@link #settle(Collection)}
   * @throws IllegalStateException outside a run
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public static <T extends @Nullable Object> List<Outcome<T>> settle(
      AsyncCallable<? extends T, ?>... calls) throws InterruptedException {
    return TogetherCalls.settle(TogetherCalls.listOf("Together.settle", calls));
  }

  // ---- map, forEach

  /**
   * Applies a function to each item, a bounded number at once; each item has a task of its own. If
   * one fails, the others are cancelled, and no more are begun. A checkpoint.
   *
   * {@snippet file="dev/roost/TogetherSamplesTest.java" region="map"}
   *
   * @param items what to apply it to; none is null
   * @param limit how many at once, at least 1
   * @param f the function
   * @param <A> an item
   * @param <B> what the function gives
   * @return the results in the order of the items, unmodifiable
   * @throws InterruptedException if cancelled, and nothing worse happened
   * @throws ExceptionGroup if the function failed: every error
   * @throws IllegalArgumentException if the limit is less than 1
   * @throws IllegalStateException outside a run
   */
  public static <A, B extends @Nullable Object> List<B> map(
      Collection<A> items, int limit, AsyncFunction<? super A, ? extends B, ?> f)
      throws InterruptedException {
    return TogetherCalls.map(items, limit, f, null);
  }

  /**
   * Like {@link #map(Collection, int, AsyncFunction)}, for results that must not be dropped. A
   * checkpoint.
   *
   * @param items what to apply it to; none is null
   * @param limit how many at once, at least 1
   * @param f the function
   * @param disposer is handed the results there are, if there are not all of them
   * @param <A> an item
   * @param <B> what the function gives
   * @return the results in the order of the items, unmodifiable
   * @throws InterruptedException if cancelled, and nothing worse happened
   * @throws ExceptionGroup if the function or the disposer failed: every error
   * @throws IllegalArgumentException if the limit is less than 1
   * @throws IllegalStateException outside a run
   */
  public static <A, B extends @Nullable Object> List<B> map(
      Collection<A> items,
      int limit,
      AsyncFunction<? super A, ? extends B, ?> f,
      AsyncConsumer<? super B, ?> disposer)
      throws InterruptedException {
    Objects.requireNonNull(disposer, "Together.map: the disposer is null");
    return TogetherCalls.map(items, limit, f, disposer);
  }

  /**
   * Does something with each item, a bounded number at once; each item has a task of its own. If
   * one fails, the others are cancelled, and no more are begun. A checkpoint.
   *
   * @param items what to do it with; none is null
   * @param limit how many at once, at least 1
   * @param f what to do
   * @param <A> an item
   * @throws InterruptedException if cancelled, and nothing worse happened
   * @throws ExceptionGroup if the function failed: every error
   * @throws IllegalArgumentException if the limit is less than 1
   * @throws IllegalStateException outside a run
   */
  public static <A> void forEach(Collection<A> items, int limit, AsyncConsumer<? super A, ?> f)
      throws InterruptedException {
    TogetherCalls.forEach(items, limit, f);
  }
}
