package dev.roost.internal;

import org.jspecify.annotations.Nullable;

/**
 * Something to be done when the body of a fiber has ended. A hook stands in the list of one fiber
 * at most, and enters and leaves it in constant time without garbage, so that a lock can hook
 * itself to each owner.
 *
 * <p>Touched by the holder of the baton alone.
 */
public abstract class EndHook {

  /** Whose end this waits for; null while it waits for none. */
  private @Nullable Fiber fiber;

  private @Nullable EndHook next;
  private @Nullable EndHook previous;

  /**
   * Called by the fiber, with the baton held, when its body has ended; neither waits nor throws.
   */
  protected abstract void ended();

  /** Waits for the end of this fiber, and no longer for that of another. */
  public final void attach(Fiber to) {
    detach();
    EndHook first = to.endHooks;
    next = first;
    if (first != null) {
      first.previous = this;
    }
    to.endHooks = this;
    fiber = to;
  }

  /** Waits for nobody's end any more. */
  public final void detach() {
    Fiber from = fiber;
    if (from == null) {
      return;
    }
    EndHook before = previous;
    EndHook after = next;
    if (before == null) {
      from.endHooks = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
    next = null;
    previous = null;
    fiber = null;
  }
}
