package dev.roost.testing;

import dev.roost.AsyncCallable;
import dev.roost.AsyncRunnable;
import dev.roost.Roost;
import dev.roost.WallClock;
import dev.roost.net.Network;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A machine in a {@link SimNet}. What runs on it opens its ports and makes its connections there,
 * by the same calls as on a real one.
 */
public final class SimHost {

  private static final int FIRST_FREE_PORT = 49_152;
  private static final int LAST_PORT = 65_535;

  final SimNet net;
  private final int number;
  private final String name;
  private final List<InetAddress> addresses;
  private final Network network;

  /** What is open, bound or connected. */
  private final List<SimServerChannel> servers = new ArrayList<>();

  private final List<SimDatagramChannel> datagrams = new ArrayList<>();
  private final Set<SimSocketChannel> streams = new LinkedHashSet<>();
  private int lastFreePort = FIRST_FREE_PORT - 1;

  private final SimClock clock = new SimClock();

  SimHost(SimNet net, int number, String name, List<InetAddress> addresses) {
    this.net = net;
    this.number = number;
    this.name = Objects.requireNonNull(name, "SimNet.host: the name is null");
    this.addresses = addresses;
    this.network = new Network(new SimProvider(this), net.resolverFor(this));
  }

  /**
   * Runs a body on this host: it, and the children that it starts, have their sockets here, and
   * read the time off its clock. Not a checkpoint itself.
   *
   * @param body the body
   * @param <X> what it may throw
   * @throws X what the body throws
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public <X extends Exception> void run(AsyncRunnable<X> body) throws X, InterruptedException {
    clock.run(() -> network.run(body));
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
    return clock.call(() -> network.call(body));
  }

  /**
   * Its name in the network.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Its addresses, without those of the loopback.
   *
   * @return at least one
   */
  public List<InetAddress> addresses() {
    return addresses;
  }

  /**
   * Its first address of IPv4.
   *
   * @return the address
   * @throws IllegalStateException if it has none
   */
  public InetAddress ipv4() {
    return first(Inet4Address.class);
  }

  /**
   * Its first address of IPv6.
   *
   * @return the address
   * @throws IllegalStateException if it has none
   */
  public InetAddress ipv6() {
    return first(Inet6Address.class);
  }

  private InetAddress first(Class<? extends InetAddress> family) {
    return addresses.stream()
        .filter(family::isInstance)
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(this + " has no such address. It has " + addresses + "."));
  }

  // ---- the clock

  /**
   * Sets its wall clock apart from that of the run. What runs on this host sees it at once: {@link
   * Roost#now()}, and the deadlines that are given as moments from now on, follow it, while
   * durations follow the clock of the run on every host. A clock that is set back goes back, as one
   * on a real machine does.
   *
   * @param ahead how far it is ahead from now on; negative if it is behind
   * @param driftPerSecond how many seconds it gains in each second of the run, such as 0.0001;
   *     negative if it loses some
   * @throws IllegalArgumentException if the drift is -1 or less: it would stand still or run
   *     backwards
   * @throws IllegalStateException outside a run
   */
  public void setClock(Duration ahead, double driftPerSecond) {
    clock.set(ahead, driftPerSecond);
  }

  /**
   * Its wall clock, for code that is given one, and for looking at it from elsewhere. To be asked
   * inside the run.
   *
   * @return the clock, which shows on every host what this host's clock shows
   */
  public InstantSource clock() {
    return () -> clock.shown(WallClock.nowOfRun());
  }

  // ---- breaking things

  /** Resets all its streams: both sides get an error at once. */
  public void reset() {
    List.copyOf(streams).forEach(SimSocketChannel::resetBoth);
  }

  void resetStreamsTo(SimHost other) {
    streams.stream()
        .filter(stream -> stream.isConnectedTo(other))
        .toList()
        .forEach(SimSocketChannel::resetBoth);
  }

  // ---- for the channels

  int directionTo(SimHost other) {
    return number < other.number ? 0 : 1;
  }

  boolean has(ProtocolFamily family) {
    return addresses.stream().anyMatch(address -> familyOf(address) == family);
  }

  static ProtocolFamily familyOf(InetAddress address) {
    return address instanceof Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  /** The address from which this host reaches another one. */
  InetAddress sourceFor(InetAddress target, SimHost at) throws SocketException {
    if (at == this) {
      return target;
    }
    return addresses.stream()
        .filter(address -> familyOf(address) == familyOf(target))
        .findFirst()
        .orElseThrow(() -> new SocketException("Network is unreachable"));
  }

  void ensureOwn(InetAddress address) throws BindException {
    if (!address.isAnyLocalAddress()
        && !address.isLoopbackAddress()
        && !addresses.contains(address)) {
      throw new BindException("Cannot assign requested address");
    }
  }

  /** The port that was asked for, if nobody has it, or a free one for 0. */
  InetSocketAddress claim(InetSocketAddress wanted, List<InetSocketAddress> taken)
      throws BindException {
    ensureOwn(wanted.getAddress());
    if (wanted.getPort() != 0) {
      if (taken.stream().anyMatch(other -> overlap(wanted, other))) {
        throw new BindException("Address already in use");
      }
      return wanted;
    }
    return new InetSocketAddress(wanted.getAddress(), freePort(taken));
  }

  private int freePort(List<InetSocketAddress> taken) throws BindException {
    for (int tried = FIRST_FREE_PORT; tried <= LAST_PORT; tried++) {
      lastFreePort = lastFreePort == LAST_PORT ? FIRST_FREE_PORT : lastFreePort + 1;
      int port = lastFreePort;
      if (taken.stream().noneMatch(other -> other.getPort() == port)) {
        return port;
      }
    }
    throw new BindException("Address already in use");
  }

  private static boolean overlap(InetSocketAddress one, InetSocketAddress other) {
    return one.getPort() == other.getPort()
        && (one.getAddress().isAnyLocalAddress()
            || other.getAddress().isAnyLocalAddress()
            || one.getAddress().equals(other.getAddress()));
  }

  List<InetSocketAddress> listening() {
    return servers.stream().map(SimServerChannel::local).toList();
  }

  List<InetSocketAddress> receiving() {
    return datagrams.stream().map(SimDatagramChannel::local).toList();
  }

  List<InetSocketAddress> connected() {
    return streams.stream().map(SimSocketChannel::local).toList();
  }

  @Nullable SimServerChannel listenerAt(InetSocketAddress address) {
    return servers.stream()
        .filter(server -> overlap(server.local(), address))
        .findFirst()
        .orElse(null);
  }

  @Nullable SimDatagramChannel receiverAt(InetSocketAddress address) {
    return datagrams.stream()
        .filter(socket -> overlap(socket.local(), address))
        .findFirst()
        .orElse(null);
  }

  void opened(SimServerChannel server) {
    servers.add(server);
  }

  void closed(SimServerChannel server) {
    servers.remove(server);
  }

  void opened(SimDatagramChannel socket) {
    datagrams.add(socket);
  }

  void closed(SimDatagramChannel socket) {
    datagrams.remove(socket);
  }

  void opened(SimSocketChannel stream) {
    streams.add(stream);
  }

  void closed(SimSocketChannel stream) {
    streams.remove(stream);
  }

  /** The name. */
  @Override
  public String toString() {
    return "SimHost[" + name + "]";
  }
}
