package dev.roost.net;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/** Opens ports for datagrams, and says what went wrong with them. */
final class DatagramBinding {

  private DatagramBinding() {}

  /** A channel bound to one address; both families if it is a wildcard. */
  static DatagramChannel bound(InetSocketAddress address, boolean shared) throws IOException {
    if (address.isUnresolved()) {
      throw unresolved("DatagramSocket.open", address);
    }
    DatagramChannel channel = null;
    try {
      channel =
          address.getAddress().isAnyLocalAddress()
              ? Network.current().provider().openDatagramChannel()
              : Network.current()
                  .provider()
                  .openDatagramChannel(Binding.familyOf(address.getAddress()));
      if (shared) {
        share(channel);
      }
      return channel.bind(address);
    } catch (SocketException | UnsupportedOperationException e) {
      BindException named =
          new BindException(
              "Cannot open a datagram socket on " + Targets.text(address) + ": " + e.getMessage());
      named.initCause(e);
      discard(channel, named);
      throw named;
    } catch (Throwable t) {
      discard(channel, t);
      throw t;
    }
  }

  private static void share(DatagramChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    if (channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
      channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    }
  }

  private static void discard(@Nullable DatagramChannel channel, Throwable because) {
    if (channel != null) {
      OpenChannel.discard(channel, because);
    }
  }

  static UnknownHostException unresolved(String operation, InetSocketAddress address) {
    return new UnknownHostException(
        operation
            + ": "
            + address
            + " is not resolved. Make it from an InetAddress, or resolve the name with HostResolver.");
  }

  static SocketException otherFamily(String doing, InetSocketAddress address, Exception cause) {
    return causedBy(
        new SocketException(
            "Cannot "
                + doing
                + " "
                + Targets.text(address)
                + ": one is an IPv4 address and the other an IPv6 one. A socket opened on all"
                + " addresses has both."),
        cause);
  }

  /** The same error with words that say what it hit. */
  static IOException named(String what, IOException error) {
    String text = what + ": " + error.getMessage();
    if (error instanceof PortUnreachableException) {
      return causedBy(
          new PortUnreachableException(
              what + ": an earlier datagram came back, because nobody has that port open"),
          error);
    }
    return causedBy(new SocketException(text), error);
  }

  private static <X extends IOException> X causedBy(X error, Exception cause) {
    error.initCause(cause);
    return error;
  }
}
