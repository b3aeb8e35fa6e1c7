package dev.roost.bench.net;

import dev.roost.Carrier;
import dev.roost.Roost;
import dev.roost.net.Serve;
import dev.roost.net.TcpListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** An echo server on Roost. The argument is the carrier. */
public final class RoostEcho {

  private RoostEcho() {}

  public static void main(String[] args) throws Exception {
    Roost.with()
        .carrier(Carrier.valueOf(args[0]))
        .run(() -> {
          var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
          try (TcpListener listener = TcpListener.open(address)) {
            ServerConsole.serving(listener.localAddress().getPort());
            Serve.listeners(List.of(listener), stream -> stream.transferTo(stream));
          }
        });
  }
}
