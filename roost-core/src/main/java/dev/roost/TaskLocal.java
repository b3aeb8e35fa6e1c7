package dev.roost;

import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value that each task has for itself. A child inherits the values of the task that starts it, at
 * the moment of the start; later changes stay apart. Nothing here is a checkpoint. Blocking
 * sections can read it, but not set it.
 *
 * {@snippet file="dev/roost/CoreSamplesTest.java" region="task-local"}
 *
 * @param <T> the value, not null
 */
public final class TaskLocal<T> {

  private final @Nullable T preset;

  private TaskLocal(@Nullable T preset) {
    this.preset = preset;
  }

  /**
   * A local without a default.
   *
   * @param <T> the value
   * @return a new local
   */
  public static <T> TaskLocal<T> create() {
    return new TaskLocal<>(null);
  }

  /**
   * A local with a default.
   *
   * @param value what tasks see that have set nothing
   * @param <T> the value
   * @return a new local
   */
  public static <T> TaskLocal<T> withDefault(T value) {
    return new TaskLocal<>(
        Objects.requireNonNull(value, "TaskLocal.withDefault: the default is null"));
  }

  /**
   * The value of the current task.
   *
   * @return the value set, or inherited, or the default
   * @throws NoSuchElementException if there is none of the three
   * @throws IllegalStateException outside a run
   */
  @SuppressWarnings("unchecked") // only set() and where() put values in
  public T get() {
    Object value = TaskFiber.ofThisThreadEvenBlocking().locals.get(this);
    T known = value == null ? preset : (T) value;
    if (known == null) {
      throw new NoSuchElementException(
          "TaskLocal.get: the current task has no value, and the local has no default. Set one with set or where, or make"
              + " the local with TaskLocal.withDefault.");
    }
    return known;
  }

  /**
   * Whether the current task has a value of its own or an inherited one; a default does not count.
   *
   * @return true if there is one
   * @throws IllegalStateException outside a run
   */
  public boolean isSet() {
    return TaskFiber.ofThisThreadEvenBlocking().locals.get(this) != null;
  }

  /**
   * Sets the value of the current task, for the rest of it or of the innermost {@link Where} block.
   *
   * @param value the value
   * @throws IllegalStateException outside a run, and in a blocking section
   */
  public void set(T value) {
    Objects.requireNonNull(value, "TaskLocal.set: the value is null");
    TaskFiber me = TaskFiber.current();
    me.locals = me.locals.with(this, value);
  }

  /**
   * Gives the local a value for a block; after it, the local is what it was before.
   *
   * @param value the value inside the block
   * @return the block to run
   */
  public Where<T> where(T value) {
    return new Binding<>(this, Objects.requireNonNull(value, "TaskLocal.where: the value is null"));
  }

  /**
   * A block in which a local has a value.
   *
   * @param <T> the value
   */
  public sealed interface Where<T> permits Binding {

    /**
     * Runs the body with the value set. Not a checkpoint itself.
     *
     * @param body the block
     * @param <X> what the body may throw
     * @throws X what the body throws
     * @throws InterruptedException what the body throws
     * @throws IllegalStateException outside a run
     */
    <X extends Exception> void run(AsyncRunnable<X> body) throws X, InterruptedException;

    /**
     * Runs the body with the value set and gives its result. Not a checkpoint itself.
     *
     * @param body the block
     * @param <R> the result
     * @param <X> what the body may throw
     * @return what the body returns
     * @throws X what the body throws
     * @throws InterruptedException what the body throws
     * @throws IllegalStateException outside a run
     */
    <R extends @Nullable Object, X extends Exception> R call(AsyncCallable<R, X> body)
        throws X, InterruptedException;
  }

  private record Binding<T>(TaskLocal<T> local, T value) implements Where<T> {

    @Override
    public <X extends Exception> void run(AsyncRunnable<X> body) throws X, InterruptedException {
      Objects.requireNonNull(body, "TaskLocal.Where.run: the body is null");
      TaskFiber me = TaskFiber.current();
      Object before = enter(me);
      try {
        body.run();
      } finally {
        leave(me, before);
      }
    }

    @Override
    public <R extends @Nullable Object, X extends Exception> R call(AsyncCallable<R, X> body)
        throws X, InterruptedException {
      Objects.requireNonNull(body, "TaskLocal.Where.call: the body is null");
      TaskFiber me = TaskFiber.current();
      Object before = enter(me);
      try {
        return body.call();
      } finally {
        leave(me, before);
      }
    }

    private @Nullable Object enter(TaskFiber me) {
      Object before = me.locals.get(local);
      me.locals = me.locals.with(local, value);
      return before;
    }

    /** Restores this local alone: others that the body set stay set. */
    private void leave(TaskFiber me, @Nullable Object before) {
      me.locals = before == null ? me.locals.without(local) : me.locals.with(local, before);
    }
  }
}
