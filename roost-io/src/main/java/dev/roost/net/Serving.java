package dev.roost.net;

import dev.roost.AsyncConsumer;
import dev.roost.CancelScope;
import dev.roost.Limiter;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.ByteStream;
import dev.roost.io.Listener;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One server at work: a task for each listener, and one for each connection, all in one nursery.
 *
 * <pre>
 *   ACCEPTING --- soft cancel ---> DRAINING (listeners closed) --- last handler ended ---> returns
 *      |                              |
 *      +--- cancelled, or an error ---+---> all cancelled and awaited ---> throws
 * </pre>
 */
final class Serving<S extends ByteStream> {

  private static final System.Logger LOG = System.getLogger(Serve.class.getName());
  private static final Duration WAIT_FOR_ROOM = Duration.ofMillis(100);

  static {
    // The JDK's logger needs the time zones. They are read from a file when they are first asked
    // for, and if there is no descriptor left then, logging fails ever after.
    var _ = ZoneId.systemDefault();
  }

  private final AsyncConsumer<? super S, ?> handler;
  private final HandlerErrors errors;
  private final Limiter limiter;

  Serving(
      AsyncConsumer<? super S, ?> handler,
      @Nullable Consumer<? super Exception> onError,
      Limiter limiter) {
    this.handler = handler;
    this.errors = new HandlerErrors(onError);
    this.limiter = limiter;
  }

  void run(List<Listener<? extends S>> listeners) throws InterruptedException {
    Nursery.run(nursery -> {
      for (Listener<? extends S> listener : listeners) {
        nursery.start("accepting from " + listener, () -> acceptAll(listener, nursery));
      }
    });
  }

  /**
   * Accepts until it is asked to stop. Who was accepted waits for a permit, and the next one for
   * him: to take the permit first would keep it from the other listeners while nobody comes here.
   */
  private void acceptAll(Listener<? extends S> listener, Nursery nursery)
      throws IOException, InterruptedException {
    try (listener) {
      CancelScope.untilStopping()
          .run(() -> {
            while (true) {
              S stream = acceptWhenThereIsRoom(listener);
              Limiter.Permit permit = permitFor(stream);
              nursery.start("handling " + stream, () -> handle(stream, permit));
            }
          });
    }
  }

  /** There is no checkpoint between the end of this and the start of the handler. */
  private Limiter.Permit permitFor(S stream) throws InterruptedException {
    try {
      return limiter.acquireFor(stream);
    } catch (Throwable t) {
      try (stream) {
        throw t;
      }
    }
  }

  private S acceptWhenThereIsRoom(Listener<? extends S> listener)
      throws IOException, InterruptedException {
    while (true) {
      try {
        return listener.accept();
      } catch (IOException e) {
        if (e instanceof ClosedChannelException || !AcceptErrors.isOfCapacity(e)) {
          throw e;
        }
        LOG.log(
            Level.ERROR,
            () ->
                "There is no room for another connection to "
                    + listener
                    + ". Trying again in 100 ms.",
            e);
        Roost.sleep(WAIT_FOR_ROOM);
      }
    }
  }

  private void handle(S stream, Limiter.Permit permit) throws Exception {
    try (permit;
        stream) {
      errors.handle(() -> handler.accept(stream));
    }
  }
}
