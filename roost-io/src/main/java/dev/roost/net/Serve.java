package dev.roost.net;

import dev.roost.AsyncConsumer;
import dev.roost.Limiter;
import dev.roost.TaskStatus;
import dev.roost.io.ByteStream;
import dev.roost.io.Listener;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Servers: a task for everybody who connects.
 *
 * {@snippet file="dev/roost/net/NetSamplesTest.java" region="serve"}
 *
 * <p>A server goes on until it is cancelled, until it is asked to stop, or until something fails:
 *
 * <ul>
 *   <li>Cancelled, it ends like any block, and its handlers with it.
 *   <li>Asked to stop, by {@link dev.roost.CancelScope#softCancel} or by Ctrl-C where the run
 *       allows it, it accepts nobody any more, closes its listeners, waits for its handlers, and
 *       returns.
 *   <li>An error of a handler ends the server: all other handlers are cancelled, and it throws an
 *       {@link dev.roost.ExceptionGroup}. A server that is to survive such errors says with {@link
 *       #onHandlerError} what becomes of them.
 *   <li>When the process has no room for one more connection (too many open files), the server says
 *       so to the {@link System.Logger} of this class, waits 100 ms on the clock of the run, and
 *       tries again. All other errors of accepting end it.
 * </ul>
 *
 * <p>The stream is closed when its handler has ended, and the listeners when the server has.
 */
public final class Serve {

  /** Lets everybody in. */
  private static final Limiter NO_LIMIT = () -> () -> {};

  private static final Server PLAIN = new Server(null, false, NO_LIMIT);

  private Serve() {}

  /**
   * Serves what comes from some listeners, until it is asked to stop. A checkpoint.
   *
   * @param listeners where streams come from, at least one; closed at the end
   * @param handler talks to one of those who connected; the stream is closed when it returns
   * @param <S> the streams
   * @throws InterruptedException if cancelled
   * @throws dev.roost.ExceptionGroup if a handler or a listener failed
   * @throws IllegalArgumentException if there is no listener
   * @throws IllegalStateException outside a run
   */
  public static <S extends ByteStream> void listeners(
      Collection<? extends Listener<? extends S>> listeners, AsyncConsumer<? super S, ?> handler)
      throws InterruptedException {
    PLAIN.listeners(listeners, handler);
  }

  /**
   * Serves a port of all addresses of this machine, until it is asked to stop. A checkpoint.
   *
   * @param port the port; 0 for one that is free
   * @param handler as for {@link #listeners}
   * @throws IOException if the port cannot be opened
   * @throws InterruptedException if cancelled
   * @throws dev.roost.ExceptionGroup if a handler or a listener failed
   * @throws IllegalArgumentException if the port is not one
   * @throws IllegalStateException outside a run
   */
  public static void tcp(int port, AsyncConsumer<TcpStream, ?> handler)
      throws IOException, InterruptedException {
    PLAIN.tcp(port, handler);
  }

  /**
   * Like {@link #tcp(int, AsyncConsumer)}, for {@link dev.roost.Nursery#startAndWait}: says when
   * the port is open. A checkpoint.
   *
   * {@snippet file="dev/roost/net/NetSamplesTest.java" region="serve-started"}
   *
   * @param port the port; 0 for one that is free
   * @param handler as for {@link #listeners}
   * @param status is told the listeners when they are open
   * @throws IOException if the port cannot be opened
   * @throws InterruptedException if cancelled
   * @throws dev.roost.ExceptionGroup if a handler or a listener failed
   * @throws IllegalArgumentException if the port is not one
   * @throws IllegalStateException outside a run
   */
  public static void tcp(
      int port, AsyncConsumer<TcpStream, ?> handler, TaskStatus<? super List<TcpListener>> status)
      throws IOException, InterruptedException {
    PLAIN.tcp(port, handler, status);
  }

  /**
   * A server that survives the errors of its handlers. An {@link Error} ends it all the same. Not a
   * checkpoint.
   *
   * {@snippet file="dev/roost/net/NetSamplesTest.java" region="on-handler-error"}
   *
   * @param onError is told each error, after the stream was closed; what it throws ends the server
   * @return the server, to be started
   */
  public static Server onHandlerError(Consumer<? super Exception> onError) {
    return PLAIN.onHandlerError(onError);
  }

  /**
   * A server that handles so many connections at once and no more. Who comes then waits: one at
   * each listener, accepted, and the others in the queue of the system. Not a checkpoint.
   *
   * {@snippet file="dev/roost/net/NetSamplesTest.java" region="limited"}
   *
   * @param limiter a permit of it is held for each connection, from before its handler begins until
   *     the stream is closed; a {@code CapacityLimiter} shared by several servers bounds them
   *     together
   * @return the server, to be started
   */
  public static Server limitedBy(Limiter limiter) {
    return PLAIN.limitedBy(limiter);
  }

  /**
   * A server whose {@code tcp} shares its port with the servers of other runs: call it in each run
   * of {@link dev.roost.Runs#parallel}, with the same port, and the connections are spread over
   * them. See {@link TcpListener#openShared}. Not a checkpoint.
   *
   * @return the server, to be started
   */
  public static Server sharingPort() {
    return PLAIN.sharingPort();
  }

  /** A server with options. Immutable. */
  public static final class Server {

    private final @Nullable Consumer<? super Exception> onError;
    private final boolean shared;
    private final Limiter limiter;

    private Server(@Nullable Consumer<? super Exception> onError, boolean shared, Limiter limiter) {
      this.onError = onError;
      this.shared = shared;
      this.limiter = limiter;
    }

    /**
     * The same, surviving the errors of its handlers. Not a checkpoint.
     *
     * @param onError is told each error, after the stream was closed; what it throws ends the
     *     server
     * @return a changed copy
     * @see Serve#onHandlerError
     */
    public Server onHandlerError(Consumer<? super Exception> onError) {
      return new Server(
          Objects.requireNonNull(onError, "Serve.onHandlerError: the consumer is null"),
          shared,
          limiter);
    }

    /**
     * The same, handling so many connections at once and no more. Not a checkpoint.
     *
     * @param limiter a permit of it is held for each connection
     * @return a changed copy
     * @see Serve#limitedBy
     */
    public Server limitedBy(Limiter limiter) {
      return new Server(
          onError, shared, Objects.requireNonNull(limiter, "Serve.limitedBy: the limiter is null"));
    }

    /**
     * The same, with {@code tcp} sharing its port. Not a checkpoint.
     *
     * @return a changed copy
     * @see Serve#sharingPort
     */
    public Server sharingPort() {
      return new Server(onError, true, limiter);
    }

    /**
     * As {@link Serve#listeners}. A checkpoint.
     *
     * @param listeners where streams come from, at least one; closed at the end
     * @param handler talks to one of those who connected
     * @param <S> the streams
     * @throws InterruptedException if cancelled
     * @throws dev.roost.ExceptionGroup if a listener failed, or a handler that nobody was told of
     * @throws IllegalArgumentException if there is no listener
     * @throws IllegalStateException outside a run
     */
    public <S extends ByteStream> void listeners(
        Collection<? extends Listener<? extends S>> listeners, AsyncConsumer<? super S, ?> handler)
        throws InterruptedException {
      Objects.requireNonNull(handler, "Serve: the handler is null");
      List<Listener<? extends S>> all = List.copyOf(listeners);
      if (all.isEmpty()) {
        throw new IllegalArgumentException(
            "Serve.listeners: there is no listener to serve. Give it at least one.");
      }
      new Serving<S>(handler, onError, limiter).run(all);
    }

    /**
     * As {@link Serve#tcp(int, AsyncConsumer)}. A checkpoint.
     *
     * @param port the port; 0 for one that is free
     * @param handler talks to one of those who connected
     * @throws IOException if the port cannot be opened
     * @throws InterruptedException if cancelled
     * @throws dev.roost.ExceptionGroup if a listener failed, or a handler that nobody was told of
     * @throws IllegalArgumentException if the port is not one
     * @throws IllegalStateException outside a run
     */
    public void tcp(int port, AsyncConsumer<TcpStream, ?> handler)
        throws IOException, InterruptedException {
      tcp(port, handler, TaskStatus.<List<TcpListener>>ignored());
    }

    /**
     * As {@link Serve#tcp(int, AsyncConsumer, TaskStatus)}. A checkpoint.
     *
     * @param port the port; 0 for one that is free
     * @param handler talks to one of those who connected
     * @param status is told the listeners when they are open
     * @throws IOException if the port cannot be opened
     * @throws InterruptedException if cancelled
     * @throws dev.roost.ExceptionGroup if a listener failed, or a handler that nobody was told of
     * @throws IllegalArgumentException if the port is not one
     * @throws IllegalStateException outside a run
     */
    public void tcp(
        int port, AsyncConsumer<TcpStream, ?> handler, TaskStatus<? super List<TcpListener>> status)
        throws IOException, InterruptedException {
      Objects.requireNonNull(handler, "Serve: the handler is null");
      Objects.requireNonNull(status, "Serve: the task status is null");
      try (TcpListener listener = shared ? TcpListener.openShared(port) : TcpListener.open(port)) {
        List<TcpListener> listeners = List.of(listener);
        status.started(listeners);
        listeners(listeners, handler);
      }
    }
  }
}
