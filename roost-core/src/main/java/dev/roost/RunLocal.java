package dev.roost;

import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value that each run has for itself, shared by all its tasks: a cache, a connection pool, a
 * counter. Nothing here is a checkpoint.
 *
 * {@snippet file="dev/roost/CoreSamplesTest.java" region="run-local"}
 *
 * @param <T> the value, not null
 */
public final class RunLocal<T> {

  private final java.util.function.@Nullable Supplier<? extends T> initial;

  private RunLocal(java.util.function.@Nullable Supplier<? extends T> initial) {
    this.initial = initial;
  }

  /**
   * A local without a value at first.
   *
   * @param <T> the value
   * @return a new local
   */
  public static <T> RunLocal<T> create() {
    return new RunLocal<>(null);
  }

  /**
   * A local with the same value at first in each run.
   *
   * @param value the value
   * @param <T> the value
   * @return a new local
   */
  public static <T> RunLocal<T> withDefault(T value) {
    Objects.requireNonNull(value, "RunLocal.withDefault: the default is null");
    return new RunLocal<>(() -> value);
  }

  /**
   * A local whose value is made in each run when it is first asked for.
   *
   * @param initial makes the value; must not wait
   * @param <T> the value
   * @return a new local
   */
  public static <T> RunLocal<T> withInitial(java.util.function.Supplier<? extends T> initial) {
    return new RunLocal<>(
        Objects.requireNonNull(initial, "RunLocal.withInitial: the supplier is null"));
  }

  /**
   * The value in the current run.
   *
   * @return the value
   * @throws NoSuchElementException if none was set and there is no default
   * @throws IllegalStateException outside a run
   */
  @SuppressWarnings("unchecked") // only this class puts values in
  public T get() {
    Run run = TaskFiber.current().run;
    T value = (T) run.locals.get(this);
    if (value == null) {
      if (initial == null) {
        throw new NoSuchElementException(
            "RunLocal.get: the current run has no value, and the local has no default. Set one first, or make the local"
                + " with RunLocal.withInitial.");
      }
      value =
          Objects.requireNonNull(
              initial.get(), "RunLocal.get: the supplier of the initial value returned null");
      run.locals.put(this, value);
    }
    return value;
  }

  /**
   * Whether the current run has a value that was set, or asked for before.
   *
   * @return true if there is one
   * @throws IllegalStateException outside a run
   */
  public boolean isSet() {
    return TaskFiber.current().run.locals.containsKey(this);
  }

  /**
   * Sets the value for the current run.
   *
   * @param value the value
   * @throws IllegalStateException outside a run
   */
  public void set(T value) {
    TaskFiber.current()
        .run
        .locals
        .put(this, Objects.requireNonNull(value, "RunLocal.set: the value is null"));
  }

  /**
   * Forgets the value in the current run.
   *
   * @throws IllegalStateException outside a run
   */
  public void clear() {
    TaskFiber.current().run.locals.remove(this);
  }
}
