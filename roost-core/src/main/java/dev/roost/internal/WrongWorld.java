package dev.roost.internal;

import org.jspecify.annotations.Nullable;

/** The errors of those who call from where it cannot work (R13). */
final class WrongWorld {

  private WrongWorld() {}

  /** Something that needs a task was called where none runs. */
  static IllegalStateException noTask(@Nullable Fiber fiber) {
    String thread = Thread.currentThread().getName();
    if (fiber == null) {
      return new IllegalStateException(
          "This needs a task of a run, and the thread \""
              + thread
              + "\" is none: it was called outside a run, or on a"
              + " thread that Roost did not make. Call it inside Roost.run(() -> …); from another thread, hand the work to"
              + " the run through a Portal.");
    }
    if (fiber.isBlocking()) {
      return new IllegalStateException(
          "This was called inside a blocking section (Blocking.run or call), where the task has let the run go on"
              + " without it. Call it after the section, or go through a Portal.");
    }
    return new IllegalStateException(
        "This was called by "
            + fiber
            + " while it was not its turn. Its thread was let run by something other than"
            + " Roost.");
  }

  /** An object of a run was changed by somebody who may not. */
  static IllegalStateException foreign(String operation, Scheduler run) {
    Fiber fiber = Fiber.ofThisThread();
    String who =
        fiber == null
            ? "the thread \"" + Thread.currentThread().getName() + "\", which runs no task of it"
            : fiber.isBlocking()
                ? "a blocking section of " + fiber
                : fiber + " of another run (" + fiber.scheduler.name + ")";
    return new IllegalStateException(
        operation
            + ": this belongs to the run "
            + run.name
            + " and was used from "
            + who
            + ". Only the run's own tasks"
            + " may use it; from elsewhere, hand the work to the run through a Portal.");
  }
}
