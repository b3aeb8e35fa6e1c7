package dev.roost;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears what happens in a run, for tracing, metrics and tools. Give it to {@link
 * RunOptions#instrument}.
 *
 * <p>Each method is called synchronously by whichever thread holds the run's baton at that moment,
 * but for {@link #stalled}; it must be quick, must not wait, and may read tasks and scopes. An
 * instrument that throws is reported to {@code System.Logger} and not called again.
 */
public interface Instrument {

  /**
   * The run begins.
   *
   * @param run the name of the run
   */
  default void runStarted(String run) {}

  /**
   * A task was started; it has not run yet.
   *
   * @param task the task
   */
  default void taskSpawned(Task task) {}

  /**
   * A task can go on, and waits for its turn.
   *
   * @param task the task
   */
  default void taskScheduled(Task task) {}

  /**
   * A task's turn begins.
   *
   * @param task the task
   */
  default void beforeStep(Task task) {}

  /**
   * A task's turn is over: it waits, gives way, enters a blocking section or has ended ({@link
   * Task#status()} tells).
   *
   * @param task the task
   */
  default void afterStep(Task task) {}

  /**
   * A task has ended.
   *
   * @param task the task
   */
  default void taskEnded(Task task) {}

  /**
   * A task has ended with an error that goes to its nursery, or with a cancellation; called before
   * {@link #taskEnded}.
   *
   * @param task the task
   * @param error what it threw
   */
  default void taskFailed(Task task, Throwable error) {}

  /**
   * A scope became cancelled: by a call, by its deadline, by a failure in its nursery.
   *
   * @param scope the scope; {@link CancelScope#reason()} tells why
   */
  default void scopeCancelled(CancelScope scope) {}

  /**
   * A cancellation is delivered to a task: its checkpoint throws it.
   *
   * @param task the task
   * @param cancelled what it throws; the message says which scope was cancelled and why
   */
  default void cancelDelivered(Task task, Cancelled cancelled) {}

  /**
   * A task has swallowed a hundred cancellations of one scope; told once, with what is thrown this
   * time. Also reported to {@code System.Logger}, with the stack that swallows.
   *
   * @param task the task
   * @param cancelled the hundredth, which unlike the others has a stack trace: the stack that
   *     swallows
   */
  default void cancellationSwallowed(Task task, Cancelled cancelled) {}

  /**
   * Nothing can run: the run waits for I/O, timers and other threads.
   *
   * @param timeout for how long at most, null without limit
   */
  default void beforeIoWait(@Nullable Duration timeout) {}

  /**
   * The wait is over.
   *
   * @param timeout what was given to {@link #beforeIoWait}
   */
  default void afterIoWait(@Nullable Duration timeout) {}

  /**
   * A task holds the baton for longer than the run's stall threshold; told once for each stall.
   * Alone among the events, it comes on a thread of the watch, while the task goes on.
   *
   * @param task the task
   * @param held for how long it has held it so far
   * @param stack where it is
   */
  default void stalled(Task task, Duration held, StackTraceElement[] stack) {}

  /**
   * All tasks of the run wait for what only they could do; told once for each run, when it comes to
   * rest. May wake tasks and cancel scopes, which end the deadlock then. Also reported to {@code
   * System.Logger}.
   *
   * @param deadlock who waits for what and for whom
   */
  default void deadlocked(Deadlock deadlock) {}

  /**
   * An error has nobody to go to: code was abandoned and failed later, or a resource that the
   * program forgot could not be closed.
   *
   * @param error the error
   * @param where what failed
   */
  default void errorDropped(Throwable error, String where) {}

  /**
   * The program forgot to close something; Roost closes it now, at the end of the run.
   *
   * @param what the stream or listener
   * @param openedAt where it was opened, null unless an instrument {@linkplain #wantsOrigins wants}
   *     that, or the system property {@code roost.debug} is {@code true}
   */
  default void leftOpen(String what, @Nullable Throwable openedAt) {}

  /**
   * Whether the run is to remember where things are opened, for {@link #leftOpen} and {@link
   * #leftRegistered}; asked once, before the run begins. It costs a stack trace each.
   *
   * @return false unless overridden
   */
  default boolean wantsOrigins() {
    return false;
  }

  /**
   * Tasks have waited for a channel of the program's own, and it is still open at the end of the
   * run. Roost does not close it.
   *
   * @param what the channel
   * @param waitedAt where it was first waited for, null unless an instrument {@linkplain
   *     #wantsOrigins wants} that, or the system property {@code roost.debug} is {@code true}
   */
  default void leftRegistered(String what, @Nullable Throwable waitedAt) {}

  /**
   * The run has ended.
   *
   * @param run the name of the run
   */
  default void runEnded(String run) {}
}
