package dev.roost.testing;

import dev.roost.AsyncRunnable;
import dev.roost.CancelScope;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * What a test wants to happen within one kind of call. It is cut short when the stream is closed:
 * whoever waits in a stream learns of that.
 */
final class Hook {

  private @Nullable AsyncRunnable<? extends IOException> body;
  private @Nullable CancelScope running;

  void set(@Nullable AsyncRunnable<? extends IOException> body) {
    this.body = body;
  }

  /** Runs it, if there is one. */
  void run() throws IOException, InterruptedException {
    AsyncRunnable<? extends IOException> hook = body;
    if (hook == null) {
      return;
    }
    CancelScope scope = CancelScope.create();
    running = scope;
    try {
      if (!scope.run(hook)) {
        throw new ClosedChannelException();
      }
    } finally {
      running = null;
    }
  }

  /** The stream was closed. */
  void cutShort() {
    if (running != null) {
      running.cancel("the memory stream was closed");
    }
  }
}
