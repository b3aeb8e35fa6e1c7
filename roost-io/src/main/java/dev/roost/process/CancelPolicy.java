package dev.roost.process;

import dev.roost.AsyncConsumer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a process is stopped when whoever runs it is cancelled or fails. Whatever the policy, the
 * process has ended when the cancellation or the error comes out; while it is being stopped, what
 * it still writes is read and dropped, so that it cannot get stuck.
 *
 * <p>The default is {@link #terminate} with five seconds. Immutable.
 */
public final class CancelPolicy {

  static final CancelPolicy DEFAULT = new CancelPolicy(Duration.ofSeconds(5), null, false);

  /** How long it may go on after having been asked to stop; zero: it is killed at once. */
  final Duration grace;

  final @Nullable AsyncConsumer<? super RunningProcess, ?> delivery;
  final boolean wholeTree;

  private CancelPolicy(
      Duration grace,
      @Nullable AsyncConsumer<? super RunningProcess, ?> delivery,
      boolean wholeTree) {
    this.grace = grace;
    this.delivery = delivery;
    this.wholeTree = wholeTree;
  }

  /**
   * Asks the process to stop (SIGTERM), waits for it, and kills it if it has not ended when the
   * grace is over. That is reported through {@link System.Logger}.
   *
   * <p>A process lives in real time. So the grace is over when that much of real time has passed,
   * or that much of the run's clock, whichever comes first: the two differ on a virtual clock
   * alone, which does not jump by itself while a process is waited for.
   *
   * @param grace how long to wait
   * @return the policy
   * @throws IllegalArgumentException if the grace is negative
   */
  public static CancelPolicy terminate(Duration grace) {
    Objects.requireNonNull(grace, "CancelPolicy.terminate: the grace is null");
    if (grace.isNegative()) {
      throw new IllegalArgumentException(
          "CancelPolicy.terminate: the grace is negative ("
              + grace
              + "). For no grace at all, use CancelPolicy.kill().");
    }
    return new CancelPolicy(grace, null, false);
  }

  /**
   * Kills the process at once (SIGKILL).
   *
   * @return the policy
   */
  public static CancelPolicy kill() {
    return new CancelPolicy(Duration.ZERO, null, false);
  }

  /**
   * Stops the process in a way of its own. The function runs inside a shield, and is cancelled as
   * soon as the process has ended; nothing else is done to the process, unless the function fails:
   * then it is killed, and the error hangs on what was being thrown, as suppressed.
   *
   * @param delivery what to do to the process
   * @return the policy
   */
  public static CancelPolicy custom(AsyncConsumer<? super RunningProcess, ?> delivery) {
    return new CancelPolicy(
        Duration.ZERO,
        Objects.requireNonNull(delivery, "CancelPolicy.custom: the function is null"),
        false);
  }

  /**
   * The same for the process and all of its descendants: those that it has when it is to be
   * stopped, and those that are there when it is killed. The grace is for all of them together.
   * Does not change what a {@linkplain #custom custom} policy does, but when that fails, or when
   * the process is closed, all are killed.
   *
   * @return a changed copy
   */
  public CancelPolicy wholeTree() {
    return new CancelPolicy(grace, delivery, true);
  }

  /** What it does. */
  @Override
  public String toString() {
    return "CancelPolicy["
        + (delivery != null ? "custom" : grace.isZero() ? "kill" : "terminate, kill after " + grace)
        + (wholeTree ? ", the whole tree]" : "]");
  }
}
