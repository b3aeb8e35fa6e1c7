package dev.roost;

import dev.roost.internal.Sneaky;

/** The body of a task that {@link Together} starts for something of the user's, {@code wrapped}. */
record Entry(Object wrapped, AsyncRunnable<?> body)
    implements AsyncRunnable<RuntimeException>, Wrapping {

  @Override
  public void run() throws InterruptedException {
    try {
      body.run();
    } catch (Exception e) { // with its own type to the nursery
      throw Sneaky.asInterrupted(e);
    }
  }
}
