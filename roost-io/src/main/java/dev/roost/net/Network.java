package dev.roost.net;

import dev.roost.AsyncCallable;
import dev.roost.AsyncRunnable;
import dev.roost.TaskLocal;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;

/**
 * Where the sockets of a task are made, and who knows its names: the network of the system, or in
 * tests a simulated one. Each task has one, {@link #current()}, and passes it on to its children.
 * {@link TcpStream}, {@link TcpListener} and all that is built on them ask for it, so that the same
 * code runs on whatever network it finds itself in.
 *
 * <p>The channels of a network other than the system's are no business of the system's selectors:
 * they implement {@link dev.roost.lowlevel.Readiness.Own}.
 *
 * @param provider opens the channels
 * @param resolver knows the names; used where no other was given
 */
public record Network(SelectorProvider provider, HostResolver resolver) {

  private static final Network SYSTEM =
      new Network(SelectorProvider.provider(), HostResolver.standard());

  private static final TaskLocal<Network> CURRENT = TaskLocal.withDefault(SYSTEM);

  /** A network of these two. Not a checkpoint. */
  public Network {
    Objects.requireNonNull(provider, "Network: the provider is null");
    Objects.requireNonNull(resolver, "Network: the resolver is null");
  }

  /**
   * The network of the system, with {@link HostResolver#standard()}. Not a checkpoint.
   *
   * @return the network that every run begins in
   */
  public static Network system() {
    return SYSTEM;
  }

  /**
   * The network of the current task. Not a checkpoint.
   *
   * @return the network
   * @throws IllegalStateException outside a run
   */
  public static Network current() {
    return CURRENT.get();
  }

  /**
   * Runs a body in this network: it, and the children that it starts, open their sockets here. Not
   * a checkpoint itself.
   *
   * @param body the body
   * @param <X> what it may throw
   * @throws X what the body throws
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public <X extends Exception> void run(AsyncRunnable<X> body) throws X, InterruptedException {
    CURRENT.where(this).run(body);
  }

  /**
   * Like {@link #run}, with a result. Not a checkpoint itself.
   *
   * @param body the body
   * @param <T> its result
   * @param <X> what it may throw
   * @return what the body returns
   * @throws X what the body throws
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public <T, X extends Exception> T call(AsyncCallable<T, X> body) throws X, InterruptedException {
    return CURRENT.where(this).call(body);
  }

  /** Whether it is the system's. */
  boolean isSystem() {
    return provider == SYSTEM.provider;
  }
}
