package dev.roost;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One {@link Together#race(java.util.Collection) race} or {@link
 * Together#firstSuccess(java.util.Collection) firstSuccess}.
 *
 * <pre>
 *   UNDECIDED ---- a call returns ---------------------> won: the others are cancelled
 *       |  race: a call throws ------------------------> lost: the nursery cancels the others and throws
 *       |  firstSuccess: a call throws, remembered
 *       +--------------- all have thrown --------------> lost: a group of what they threw
 * </pre>
 */
final class Race<T extends @Nullable Object> {

  private final List<AsyncCallable<? extends T, ?>> calls;
  private final boolean successOnly;
  private final Results<T> results;
  private final @Nullable Throwable[] failures;
  private int winner = -1;

  Race(
      List<AsyncCallable<? extends T, ?>> calls,
      boolean successOnly,
      @Nullable AsyncConsumer<? super T, ?> disposer) {
    this.calls = calls;
    this.successOnly = successOnly;
    this.results = new Results<>(calls.size(), disposer);
    this.failures = new Throwable[calls.size()];
  }

  private String operation() {
    return successOnly ? "Together.firstSuccess" : "Together.race";
  }

  T run() throws InterruptedException {
    if (calls.isEmpty()) {
      throw new IllegalArgumentException(
          operation() + ": nobody can win, no call was given. Give at least one.");
    }
    TaskFiber.current().checkCancelled();
    try {
      Nursery.run(this::startAll);
      if (winner < 0) {
        throw noWinner();
      }
    } catch (Throwable failure) {
      throw Bodies.rethrow(results.failed(failure));
    }
    return results.won(winner);
  }

  private RuntimeException noWinner() {
    List<Throwable> errors =
        Arrays.stream(failures).filter(Objects::nonNull).map(Objects::requireNonNull).toList();
    return errors.size() < calls.size()
        ? Results.missing(operation() + ": a call")
        : new ExceptionGroup("All calls of " + operation() + " failed", errors);
  }

  private void startAll(Nursery nursery) {
    for (int i = 0; i < calls.size(); i++) {
      int index = i;
      AsyncCallable<? extends T, ?> call = calls.get(i);
      results.register(i, call);
      nursery.start(new Entry(call, () -> enter(nursery, index, call)));
    }
  }

  private <X extends Exception> void enter(
      Nursery nursery, int index, AsyncCallable<? extends T, X> call)
      throws X, InterruptedException {
    T value;
    try {
      value = call.call();
    } catch (Throwable error) {
      if (!successOnly) {
        throw error;
      }
      failed(nursery, index, error);
      return;
    }
    results.put(index, value);
    if (winner < 0) {
      winner = index;
      nursery.cancelScope().cancel("another call of " + operation() + " was first");
    }
  }

  /**
   * Remembers an error; what is or holds a cancellation goes on, unless it is the one of those who
   * lost.
   */
  private void failed(Nursery nursery, int index, Throwable error) {
    if (!Cancellations.holds(error)) {
      failures[index] = error;
    } else if (winner < 0 || !nursery.childScope.absorbs()) {
      throw Bodies.rethrow(error);
    }
  }
}
