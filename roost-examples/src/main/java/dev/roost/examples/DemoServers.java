package dev.roost.examples;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskStatus;
import dev.roost.net.Serve;
import dev.roost.net.TcpListener;
import dev.roost.net.TcpStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** Servers of different temperaments, on ports of this machine. */
record DemoServers(
    InetSocketAddress silent,
    InetSocketAddress refusing,
    InetSocketAddress slow,
    InetSocketAddress good) {

  /** Runs them until cancelled, and says where they are as soon as they are there. */
  static void run(TaskStatus<DemoServers> status) throws IOException, InterruptedException {
    try (TcpListener silent = open();
        TcpListener slow = open();
        TcpListener good = open()) {
      Nursery.run(nursery -> {
        nursery.start(
            "silent server",
            () -> Serve.listeners(List.of(silent), stream -> Roost.sleepForever()));
        nursery.start("slow server", () -> greetAfter(Duration.ofMillis(900), slow));
        nursery.start("good server", () -> greetAfter(Duration.ofMillis(150), good));
        status.started(
            new DemoServers(
                silent.localAddress(), nobody(), slow.localAddress(), good.localAddress()));
      });
    }
  }

  private static void greetAfter(Duration pause, TcpListener listener) throws InterruptedException {
    Serve.listeners(
        List.of(listener),
        client -> {
          Roost.sleep(pause);
          client.sendAll("Welcome!");
          client.receiveSome(1); // until the client hangs up
        });
  }

  /**
   * Connects, and waits for the first words: a connection to a server that says nothing is worth
   * nothing.
   */
  static TcpStream greeted(InetSocketAddress address) throws IOException, InterruptedException {
    TcpStream stream = TcpStream.connect(address);
    try {
      stream.receiveSome(64);
      return stream;
    } catch (IOException | InterruptedException e) {
      stream.close();
      throw e;
    }
  }

  static TcpListener open() throws IOException {
    return TcpListener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static InetSocketAddress nobody() throws IOException {
    try (TcpListener listener = open()) {
      return listener.localAddress(); // closed in a moment, and refused from then on
    }
  }
}
