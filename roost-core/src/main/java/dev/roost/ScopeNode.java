package dev.roost;

import dev.roost.internal.CancelNode;
import dev.roost.internal.Fiber;

/** A scope's place in the tree. */
final class ScopeNode extends CancelNode {

  final CancelScope scope;

  ScopeNode(CancelScope scope, boolean untilStopping) {
    super(untilStopping);
    this.scope = scope;
  }

  @Override
  protected Throwable cancellationFor(Fiber fiber) {
    return ((TaskFiber) fiber).deliver(((ScopeNode) cancelledBy()).scope);
  }

  @Override
  protected void cancelledByStop() {
    scope.stopped();
  }

  @Override
  protected void fire() {
    scope.expire();
  }
}
