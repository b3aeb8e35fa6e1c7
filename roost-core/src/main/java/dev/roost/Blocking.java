package dev.roost;

import org.jspecify.annotations.Nullable;

/**
 * Runs ordinary blocking code, such as JDBC, without stopping the other tasks: the task lets the
 * baton go for its duration and takes it again after it. The code runs on the task's own thread, so
 * that thread-locals, scoped values, names and stack traces stay. Inside, nothing of the run may be
 * used: see {@code Portal}.
 *
 * {@snippet file="dev/roost/CoreSamplesTest.java" region="blocking"}
 *
 * <p>If the task is cancelled while it is inside, its thread is interrupted, and the section ends
 * when its code does. What the code throws because of that becomes a {@link Cancelled} with it as
 * the cause; a value, or another error, is kept, and the next checkpoint throws.
 */
public final class Blocking {

  private static final BlockingSection PLAIN = new BlockingSection(null, null, false, false);

  private Blocking() {}

  /**
   * Runs blocking code in place. A checkpoint.
   *
   * @param code may block the thread
   * @param <X> what it may throw
   * @throws X what the code throws
   * @throws InterruptedException a {@link Cancelled} if cancelled before, or if the code failed
   *     because of its interruption
   * @throws IllegalStateException outside a run, or inside another blocking section
   */
  public static <X extends Exception> void run(AsyncRunnable<X> code)
      throws X, InterruptedException {
    PLAIN.run(code);
  }

  /**
   * Runs blocking code in place and gives its value. A checkpoint.
   *
   * @param code may block the thread
   * @param <T> its value
   * @param <X> what it may throw
   * @return the value
   * @throws X what the code throws
   * @throws InterruptedException as for {@link #run}
   * @throws IllegalStateException as for {@link #run}
   */
  public static <T extends @Nullable Object, X extends Exception> T call(AsyncCallable<T, X> code)
      throws X, InterruptedException {
    return PLAIN.call(code);
  }

  /**
   * Sections that first take a permit, so that a bounded number of them runs at once. There is no
   * limit otherwise.
   *
   * @param limiter gives the permits
   * @return the section
   */
  public static Section limitedBy(Limiter limiter) {
    return PLAIN.limitedBy(limiter);
  }

  /**
   * Sections that end at once when cancelled and leave their code running, on a helper thread. The
   * late result is dropped; a late error is reported to {@link Instrument#errorDropped}.
   *
   * @return the section
   */
  public static Section abandoning() {
    return PLAIN.abandoning();
  }

  /**
   * Sections that, when cancelled, run an action from another thread instead of interrupting the
   * code: {@code statement::cancel}. Whatever the code then throws counts as caused by it.
   *
   * <p>The action is run once, and may come just before the code has begun what it ends: a driver
   * forgets a {@code cancel} of a statement that is not at work yet.
   *
   * @param instead ends the code in its own way
   * @return the section
   */
  public static Section onCancel(SyncRunnable<?> instead) {
    return PLAIN.onCancel(instead);
  }

  /**
   * Sections that are not interrupted: cancellation waits for their end, and the next checkpoint
   * throws.
   *
   * @return the section
   */
  public static Section uninterrupted() {
    return PLAIN.uninterrupted();
  }

  /** How blocking code is run. */
  public sealed interface Section permits BlockingSection {

    /**
     * The same, with a permit.
     *
     * @param limiter gives the permits
     * @return a changed copy
     * @see Blocking#limitedBy
     */
    Section limitedBy(Limiter limiter);

    /**
     * The same, on a helper thread that is left behind when cancelled.
     *
     * @return a changed copy
     * @see Blocking#abandoning
     */
    Section abandoning();

    /**
     * The same, with an action instead of interruption.
     *
     * @param instead ends the code in its own way
     * @return a changed copy
     * @see Blocking#onCancel
     */
    Section onCancel(SyncRunnable<?> instead);

    /**
     * The same, without interruption.
     *
     * @return a changed copy
     * @see Blocking#uninterrupted
     */
    Section uninterrupted();

    /**
     * Runs blocking code. A checkpoint.
     *
     * @param code may block the thread
     * @param <X> what it may throw
     * @throws X what the code throws
     * @throws InterruptedException as for {@link Blocking#run}
     * @throws IllegalStateException as for {@link Blocking#run}
     */
    <X extends Exception> void run(AsyncRunnable<X> code) throws X, InterruptedException;

    /**
     * Runs blocking code and gives its value. A checkpoint.
     *
     * @param code may block the thread
     * @param <T> its value
     * @param <X> what it may throw
     * @return the value
     * @throws X what the code throws
     * @throws InterruptedException as for {@link Blocking#run}
     * @throws IllegalStateException as for {@link Blocking#run}
     */
    <T extends @Nullable Object, X extends Exception> T call(AsyncCallable<T, X> code)
        throws X, InterruptedException;
  }
}
