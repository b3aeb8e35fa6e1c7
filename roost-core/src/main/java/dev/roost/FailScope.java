package dev.roost;

import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CancelScope} whose block fails with {@link DeadlineExceededException} if it is cut
 * short.
 *
 * {@snippet file="dev/roost/CoreSamplesTest.java" region="fail"}
 */
public final class FailScope {

  private final CancelScope scope;

  FailScope(CancelScope scope) {
    this.scope = scope;
  }

  /**
   * The scope itself, to cancel it, to move its deadline or to ask what became of it.
   *
   * @return the scope
   */
  public CancelScope scope() {
    return scope;
  }

  /**
   * Sets the shield.
   *
   * @return this
   */
  public FailScope shielded() {
    scope.shielded();
    return this;
  }

  /**
   * Gives the scope a name, see {@link CancelScope#named}.
   *
   * @param name says what is limited, such as "payment"
   * @return this
   */
  public FailScope named(String name) {
    var _ = scope.named(name);
    return this;
  }

  /**
   * Runs the body inside the scope. Not a checkpoint itself.
   *
   * @param body the block
   * @param <X> what the body may throw
   * @throws X what the body throws
   * @throws TimeoutException a {@link DeadlineExceededException} exactly if this scope cut the body
   *     short, by its deadline or an explicit cancel; whatever error is left besides goes first
   * @throws InterruptedException what the body throws: a scope further out was cancelled
   * @throws ExceptionGroup what is left after the cancellations were taken out of a group
   * @throws IllegalStateException if the scope was entered before, or outside a run
   */
  public <X extends Exception> void run(AsyncRunnable<X> body)
      throws X, TimeoutException, InterruptedException {
    Objects.requireNonNull(body, "FailScope.run: the body is null");
    call(() -> {
      body.run();
      return null;
    });
  }

  /**
   * Runs the body inside the scope and gives its value. Not a checkpoint itself.
   *
   * @param body the block
   * @param <T> the value
   * @param <X> what the body may throw
   * @return the value
   * @throws X what the body throws
   * @throws TimeoutException as for {@link #run}
   * @throws InterruptedException what the body throws: a scope further out was cancelled
   * @throws ExceptionGroup as for {@link #run}
   * @throws IllegalStateException if the scope was entered before, or outside a run
   */
  public <T extends @Nullable Object, X extends Exception> T call(AsyncCallable<T, X> body)
      throws X, TimeoutException, InterruptedException {
    Objects.requireNonNull(body, "FailScope.call: the body is null");
    TaskFiber me = TaskFiber.current();
    scope.scope.enter(me);
    T value;
    try {
      value = body.call();
    } catch (Throwable thrown) {
      String text = scope.toString();
      Throwable left = scope.scope.leave(me, thrown);
      Bodies.throwIfAny(left);
      DeadlineExceededException late =
          new DeadlineExceededException(
              scope,
              text
                  + (scope.scope.cancelledByDeadline()
                      ? ": the time is up"
                      : ": " + scope.scope.describeCancellation()));
      late.initCause(thrown);
      throw late;
    }
    scope.scope.leave(me, null);
    return value;
  }
}
