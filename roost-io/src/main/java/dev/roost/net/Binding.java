package dev.roost.net;

import dev.roost.ExceptionGroup;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Opens ports. */
final class Binding {

  /** As long a queue as the system allows: it cuts this down to what it has. */
  private static final int BACKLOG = 65_535;

  private static final boolean WINDOWS =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

  private Binding() {}

  /** Opens one port. */
  @FunctionalInterface
  interface Opener {
    /**
     * Listens on one address.
     *
     * @throws UnsupportedOperationException if this machine does not have addresses of that family
     */
    TcpListener open(InetSocketAddress address) throws IOException;
  }

  /** Both families, on all addresses. */
  static TcpListener everywhere(int port) throws IOException {
    Targets.ensurePort("TcpListener.open", port, 0);
    return bind(null, new InetSocketAddress(port), false);
  }

  /** Both families, on all addresses, along with others that share the port. */
  static TcpListener shared(int port) throws IOException {
    Targets.ensurePort("TcpListener.openShared", port, 0);
    SelectorProvider provider = Network.current().provider();
    return systemShares(provider)
        ? bind(null, new InetSocketAddress(port), true)
        : sharedByRuns(provider, port);
  }

  private static boolean systemShares(SelectorProvider provider) throws IOException {
    try (ServerSocketChannel any = provider.openServerSocketChannel()) {
      return any.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
    }
  }

  /** One channel for all runs of this JVM that share the port. */
  static TcpListener sharedByRuns(SelectorProvider provider, int port) throws IOException {
    return new TcpListener(
        SharedPorts.join(
            provider, port, () -> bound(provider, null, new InetSocketAddress(port), false)));
  }

  /** One address; both families if it is a wildcard. */
  static TcpListener at(InetSocketAddress address) throws IOException {
    if (address.isUnresolved()) {
      throw new UnknownHostException(
          "TcpListener.open: " + address + " is not resolved. TcpListener.openAll resolves names.");
    }
    if (address.getAddress().isAnyLocalAddress()) {
      return bind(null, address, false);
    }
    try {
      return only(address);
    } catch (UnsupportedOperationException e) {
      throw new SocketException(
          "Cannot listen on " + Targets.text(address) + ": this machine has no such addresses", e);
    }
  }

  /** One address, in its own family. */
  static TcpListener only(InetSocketAddress address) throws IOException {
    return bind(familyOf(address.getAddress()), address, false);
  }

  private static TcpListener bind(
      @Nullable ProtocolFamily family, InetSocketAddress address, boolean shared)
      throws IOException {
    return new TcpListener(bound(Network.current().provider(), family, address, shared));
  }

  private static ServerSocketChannel bound(
      SelectorProvider provider,
      @Nullable ProtocolFamily family,
      InetSocketAddress address,
      boolean shared)
      throws IOException {
    ServerSocketChannel channel =
        family == null
            ? provider.openServerSocketChannel()
            : provider.openServerSocketChannel(family);
    try {
      if (!WINDOWS) { // there it would let anybody take over a port that is in use
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      }
      if (shared) {
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      channel.bind(address, BACKLOG);
    } catch (SocketException e) {
      BindException named =
          new BindException("Cannot listen on " + Targets.text(address) + ": " + e.getMessage());
      named.initCause(e);
      OpenChannel.discard(channel, named);
      throw named;
    } catch (Throwable t) {
      OpenChannel.discard(channel, t);
      throw t;
    }
    return channel;
  }

  /**
   * All addresses of a host, all or nothing, but for those whose family this machine does not have.
   */
  static List<TcpListener> all(String host, List<InetAddress> addresses, int port, Opener opener)
      throws IOException {
    List<TcpListener> listeners = new ArrayList<>();
    List<Exception> unsupported = new ArrayList<>();
    try {
      for (InetAddress address : addresses) {
        try {
          listeners.add(opener.open(new InetSocketAddress(address, port)));
        } catch (UnsupportedOperationException e) {
          unsupported.add(e);
        } catch (BindException e) {
          if (hasFamilyOf(address)) {
            throw e;
          }
          unsupported.add(e); // the system knows the family, but no interface has an address of it
        }
      }
    } catch (Throwable t) {
      listeners.forEach(TcpListener::close);
      throw t;
    }
    if (listeners.isEmpty()) {
      throw new SocketException(
          "TcpListener.openAll: this machine supports none of the addresses of "
              + host
              + ": "
              + addresses,
          new ExceptionGroup("The addresses of " + host, unsupported));
    }
    return List.copyOf(listeners);
  }

  static ProtocolFamily familyOf(InetAddress address) {
    return address instanceof Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  private static boolean hasFamilyOf(InetAddress address) throws SocketException {
    if (!Network.current().isSystem()) {
      return true; // another network says itself what it does not have
    }
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .anyMatch(own -> familyOf(own).equals(familyOf(address)));
  }
}
