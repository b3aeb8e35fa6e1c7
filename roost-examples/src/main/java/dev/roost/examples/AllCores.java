package dev.roost.examples;

import dev.roost.Roost;
import dev.roost.RunOptions;
import dev.roost.Runs;
import dev.roost.channel.CrossRunChannel;
import dev.roost.channel.ReceiveChannel;
import dev.roost.channel.SendChannel;
import dev.roost.net.Serve;
import dev.roost.net.TcpListener;
import dev.roost.net.TcpStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * A server that uses all cores: {@code ./roost run AllCores 7777}. There is one run to a core, each
 * with a state of its own that needs no lock, and all of them serve the same port. Connect with
 * {@code curl localhost:7777}, and again: you will meet several of them. End it with Ctrl-C.
 */
public final class AllCores {

  private AllCores() {}

  public static void main(String[] args) throws InterruptedException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 7777;
    int cores =
        args.length > 1 ? Integer.parseInt(args[1]) : Runtime.getRuntime().availableProcessors();
    RunOptions options = Roost.with().name("core").cancelOnShutdown(Duration.ofSeconds(1));
    var ports = CrossRunChannel.<Integer>open(cores);
    Runs.parallel(
        cores,
        options,
        core -> {
          if (core == 0) {
            serveFirst(port, ports.sender(), cores);
          } else {
            serve(core, ports.receiver());
          }
        });
  }

  /** The first one opens the port, which may be any that is free, and tells the others. */
  private static void serveFirst(int port, SendChannel<Integer> ports, int cores)
      throws IOException, InterruptedException {
    try (TcpListener listener = TcpListener.openShared(port)) {
      int opened = listener.localAddress().getPort();
      for (int other = 1; other < cores; other++) {
        ports.send(opened);
      }
      System.out.println("listening on " + opened);
      Serve.listeners(List.of(listener), new Counter(0)::greet);
    }
  }

  private static void serve(int core, ReceiveChannel<Integer> ports)
      throws IOException, InterruptedException {
    Serve.sharingPort().tcp(ports.receive(), new Counter(core)::greet);
  }

  /** What one run knows. Nobody else ever touches it. */
  private static final class Counter {

    private final int core;
    private int visitors;

    Counter(int core) {
      this.core = core;
    }

    void greet(TcpStream visitor) throws IOException, InterruptedException {
      visitors++;
      String body = "You are visitor " + visitors + " of core " + core + "\n";
      visitor.sendAll(
          "HTTP/1.0 200 OK\r\nContent-Length: "
              + body.length()
              + "\r\nConnection: close\r\n\r\n"
              + body);
      visitor.sendEof();
      // What it asked for does not matter, but to close before that has come would be rude.
      ByteBuffer request = ByteBuffer.allocate(1024);
      while (visitor.receiveSome(request) >= 0) {
        request.clear();
      }
    }
  }
}
