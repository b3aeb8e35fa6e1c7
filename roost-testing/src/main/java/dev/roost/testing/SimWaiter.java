package dev.roost.testing;

import dev.roost.BusyResourceException;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.Suspension;
import java.nio.channels.ClosedChannelException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One direction of a simulated channel: at most one task waits for it. */
final class SimWaiter {

  private final Object channel;
  private final String what;
  private @Nullable Suspension<Boolean> waiting;

  /** {@code what} completes "waiting for …". */
  SimWaiter(Object channel, String what) {
    this.channel = channel;
    this.what = what;
  }

  /** Waits until it is woken, unless it is ready. A checkpoint. */
  void await(BooleanSupplier ready) throws InterruptedException {
    Checkpoints.throwIfCancelled();
    if (waiting != null) {
      throw new BusyResourceException(
          "Two tasks wait for "
              + what
              + " on "
              + channel
              + " at once. Give each direction to one task, or put a lock around it.");
    }
    if (ready.getAsBoolean()) {
      Checkpoints.letOthersRun();
      return;
    }
    Suspension<Boolean> wait = Suspension.create(what + " on " + channel);
    waiting = wait;
    wait.await(cancellation -> {
      waiting = null;
      return true;
    });
  }

  void wake() {
    Suspension<Boolean> wait = waiting;
    if (wait != null) {
      waiting = null;
      wait.resume(true);
    }
  }

  /** The channel was closed. */
  void close() {
    Suspension<Boolean> wait = waiting;
    if (wait != null) {
      waiting = null;
      wait.fail(new ClosedChannelException());
    }
  }
}
