package dev.roost.examples;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.HalfCloseableStream;
import dev.roost.io.ReceiveStream;
import dev.roost.net.Serve;
import dev.roost.net.TcpListener;
import dev.roost.net.TcpStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Passes connections on to another host: {@code ./roost run PortForwarder 8080 example.org 80}.
 *
 * <p>The two directions of a connection are independent: when one side says that it has sent all,
 * it may still have much to receive. So each direction has a task of its own, which passes the end
 * on as well.
 */
public final class PortForwarder {

  private PortForwarder() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length != 3) {
      System.err.println("Usage: PortForwarder <port> <host> <port of the host>");
      System.exit(2);
    }
    int port = Integer.parseInt(args[0]);
    int target = Integer.parseInt(args[2]);
    Roost.with().cancelOnShutdown(Duration.ofSeconds(1)).run(() -> serve(port, args[1], target));
  }

  private static void serve(int port, String host, int target)
      throws IOException, InterruptedException {
    try (TcpListener listener = TcpListener.open(port)) {
      System.out.println("listening on " + listener.localAddress().getPort());
      Serve.onHandlerError(e -> System.out.println("lost a connection: " + e.getMessage()))
          .listeners(List.of(listener), client -> forward(client, host, target));
    }
  }

  /** Both directions; if one breaks, the other one is cancelled, and both streams are closed. */
  static void forward(TcpStream client, String host, int target)
      throws IOException, InterruptedException {
    try (TcpStream server = TcpStream.connect(host, target)) {
      Nursery.run(nursery -> {
        nursery.start("requests", () -> pass(client, server));
        nursery.start("answers", () -> pass(server, client));
      });
    }
  }

  private static void pass(ReceiveStream from, HalfCloseableStream to)
      throws IOException, InterruptedException {
    from.transferTo(to); // as slow as the slower of the two: there is nothing in between
    to.sendEof(); // that was all in this direction; the other one goes on
  }
}
