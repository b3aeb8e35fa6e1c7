package dev.roost;

import dev.roost.internal.Abort;
import dev.roost.internal.Fiber;
import dev.roost.internal.StackRoom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies a function to items, a task an item and a bounded number of tasks at once: the body of a
 * nursery starts the next one when there is room.
 *
 * <p>Invariant: {@code running} is at most the limit, and the body waits only while it is equal to
 * it.
 */
final class Limited<A, B extends @Nullable Object> implements Abort {

  private final List<A> items;
  private final int limit;
  private final AsyncFunction<? super A, ? extends B, ?> f;
  private final Results<B> results;
  private final TaskFiber body = TaskFiber.current();
  private int running;
  private boolean waiting;

  Limited(
      List<A> items, int limit, AsyncFunction<? super A, ? extends B, ?> f, Results<B> results) {
    this.items = items;
    this.limit = limit;
    this.f = f;
    this.results = results;
  }

  /** The body of the nursery. */
  void startAll(Nursery nursery, Object namedAfter) throws InterruptedException {
    for (int i = 0; i < items.size(); i++) {
      if (running == limit) {
        StackRoom.forAWait(body);
        waiting = true;
        body.suspend(this);
        body.checkCancelled(); // another one may have failed since there was room
      }
      running++;
      int index = i;
      nursery.start(new Entry(namedAfter, () -> apply(index)));
    }
  }

  private void apply(int index) throws Exception {
    results.put(index, f.apply(items.get(index)));
    running--; // one that fails makes no room: its error cancels the body's wait
    if (waiting) {
      waiting = false;
      body.resume(null);
    }
  }

  @Override
  public boolean abort(Fiber fiber, Throwable cancellation) {
    waiting = false;
    return true;
  }

  @Override
  public String toString() {
    return "one of " + running + " tasks to end, its limit of tasks at once";
  }
}
