package dev.roost;

import dev.roost.internal.Abort;
import dev.roost.internal.Fiber;
import dev.roost.internal.StackRoom;
import dev.roost.internal.Timer;

/** One task's sleep: the timer that ends it, and what undoes it. */
final class Sleep extends Timer implements Abort {

  private final TaskFiber fiber;

  private Sleep(TaskFiber fiber) {
    this.fiber = fiber;
  }

  static void until(TaskFiber me, long moment) throws InterruptedException {
    me.checkCancelled();
    StackRoom.forAWait(me);
    Sleep sleep = new Sleep(me);
    me.run.scheduler.timers().set(sleep, moment);
    me.suspend(sleep);
  }

  @Override
  protected void fire() {
    fiber.resume(null);
  }

  @Override
  public boolean abort(Fiber aborted, Throwable cancellation) {
    fiber.run.scheduler.timers().remove(this);
    return true;
  }

  @Override
  public String toString() {
    if (moment() == NEVER) {
      return "ever (sleepForever)";
    }
    long left = Math.max(0, moment() - fiber.run.nanoTime());
    return Times.text(Times.roundUp(left)) + " to pass";
  }
}
