package dev.roost.net;

import dev.roost.ExceptionGroup;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.Readiness;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to connect to a host that may have many addresses, some of which may not answer: "happy
 * eyeballs", after RFC 8305.
 *
 * <p>The addresses are tried in the order of the resolver, except that the first one of another
 * family (IPv4 or IPv6) comes second. The next attempt starts when the one before has failed, or
 * after {@link #happyEyeballsDelay} if it has not; attempts that were started go on. The first
 * connection wins, and all others are closed. There is no timeout: put a cancel scope around it.
 *
 * {@snippet file="dev/roost/net/NetSamplesTest.java" region="connector"}
 *
 * <p>Immutable: each option gives a changed copy. Usable anywhere, by many runs.
 */
public final class TcpConnector {

  static final TcpConnector DEFAULT = new TcpConnector(Duration.ofMillis(250), null, null);

  private final Duration delay;
  private final @Nullable HostResolver resolver;
  private final @Nullable InetSocketAddress local;

  private TcpConnector(
      Duration delay, @Nullable HostResolver resolver, @Nullable InetSocketAddress local) {
    this.delay = delay;
    this.resolver = resolver;
    this.local = local;
  }

  /**
   * How long to wait for an attempt before the next one is started beside it. 250 ms by default.
   * Not a checkpoint.
   *
   * @param delay the time on the clock of the run; zero for all attempts at once
   * @return a changed copy
   * @throws IllegalArgumentException if the time is negative
   */
  public TcpConnector happyEyeballsDelay(Duration delay) {
    Objects.requireNonNull(delay, "TcpConnector.happyEyeballsDelay: the delay is null");
    if (delay.isNegative()) {
      throw new IllegalArgumentException(
          "TcpConnector.happyEyeballsDelay: the delay is negative ("
              + delay
              + "). Zero starts all attempts at once.");
    }
    return new TcpConnector(delay, resolver, local);
  }

  /**
   * Who finds the addresses of names; by default that of the {@link Network}, which is {@link
   * HostResolver#standard()}. Numeric addresses need none. Not a checkpoint.
   *
   * @param resolver finds the addresses
   * @return a changed copy
   */
  public TcpConnector resolver(HostResolver resolver) {
    return new TcpConnector(
        delay,
        Objects.requireNonNull(resolver, "TcpConnector.resolver: the resolver is null"),
        local);
  }

  /**
   * Which address of this machine to connect from. An attempt with an address of another family
   * fails. Not a checkpoint.
   *
   * @param address the address
   * @return a changed copy
   */
  public TcpConnector localAddress(InetAddress address) {
    Objects.requireNonNull(address, "TcpConnector.localAddress: the address is null");
    return localAddress(new InetSocketAddress(address, 0));
  }

  /**
   * Which address and port of this machine to connect from. An attempt with an address of another
   * family fails. Not a checkpoint.
   *
   * @param address the address, resolved; port 0 for any
   * @return a changed copy
   * @throws IllegalArgumentException if the address is not resolved
   */
  public TcpConnector localAddress(InetSocketAddress address) {
    Objects.requireNonNull(address, "TcpConnector.localAddress: the address is null");
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "TcpConnector.localAddress: "
              + address
              + " is not resolved. Make it from an InetAddress.");
    }
    return new TcpConnector(delay, resolver, address);
  }

  /**
   * Connects. A checkpoint.
   *
   * @param host a name or a numeric address
   * @param port the port, 1 to 65535
   * @return the stream; the caller closes it
   * @throws java.net.UnknownHostException if the host has no address
   * @throws ConnectException if all attempts failed: it names the host and the port, and its cause
   *     is an {@link ExceptionGroup} of what each attempt failed with, in the order in which they
   *     failed
   * @throws IOException if the resolver failed
   * @throws InterruptedException if cancelled; nothing is left open
   * @throws IllegalArgumentException if the host is empty or the port is not one
   * @throws IllegalStateException outside a run
   */
  public TcpStream connect(String host, int port) throws IOException, InterruptedException {
    Targets.ensurePort("TcpConnector.connect", port, 1);
    Checkpoints.throwIfCancelled();
    HostResolver asked = resolver == null ? Network.current().resolver() : resolver;
    Targets.ensureHost("TcpConnector.connect", host);
    if (asked instanceof FamilyResolver apart && Targets.numeric(host).isEmpty()) {
      return race(host, port, new Answers(apart, host));
    }
    List<InetAddress> addresses = Targets.resolve("TcpConnector.connect", host, asked);
    List<InetSocketAddress> targets =
        HappyEyeballs.inOrder(addresses).stream()
            .map(address -> new InetSocketAddress(address, port))
            .toList();
    return race(Targets.text(host, port), targets);
  }

  /**
   * Connects to an address, such as {@link TcpListener#localAddress()}; if it is not resolved, to
   * the host that it names. A checkpoint.
   *
   * @param address the address and the port
   * @return the stream; the caller closes it
   * @throws IOException as for {@link #connect(String, int)}
   * @throws InterruptedException if cancelled; nothing is left open
   * @throws IllegalArgumentException if the port is 0
   * @throws IllegalStateException outside a run
   */
  public TcpStream connect(InetSocketAddress address) throws IOException, InterruptedException {
    if (address.isUnresolved()) {
      return connect(address.getHostString(), address.getPort());
    }
    Targets.ensurePort("TcpConnector.connect", address.getPort(), 1);
    Checkpoints.throwIfCancelled();
    return race(Targets.text(address), List.of(address));
  }

  /** With the addresses of each family as soon as they are known. */
  private TcpStream race(String host, int port, Answers answers)
      throws IOException, InterruptedException {
    HappyEyeballs<InetAddress, TcpStream> race =
        new HappyEyeballs<>(
            answers,
            delay,
            address -> attempt(new InetSocketAddress(address, port)),
            TcpStream::close);
    TcpStream stream = race.run();
    if (stream != null) {
      return stream;
    }
    throw answers.foundAny()
        ? allFailed(Targets.text(host, port), race.failures())
        : answers.nothingFound();
  }

  private TcpStream race(String target, List<InetSocketAddress> addresses)
      throws IOException, InterruptedException {
    if (addresses.size() == 1) { // no race: no tasks, no timers
      try {
        return attempt(addresses.getFirst());
      } catch (IOException e) {
        throw allFailed(target, List.of(e));
      }
    }
    HappyEyeballs<InetSocketAddress, TcpStream> race =
        new HappyEyeballs<>(addresses, delay, this::attempt, TcpStream::close);
    TcpStream stream = race.run();
    if (stream == null) {
      throw allFailed(target, race.failures());
    }
    return stream;
  }

  private static ConnectException allFailed(String target, List<IOException> failures) {
    ConnectException error =
        new ConnectException(
            failures.size() == 1
                ? "The attempt to connect to "
                    + target
                    + " failed: "
                    + failures.getFirst().getMessage()
                : "All "
                    + failures.size()
                    + " attempts to connect to "
                    + target
                    + " failed; the last with: "
                    + failures.getLast().getMessage());
    error.initCause(new ExceptionGroup("The attempts to connect to " + target, failures));
    return error;
  }

  private TcpStream attempt(InetSocketAddress target) throws IOException, InterruptedException {
    return new TcpStream(connected(target));
  }

  /** A connected channel; closed if anything goes wrong. */
  private SocketChannel connected(InetSocketAddress target)
      throws IOException, InterruptedException {
    SocketChannel channel = null;
    try {
      channel =
          Network.current().provider().openSocketChannel(Binding.familyOf(target.getAddress()));
      channel.configureBlocking(false);
      if (local != null) {
        channel.bind(local);
      }
      if (channel.connect(target)) {
        Checkpoints.letOthersRun();
      } else {
        do {
          Readiness.waitWritable(channel);
        } while (!channel.finishConnect());
      }
      return channel;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      // The unchecked ones: no such family on this machine, or a local address of another family.
      ConnectException named = new ConnectException(describe(target, e));
      named.initCause(e);
      discard(channel, named);
      throw named;
    } catch (Throwable t) {
      discard(channel, t);
      throw t;
    }
  }

  private String describe(InetSocketAddress target, Exception error) {
    String why = error.getMessage();
    return Targets.text(target)
        + (local == null ? "" : " from " + Targets.text(local))
        + ": "
        + (why == null ? error.getClass().getSimpleName() : why);
  }

  private static void discard(@Nullable SocketChannel channel, Throwable because) {
    if (channel != null) {
      OpenChannel.discard(channel, because);
    }
  }

  /** Its options. */
  @Override
  public String toString() {
    return "TcpConnector[happyEyeballsDelay="
        + delay
        + (local == null ? "" : ", localAddress=" + Targets.text(local))
        + "]";
  }
}
