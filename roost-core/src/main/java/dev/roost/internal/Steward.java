package dev.roost.internal;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a task of the run between the tasks: what timers and posted actions call (abort
 * handlers, instruments) may use the objects of the run like a task, but may not wait, and is not
 * mistaken for the task on whose thread it happens to be done.
 *
 * <p>Invariant: the stand-in's thread is the one that works as the steward now; it is left alone
 * only while no task can ask "is it me?" on that thread.
 */
final class Steward {

  /**
   * The run that this thread does the host's work of. It cannot be the host of another meanwhile.
   */
  private static final ThreadLocal<@Nullable Scheduler> HOSTED = new ThreadLocal<>();

  private final Scheduler scheduler;
  private @Nullable Fiber standIn;

  Steward(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Before anything else is done with the run. */
  void play(Fiber fiber) {
    standIn = fiber;
    fiber.atomic(+1);
  }

  boolean isPlayedBy(Fiber fiber) {
    return fiber == standIn;
  }

  /** This thread begins to do the host's work. */
  void worksHere() {
    HOSTED.set(scheduler);
  }

  void leavesHere() {
    HOSTED.remove();
  }

  /**
   * The steward of the run whose timers or posted actions this thread is at; {@code fiber} is the
   * thread's own or null.
   */
  static @Nullable Fiber ofThisThread(@Nullable Fiber fiber) {
    Fiber own = fiber == null ? null : fiber.scheduler.steward.standIn;
    if (own != null && own.isCurrent()) {
      return own;
    }
    Scheduler hosted = HOSTED.get();
    Fiber other = hosted == null ? null : hosted.steward.standIn;
    return other != null && other.isCurrent() ? other : null;
  }

  /** The calling thread, which holds the baton, is the steward from here on. */
  void takesOver() {
    Fiber fiber = Objects.requireNonNull(standIn);
    fiber.thread = Thread.currentThread();
    scheduler.current = fiber;
  }

  /** It is whom it was before {@link #takesOver}. */
  void handsBackTo(@Nullable Fiber before) {
    scheduler.current = before;
    if (before != standIn) {
      Objects.requireNonNull(standIn).thread = null; // or this thread might take itself for it
    }
  }
}
