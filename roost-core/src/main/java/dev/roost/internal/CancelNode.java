package dev.roost.internal;

import org.jspecify.annotations.Nullable;

/**
 * A cancel scope's place in the run's tree of scopes, with the fibers whose innermost scope it is.
 * It is also the timer of the scope's deadline.
 *
 * <p>Invariants, for each node in the tree:
 *
 * <ul>
 *   <li>{@code effective == cancelCalled || !shield && parent != null && parent.effective};
 *   <li>{@code stopping == softCalled || !shield && parent != null && parent.stopping};
 *   <li>a node that is {@code untilStopping} and {@code stopping} is {@code cancelCalled};
 *   <li>each fiber with {@code fiber.node == this} is in the list of fibers, in the order of
 *       arrival.
 * </ul>
 *
 * <p>A change is one walk over the nodes below it, without recursion (thousands of nested scopes
 * are fine) and without looking at any task that is not concerned. The walk relies on what abort
 * functions may not do: enter or leave scopes.
 *
 * <p>Touched only by the holder of the baton.
 */
public abstract class CancelNode extends Timer {

  private @Nullable CancelNode parent;
  private @Nullable CancelNode firstChild;
  private @Nullable CancelNode lastChild;
  private @Nullable CancelNode nextSibling;
  private @Nullable CancelNode previousSibling;
  private @Nullable Fiber firstFiber;
  private @Nullable Fiber lastFiber;

  boolean effective;
  private boolean stopping;
  private boolean cancelCalled;
  private boolean softCalled;
  private boolean shield;
  private final boolean untilStopping;

  protected CancelNode(boolean untilStopping) {
    this.untilStopping = untilStopping;
  }

  /**
   * What a fiber whose innermost scope is this one throws at its checkpoint; the node is
   * effectively cancelled.
   */
  protected abstract Throwable cancellationFor(Fiber fiber);

  /** Told once, when the node became cancelled because the blocks around it are to stop. */
  protected abstract void cancelledByStop();

  public final boolean effective() {
    return effective;
  }

  public final boolean stopping() {
    return stopping;
  }

  public final boolean cancelCalled() {
    return cancelCalled;
  }

  public final boolean softCalled() {
    return softCalled;
  }

  public final boolean shield() {
    return shield;
  }

  public final boolean untilStopping() {
    return untilStopping;
  }

  public final @Nullable CancelNode parent() {
    return parent;
  }

  /**
   * Whether a cancelled scope further out can be seen from here, so that this one must let it pass.
   */
  public final boolean seesCancelledParent() {
    return !shield && parent != null && parent.effective;
  }

  /**
   * The outermost cancelled scope that is visible from here: the one that a cancellation delivered
   * now is for.
   */
  public final CancelNode cancelledBy() {
    CancelNode found = this;
    for (CancelNode at = this; at != null && at.effective; at = at.shield ? null : at.parent) {
      if (at.cancelCalled) {
        found = at;
      }
    }
    return found;
  }

  public final void markCancelled() {
    if (!cancelCalled) {
      cancelCalled = true;
      update();
    }
  }

  public final void markSoftCancelled() {
    if (!softCalled) {
      softCalled = true;
      update();
    }
  }

  public final void setShield(boolean on) {
    if (shield != on) {
      shield = on;
      update();
    }
  }

  // ---- structure

  /** Puts this node below {@code above}, without any fiber. */
  public final void attach(@Nullable CancelNode above) {
    link(above);
    update();
  }

  /** Puts this node around the fiber: below its innermost scope so far. */
  public final void enter(Fiber fiber) {
    CancelNode outer = fiber.node;
    if (outer != null) {
      outer.removeFiber(fiber);
    }
    link(outer);
    addFiber(fiber);
    if (cancelCalled || softCalled || (outer != null && (outer.effective || outer.stopping))) {
      update();
    }
  }

  /**
   * Takes this node away from around the fiber; it must be the fiber's innermost one and hold
   * nothing else.
   */
  public final void leave(Fiber fiber) {
    removeFiber(fiber);
    CancelNode outer = parent;
    detach();
    if (outer != null) {
      outer.addFiber(fiber);
    }
  }

  /**
   * Takes this node out of the tree; nothing is below it any more. What it says of itself stays
   * readable.
   */
  public final void detach() {
    CancelNode from = parent;
    if (from == null) {
      return;
    }
    CancelNode before = previousSibling;
    CancelNode after = nextSibling;
    if (before == null) {
      from.firstChild = after;
    } else {
      before.nextSibling = after;
    }
    if (after == null) {
      from.lastChild = before;
    } else {
      after.previousSibling = before;
    }
    previousSibling = null;
    nextSibling = null;
    parent = null;
  }

  /** Moves every fiber and every node below {@code other} to this node. */
  public final void adoptAllOf(CancelNode other) {
    for (Fiber fiber; (fiber = other.firstFiber) != null; ) {
      other.removeFiber(fiber);
      addFiber(fiber);
      if (effective) {
        fiber.tryAbort(this);
      }
    }
    for (CancelNode child; (child = other.firstChild) != null; ) {
      child.detach();
      child.attach(this);
    }
  }

  /** Whether nothing is below this node. */
  public final boolean isEmpty() {
    return firstChild == null && firstFiber == null;
  }

  public final void addFiber(Fiber fiber) {
    fiber.node = this;
    Fiber last = lastFiber;
    fiber.previousInNode = last;
    if (last == null) {
      firstFiber = fiber;
    } else {
      last.nextInNode = fiber;
    }
    lastFiber = fiber;
  }

  public final void removeFiber(Fiber fiber) {
    Fiber before = fiber.previousInNode;
    Fiber after = fiber.nextInNode;
    if (before == null) {
      firstFiber = after;
    } else {
      before.nextInNode = after;
    }
    if (after == null) {
      lastFiber = before;
    } else {
      after.previousInNode = before;
    }
    fiber.previousInNode = null;
    fiber.nextInNode = null;
    fiber.node = null;
  }

  private void link(@Nullable CancelNode above) {
    parent = above;
    if (above == null) {
      return;
    }
    CancelNode last = above.lastChild;
    previousSibling = last;
    if (last == null) {
      above.firstChild = this;
    } else {
      last.nextSibling = this;
    }
    above.lastChild = this;
  }

  /** Restores the invariants of this node and of all below it, and delivers what became due. */
  private void update() {
    CancelNode at = this;
    do {
      boolean changed = at.updateAlone();
      if (changed && at.firstChild != null) {
        at = at.firstChild;
      } else {
        while (at != this && at.nextSibling == null) {
          at = java.util.Objects.requireNonNull(at.parent);
        }
        if (at != this) {
          at = java.util.Objects.requireNonNull(at.nextSibling);
        }
      }
    } while (at != this);
  }

  private boolean updateAlone() {
    CancelNode above = shield ? null : parent;
    boolean stops = softCalled || (above != null && above.stopping);
    boolean changed = stops != stopping;
    stopping = stops;
    if (stops && untilStopping && !cancelCalled) {
      cancelCalled = true;
      cancelledByStop();
    }
    boolean cancelled = cancelCalled || (above != null && above.effective);
    if (cancelled != effective) {
      effective = cancelled;
      changed = true;
      if (cancelled) {
        for (Fiber fiber = firstFiber; fiber != null; fiber = fiber.nextInNode) {
          fiber.tryAbort(this);
        }
      }
    }
    return changed;
  }
}
