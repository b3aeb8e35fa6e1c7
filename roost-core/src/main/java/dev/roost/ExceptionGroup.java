package dev.roost;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Several errors that happened at the same time, as one: what a {@link Nursery} throws when its
 * body or children failed. Groups nest as nurseries do. The first error is the cause and the others
 * are suppressed exceptions, so that any logger shows them all.
 *
 * <p>Handle what is inside by type, and let the rest go on:
 *
 * {@snippet file="dev/roost/CoreSamplesTest.java" region="group"}
 *
 * <p>The Java counterpart of Python's {@code ExceptionGroup} and {@code except*} (PEP 654).
 */
public final class ExceptionGroup extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<Throwable> errors;

  /** What failed, without the number of errors. */
  private final String what;

  /** Whether it is made without a stack trace of its own. */
  private final boolean traceless;

  /**
   * Whether there is a cancellation in it at any depth: only then has a scope to look through it.
   */
  private final boolean holdsCancellation;

  /**
   * Makes a group.
   *
   * @param message what failed; the number of errors and the first of them are added
   * @param errors the errors, in the order in which they happened; not empty
   * @throws IllegalArgumentException if there is no error
   */
  public ExceptionGroup(String message, List<? extends Throwable> errors) {
    this(message, errors, true);
  }

  ExceptionGroup(String message, List<? extends Throwable> errors, boolean withStackTrace) {
    this.traceless = !withStackTrace; // before the superclass takes one
    super(messageOf(message, errors), errors.getFirst(), true, true);
    this.what = message;
    this.errors = List.copyOf(errors);
    boolean cancellation = false;
    for (int i = 0; i < this.errors.size(); i++) {
      Throwable error = this.errors.get(i);
      cancellation |= Cancellations.holds(error);
      if (i > 0 && error != this) {
        addSuppressed(error);
      }
    }
    holdsCancellation = cancellation;
  }

  private static String messageOf(String message, List<? extends Throwable> errors) {
    Objects.requireNonNull(message, "ExceptionGroup: the message is null");
    Objects.requireNonNull(errors, "ExceptionGroup: the list of errors is null");
    if (errors.isEmpty()) {
      throw new IllegalArgumentException(
          "ExceptionGroup: a group needs at least one error, the list is empty.");
    }
    Throwable first =
        Objects.requireNonNull(errors.getFirst(), "ExceptionGroup: the first error is null");
    Throwable leaf = first;
    while (leaf instanceof ExceptionGroup group) {
      leaf = group.errors.getFirst();
    }
    String what =
        first instanceof ExceptionGroup inner
            ? "a group of " + inner.errors.size() + " with " + leaf
            : leaf.toString();
    return errors.size() == 1
        ? message + " (1 error: " + what + ")"
        : message + " (" + errors.size() + " errors, the first: " + what + ")";
  }

  @Override
  @SuppressWarnings(
      "UnsynchronizedOverridesSynchronized") // it is not shared yet: called by the constructor
  public Throwable fillInStackTrace() {
    return traceless ? this : super.fillInStackTrace();
  }

  boolean holdsCancellation() {
    return holdsCancellation;
  }

  /**
   * The errors of this group, groups among them.
   *
   * @return the errors in the order in which they happened; unmodifiable, not empty
   */
  public List<Throwable> errors() {
    return errors;
  }

  /**
   * The errors at any depth that are no groups themselves.
   *
   * @return the leaves in order
   */
  public Stream<Throwable> leaves() {
    List<Throwable> found = new ArrayList<>();
    collectLeaves(found);
    return found.stream();
  }

  private void collectLeaves(List<Throwable> into) {
    // Groups can be nested thousands deep: a stack of our own instead of recursion.
    List<Throwable> stack = new ArrayList<>(errors.reversed());
    while (!stack.isEmpty()) {
      Throwable last = stack.removeLast();
      if (last instanceof ExceptionGroup group) {
        stack.addAll(group.errors.reversed());
      } else {
        into.add(last);
      }
    }
  }

  /**
   * The first leaf of a type.
   *
   * @param type the type to look for
   * @param <E> the type to look for
   * @return the first error of that type at any depth, empty if there is none
   */
  public <E extends Throwable> Optional<E> find(Class<E> type) {
    Objects.requireNonNull(type, "ExceptionGroup.find: the type is null");
    return leaves().filter(type::isInstance).map(type::cast).findFirst();
  }

  /**
   * Splits the group into what matches and what does not; both keep the nesting.
   *
   * @param predicate asked about each leaf; not about groups, which are all {@code
   *     RuntimeException}s
   * @return the two halves
   */
  public Split split(Predicate<? super Throwable> predicate) {
    Objects.requireNonNull(predicate, "ExceptionGroup.split: the predicate is null");
    return GroupSplitter.split(this, predicate);
  }

  /** A group with the same message and trace, and other errors. */
  ExceptionGroup derive(List<Throwable> others) {
    ExceptionGroup derived = new ExceptionGroup(what, others, false);
    derived.setStackTrace(getStackTrace());
    return derived;
  }

  /**
   * The two halves of a group.
   *
   * @param matching what matched, empty if nothing did
   * @param rest what did not, empty if everything matched
   */
  public record Split(Optional<ExceptionGroup> matching, Optional<ExceptionGroup> rest) {}

  /**
   * Handles the leaves of a type; what a handler takes is not thrown by {@link Handling#orThrow()}.
   *
   * @param type the type to handle
   * @param handler is given each leaf of that type, in order
   * @param <E> the type to handle
   * @return the next step
   */
  @SuppressWarnings("overloads") // a Handler is both of the others, so a lambda means it
  public <E extends Throwable> Handling on(Class<E> type, Consumer<? super E> handler) {
    return new GroupHandling(this).on(type, handler);
  }

  /**
   * Handles the leaves of a type with a handler that may throw a checked exception. A lambda finds
   * this one, with nothing to throw if it throws nothing.
   *
   * @param type the type to handle
   * @param handler is given each leaf of that type, in order
   * @param <E> the type to handle
   * @param <X> what the handler may throw
   * @return the next step
   * @throws X what the handler throws
   */
  public <E extends Throwable, X extends Exception> Handling on(
      Class<E> type, Handler<? super E, X> handler) throws X {
    return new GroupHandling(this).on(type, handler);
  }

  /**
   * Handles the leaves of a type with an async function: {@link #onThrowing}, for one that is kept
   * in a variable.
   *
   * @param type the type to handle
   * @param handler is given each leaf of that type, in order
   * @param <E> the type to handle
   * @param <X> what the handler may throw
   * @return the next step
   * @throws X what the handler throws
   * @throws InterruptedException if the handler is cancelled
   */
  @SuppressWarnings("overloads")
  public <E extends Throwable, X extends Exception> Handling on(
      Class<E> type, AsyncConsumer<? super E, X> handler) throws X, InterruptedException {
    return new GroupHandling(this).on(type, handler);
  }

  /**
   * Handles the leaves of a type with an async function, usually a lambda that waits for something
   * and may throw a checked exception besides.
   *
   * @param type the type to handle
   * @param handler is given each leaf of that type, in order
   * @param <E> the type to handle
   * @param <X> what the handler may throw
   * @return the next step
   * @throws X what the handler throws
   * @throws InterruptedException if the handler is cancelled
   */
  public <E extends Throwable, X extends Exception> Handling onThrowing(
      Class<E> type, AsyncConsumer<? super E, X> handler) throws X, InterruptedException {
    return new GroupHandling(this).onThrowing(type, handler);
  }

  /**
   * Turns the first leaf of a type into a value, usually at the end of a method that returns it.
   * The value is there if all leaves were taken by one of the types; otherwise the others are
   * thrown, so that no error is lost behind the value.
   *
   * @param type the type to turn
   * @param f makes the value
   * @param <E> the type to turn
   * @param <R> the value
   * @return the next step
   */
  public <E extends Throwable, R extends @Nullable Object> Mapping<R> map(
      Class<E> type, Function<? super E, ? extends R> f) {
    return new GroupMapping<R>(this).map(type, f);
  }

  /**
   * Handles an error, and may throw a checked exception. It is a {@link Consumer} and an {@link
   * AsyncConsumer} too, so that a lambda given to {@code on} is a handler without saying so.
   *
   * @param <E> the error
   * @param <X> what it may throw
   */
  @FunctionalInterface
  public interface Handler<E, X extends Exception> extends Consumer<E>, AsyncConsumer<E, X> {

    /**
     * Handles one error.
     *
     * @param error the error
     * @throws X what the handler throws
     */
    void handle(E error) throws X;

    @Override
    @SuppressWarnings("FunctionalInterfaceMethodChanged") // it does what handle does
    default void accept(E error) {
      try {
        handle(error);
      } catch (Throwable thrown) { // an X: the compiler saw to it where the handler was given
        throw Bodies.rethrow(thrown);
      }
    }
  }

  /** The steps of handling a group by type. */
  public sealed interface Handling permits GroupHandling {

    /**
     * Handles the leaves of one more type that no handler before it took.
     *
     * @param type the type to handle
     * @param handler is given each leaf of that type, in order
     * @param <E> the type to handle
     * @return the next step
     */
    @SuppressWarnings("overloads")
    <E extends Throwable> Handling on(Class<E> type, Consumer<? super E> handler);

    /**
     * Handles the leaves of one more type, with a handler that may throw a checked exception: what
     * a lambda finds.
     *
     * @param type the type to handle
     * @param handler is given each leaf of that type, in order
     * @param <E> the type to handle
     * @param <X> what the handler may throw
     * @return the next step
     * @throws X what the handler throws
     */
    <E extends Throwable, X extends Exception> Handling on(
        Class<E> type, Handler<? super E, X> handler) throws X;

    /**
     * Handles the leaves of one more type, with an async function that is kept in a variable.
     *
     * @param type the type to handle
     * @param handler is given each leaf of that type, in order
     * @param <E> the type to handle
     * @param <X> what the handler may throw
     * @return the next step
     * @throws X what the handler throws
     * @throws InterruptedException if the handler is cancelled
     */
    @SuppressWarnings("overloads")
    <E extends Throwable, X extends Exception> Handling on(
        Class<E> type, AsyncConsumer<? super E, X> handler) throws X, InterruptedException;

    /**
     * Handles the leaves of one more type, with an async function.
     *
     * @param type the type to handle
     * @param handler is given each leaf of that type, in order
     * @param <E> the type to handle
     * @param <X> what the handler may throw
     * @return the next step
     * @throws X what the handler throws
     * @throws InterruptedException if the handler is cancelled
     */
    <E extends Throwable, X extends Exception> Handling onThrowing(
        Class<E> type, AsyncConsumer<? super E, X> handler) throws X, InterruptedException;

    /**
     * Throws what no handler took, as a group; does nothing if all were taken.
     *
     * @throws InterruptedException if only cancellations are left: they travel alone
     */
    void orThrow() throws InterruptedException;
  }

  /**
   * The steps of turning a group into a value.
   *
   * @param <R> the value
   */
  public sealed interface Mapping<R extends @Nullable Object> permits GroupMapping {

    /**
     * Takes the leaves of one more type, and turns the first of them into the value if none before
     * it matched.
     *
     * @param type the type to turn
     * @param f makes the value
     * @param <E> the type to turn
     * @return the next step
     */
    <E extends Throwable> Mapping<R> map(Class<E> type, Function<? super E, ? extends R> f);

    /**
     * The value of the first mapping that matched; throws what none of them took, as a group.
     *
     * @return the value
     * @throws InterruptedException if only cancellations are left: they travel alone
     */
    R orThrow() throws InterruptedException;
  }
}
