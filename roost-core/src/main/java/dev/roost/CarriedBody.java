package dev.roost;

import dev.roost.internal.Sneaky;
import java.util.List;

/** A child's body inside the context that was captured where it was started. */
record CarriedBody(AsyncRunnable<?> child, List<ContextCarrier.Captured> captured, int depth)
    implements AsyncRunnable<RuntimeException>, Wrapping {

  @Override
  public Object wrapped() {
    return child;
  }

  @Override
  public void run() throws InterruptedException {
    try {
      if (depth == captured.size()) {
        child.run();
      } else {
        captured.get(depth).around(new CarriedBody(child, captured, depth + 1));
      }
    } catch (Exception e) { // with its own type to the nursery
      throw Sneaky.asInterrupted(e);
    }
  }
}
