package dev.roost.net;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A program to be run where descriptors are few: uses up all of them, has somebody connect who
 * cannot be accepted, sets some free, and is to find that he is served then.
 */
final class FewDescriptors {

  private FewDescriptors() {}

  public static void main(String[] args) throws Exception {
    loadClasses();
    Thread.ofVirtual().start(FewDescriptors::waitForInput).join();
    Roost.run(() -> {
      try (var listener = TcpListener.open(Tcp.ANY_PORT)) {
        Nursery.run(nursery -> {
          nursery.start(() -> Serve.listeners(List.of(listener), FewDescriptors::answer));
          int port = listener.localAddress().getPort();
          ask(TcpStream.connect("127.0.0.1", port));
          useUpAndSetFree(port);
          nursery.cancel();
        });
      }
    });
    System.out.println("served in the end");
  }

  /** To load one takes a descriptor. */
  static void loadClasses() throws Exception {
    for (var place : System.getProperty("java.class.path").split(File.pathSeparator)) {
      var folder = Path.of(place);
      if (!Files.isDirectory(folder) || folder.endsWith("test-classes")) {
        continue; // jars stay open, and of the tests only this one is needed
      }
      try (var files = Files.walk(folder)) {
        for (var file : (Iterable<Path>) files::iterator) {
          var name = folder.relativize(file).toString();
          if (name.endsWith(".class") && !name.contains("-info")) {
            Class.forName(
                name.substring(0, name.length() - 6).replace(File.separatorChar, '.'),
                false,
                FewDescriptors.class.getClassLoader());
          }
        }
      }
    }
  }

  /** The JDK opens selectors of its own when the first virtual thread waits for input. */
  private static void waitForInput() {
    try (var listener = new ServerSocket(0);
        var socket = new Socket("127.0.0.1", listener.getLocalPort())) {
      socket.setSoTimeout(1);
      System.out.println(socket.getInputStream().read());
    } catch (IOException e) {
      System.out.println("waited");
    }
  }

  private static void answer(TcpStream stream) throws IOException, InterruptedException {
    stream.sendAll("welcome");
  }

  private static void ask(TcpStream stream) throws IOException, InterruptedException {
    try (stream) {
      System.out.println(Tcp.text(Tcp.receiveAll(stream)));
    }
  }

  private static void useUpAndSetFree(int port) throws Exception {
    Deque<AutoCloseable> hoard = new ArrayDeque<>();
    try {
      while (true) {
        hoard.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException e) {
      System.out.println("no more: " + hoard.size());
    }
    hoard.removeLast().close(); // for the socket of the client, and for nothing else
    SocketChannel client = SocketChannel.open();
    hoard.add(client);
    client.configureBlocking(false);
    if (!client.connect(new InetSocketAddress("127.0.0.1", port))) {
      Readiness.waitWritable(client);
      client.finishConnect();
    }
    var stream = new TcpStream(client);
    var early = new ArrayList<String>();
    var tooSoon = CancelScope.moveOnAfter(Duration.ofMillis(150));
    tooSoon.run(() -> early.add(Tcp.text(Tcp.receiveExactly(stream, 7))));
    System.out.println("served early: " + early);
    for (int i = 0; i < 20; i++) {
      hoard.removeFirst().close();
    }
    ask(stream);
    for (AutoCloseable one : hoard) {
      one.close();
    }
  }
}
