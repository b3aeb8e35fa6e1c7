package dev.roost.examples;

import dev.roost.Roost;
import dev.roost.net.Serve;
import dev.roost.net.TcpListener;
import dev.roost.net.TcpStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * Sends back whatever it gets: {@code ./roost run EchoServer 7777}. Talk to it with {@code nc
 * localhost 7777} or the {@link EchoClient}, and end it with Ctrl-C: it accepts nobody any more,
 * gives those who are connected a second, and ends.
 */
public final class EchoServer {

  private EchoServer() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int port = args.length == 0 ? 7777 : Integer.parseInt(args[0]);
    Roost.with().cancelOnShutdown(Duration.ofSeconds(1)).run(() -> serve(port));
  }

  private static void serve(int port) throws IOException, InterruptedException {
    try (TcpListener listener = TcpListener.open(port)) {
      System.out.println("listening on " + listener.localAddress().getPort());
      Serve.onHandlerError(e -> System.out.println("lost a client: " + e.getMessage()))
          .listeners(List.of(listener), EchoServer::echo);
    }
  }

  /**
   * Each client has a task of its own that runs this. Its stream is closed when this returns, or
   * throws.
   */
  static void echo(TcpStream client) throws IOException, InterruptedException {
    ByteBuffer buffer = ByteBuffer.allocate(8_192);
    while (client.receiveSome(buffer) >= 0) { // -1 is the end: the client has said all it wants to
      client.sendAll(buffer.flip());
      buffer.clear();
    }
  }
}
