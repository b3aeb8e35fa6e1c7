package dev.roost.net;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** What hosts and ports stand for. */
final class Targets {

  /** A row of zeros in an IPv6 address, with the colons around it. */
  private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?:$|:)");

  private Targets() {}

  static void ensurePort(String operation, int port, int least) {
    if (port < least || port > 65_535) {
      throw new IllegalArgumentException(
          operation + ": the port is " + port + ", and ports go from " + least + " to 65535.");
    }
  }

  static void ensureHost(String operation, String host) {
    Objects.requireNonNull(host, () -> operation + ": the host is null");
    if (host.isBlank()) {
      throw new IllegalArgumentException(
          operation + ": the host is empty. Give a name or a numeric address.");
    }
  }

  /** All addresses of a host, at least one. A checkpoint, unless the host is a numeric address. */
  static List<InetAddress> resolve(String operation, String host, HostResolver resolver)
      throws IOException, InterruptedException {
    ensureHost(operation, host);
    Optional<InetAddress> numeric = numeric(host);
    if (numeric.isPresent()) {
      return List.of(numeric.get());
    }
    List<InetAddress> addresses = List.copyOf(resolver.resolve(host));
    if (addresses.isEmpty()) {
      throw new UnknownHostException(host + ": the resolver found no address for this name");
    }
    return addresses;
  }

  /** The address that a text writes out; nothing if it is a name. */
  static Optional<InetAddress> numeric(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // that is how the JDK says that it is a name
    }
  }

  /** How a host and a port are written together. */
  static String text(String host, int port) {
    return host.contains(":") && !host.startsWith("[")
        ? "[" + host + "]:" + port
        : host + ":" + port;
  }

  /** How an address is written; a Unix socket that was connected from has none. */
  static String text(SocketAddress address) {
    if (address instanceof InetSocketAddress inet) {
      return text(inet);
    }
    String path = address.toString();
    return path.isEmpty() ? "unnamed" : path;
  }

  /** How an address is written: numbers alone, those of IPv6 in short. */
  static String text(InetSocketAddress address) {
    InetAddress numeric = address.getAddress();
    String host = numeric == null ? address.getHostString() : numeric.getHostAddress();
    return text(
        numeric instanceof Inet6Address ? ZEROS.matcher(host).replaceFirst("::") : host,
        address.getPort());
  }
}
