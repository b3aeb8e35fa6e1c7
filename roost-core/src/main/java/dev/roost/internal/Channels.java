package dev.roost.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Words for what is waited for on a channel, as the task tree prints them. */
public final class Channels {

  private Channels() {}

  public static String awaited(SelectableChannel channel, boolean reading) {
    try {
      if (channel instanceof ServerSocketChannel server) {
        return "a connection at " + text(server.getLocalAddress());
      }
      if (channel instanceof SocketChannel socket) {
        String peer = text(socket.getRemoteAddress());
        return (reading
                ? "input from "
                : socket.isConnectionPending() ? "a connection to " : "room for output to ")
            + peer;
      }
    } catch (IOException e) { // it was closed meanwhile; there is nothing better to say about it
      return (reading ? "input on " : "output on ") + channel;
    }
    return (reading ? "input on " : "output on ") + channel;
  }

  private static String text(@Nullable SocketAddress address) {
    if (address instanceof InetSocketAddress inet && !inet.isUnresolved()) {
      String host = inet.getAddress().getHostAddress();
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
    }
    return address == null ? "nobody" : address.toString();
  }
}
