package dev.roost.net;

import dev.roost.CancelScope;
import dev.roost.Task;
import dev.roost.lowlevel.Suspension;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The reading of one transport on behalf of all who wait for something from it, without a task of
 * its own: the first to wait reads for all, and when it has what it waits for, the next one takes
 * over. As long as nobody waits nothing is read, and the system keeps what comes.
 *
 * <pre>
 *   await --- nobody reads ---> LEADING --- its box is ready, or it is cancelled ---> leaves, and wakes a follower
 *     |                            ^
 *     +--- somebody does ---> FOLLOWING --- its box is ready ---> leaves
 * </pre>
 */
final class DtlsReading {

  /** What somebody waits for. */
  abstract static class Box {
    private @Nullable Suspension<@Nullable Void> following;

    /** Whether it need not wait: something is there, or nothing will come any more. */
    abstract boolean ready();
  }

  private final DatagramTransport transport;
  private final Consumer<Datagram> dispatch;
  private final Deque<Box> followers = new ArrayDeque<>();
  private @Nullable Box led;
  private @Nullable Task leader;
  private CancelScope reading = CancelScope.create();

  /**
   * {@code dispatch} must not wait nor throw; what it puts into a box it {@linkplain #wake wakes}.
   */
  DtlsReading(DatagramTransport transport, Consumer<Datagram> dispatch) {
    this.transport = transport;
    this.dispatch = dispatch;
  }

  /** Waits until the box is ready. A checkpoint, unless it is. */
  void await(Box box) throws IOException, InterruptedException {
    while (!box.ready()) {
      if (led == null) {
        lead(box);
      } else {
        follow(box);
      }
    }
  }

  private void lead(Box box) throws IOException, InterruptedException {
    led = box;
    leader = Task.current();
    reading = CancelScope.create();
    try {
      reading.run(() -> {
        while (!box.ready()) {
          dispatch.accept(transport.receive());
        }
      });
    } finally {
      led = null;
      leader = null;
      Box next = followers.poll();
      if (next != null) {
        resume(next);
      }
    }
  }

  private void follow(Box box) throws InterruptedException {
    Suspension<@Nullable Void> suspension = Suspension.create(box);
    box.following = suspension;
    followers.add(box);
    suspension.await(_ -> {
      followers.remove(box);
      box.following = null;
      return true;
    });
  }

  /** Says that a box is ready. */
  void wake(Box box) {
    if (led == box) {
      if (leader != Task.current()) { // the leader itself looks after each datagram
        reading.cancel("what it waited for is there");
      }
    } else if (followers.remove(box)) {
      resume(box);
    }
  }

  private static void resume(Box box) {
    Suspension<@Nullable Void> suspension = box.following;
    box.following = null;
    if (suspension != null) {
      suspension.resume(null);
    }
  }
}
