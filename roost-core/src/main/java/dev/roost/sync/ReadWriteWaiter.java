package dev.roost.sync;

import dev.roost.lowlevel.Line;
import dev.roost.lowlevel.Suspension;
import org.jspecify.annotations.Nullable;

/** A task that waits to read or to write. */
final class ReadWriteWaiter extends Line.Place implements Suspension.AbortHandler {

  final ReadWritePermit permit;
  private final Suspension<@Nullable Void> suspension;

  ReadWriteWaiter(ReadWritePermit permit) {
    this.permit = permit;
    this.suspension = Suspension.create(permit.lock);
  }

  void await() throws InterruptedException {
    suspension.await(this);
  }

  void granted() {
    suspension.resume(null);
  }

  void fail(RuntimeException error) {
    suspension.fail(error);
  }

  @Override
  public boolean abort(Throwable cancellation) {
    permit.lock.leave(this);
    return true;
  }
}
