package dev.roost;

import dev.roost.internal.Sneaky;
import java.util.List;

/**
 * A child's body inside the context that was captured where it was started: from one carrier's
 * surroundings to the next, and at last the body. Each carrier has to go on exactly once.
 */
final class CarriedBody implements AsyncRunnable<RuntimeException>, Wrapping {

  private final AsyncRunnable<?> child;
  private final List<ContextCarrier.Captured> captured;
  private final int depth;
  private boolean ran;

  CarriedBody(AsyncRunnable<?> child, List<ContextCarrier.Captured> captured) {
    this(child, captured, 0);
  }

  private CarriedBody(AsyncRunnable<?> child, List<ContextCarrier.Captured> captured, int depth) {
    this.child = child;
    this.captured = captured;
    this.depth = depth;
  }

  @Override
  public Object wrapped() {
    return child;
  }

  @Override
  public void run() throws InterruptedException {
    if (ran) {
      throw misuse("ran the body twice", captured.get(depth - 1));
    }
    ran = true;
    try {
      if (depth == captured.size()) {
        child.run();
      } else {
        goOn(captured.get(depth));
      }
    } catch (Exception e) { // with its own type to the nursery
      throw Sneaky.asInterrupted(e);
    }
  }

  private void goOn(ContextCarrier.Captured surroundings) throws Exception {
    CarriedBody inner = new CarriedBody(child, captured, depth + 1);
    surroundings.around(inner);
    if (!inner.ran) {
      throw misuse("returned without having run the body", surroundings);
    }
  }

  private static IllegalStateException misuse(String what, ContextCarrier.Captured who) {
    return new IllegalStateException(
        "ContextCarrier.Captured.around "
            + what
            + " of a task ("
            + who.getClass().getName()
            + "). It has to call body.run() exactly once.");
  }
}
