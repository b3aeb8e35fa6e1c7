package dev.roost.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ports that several runs of this JVM serve together, where the system does not let each of them
 * open one of its own: they have one channel, each with its own selector. Whoever is up first gets
 * the connection, and for the others there was none; so it goes to a run that has time for it.
 *
 * <p>A port is open as long as one listener has it. What waits in its queue is served by those that
 * are left.
 *
 * <p>All is guarded by the class: runs come on threads of their own.
 */
final class SharedPorts {

  private record Key(SelectorProvider provider, int port) {}

  private static final class Port {
    final Key key;
    final ServerSocketChannel channel;
    int listeners;

    Port(Key key, ServerSocketChannel channel) {
      this.key = key;
      this.channel = channel;
    }
  }

  private static final Map<Key, Port> OPEN = new HashMap<>();

  private SharedPorts() {}

  /** Opens the port. */
  @FunctionalInterface
  interface Opener {
    ServerSocketChannel open() throws IOException;
  }

  /** The channel of a port, opened if nobody has it; to be left by {@link #close}. */
  static synchronized ServerSocketChannel join(SelectorProvider provider, int port, Opener opener)
      throws IOException {
    Port known = port == 0 ? null : OPEN.get(new Key(provider, port));
    if (known == null) {
      known = opened(provider, opener.open());
    }
    known.listeners++;
    return known.channel;
  }

  private static Port opened(SelectorProvider provider, ServerSocketChannel channel)
      throws IOException {
    try {
      int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
      Port opened = new Port(new Key(provider, port), channel);
      OPEN.put(opened.key, opened);
      return opened;
    } catch (Throwable t) {
      try (channel) {
        throw t;
      }
    }
  }

  /** Closes a channel, unless others have it still. */
  static void close(SelectableChannel channel) throws IOException {
    if (!(channel instanceof ServerSocketChannel server) || isLast(server)) {
      channel.close();
    }
  }

  private static synchronized boolean isLast(ServerSocketChannel channel) {
    Port port = portOf(channel);
    if (port == null) {
      return true;
    }
    port.listeners--;
    if (port.listeners > 0) {
      return false;
    }
    OPEN.remove(port.key);
    return true;
  }

  private static @Nullable Port portOf(ServerSocketChannel channel) {
    for (Port port : OPEN.values()) {
      if (port.channel == channel) {
        return port;
      }
    }
    return null;
  }
}
