package dev.roost.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.AsyncConsumer;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.ReceiveStream;
import dev.roost.testing.StreamPair;
import dev.roost.testing.Testing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Assumptions;

/** What the tests of TCP share. */
final class Tcp {

  static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private Tcp() {}

  /** Both ends of one connection. */
  record Pair(TcpStream client, TcpStream server) implements AutoCloseable {
    @Override
    public void close() {
      client.close();
      server.close();
    }
  }

  static Pair pair() throws IOException, InterruptedException {
    try (var listener = TcpListener.open(ANY_PORT)) {
      var client = TcpStream.connect("127.0.0.1", listener.localAddress().getPort());
      return new Pair(client, listener.accept());
    }
  }

  /** More than a {@linkplain #withSmallPair small pair} takes without a receiver. */
  static final int TOO_MUCH = 8 * 1024 * 1024;

  /** Runs a test with both ends of a connection whose buffers are small, and do not grow. */
  static void withSmallPair(AsyncConsumer<Pair, ?> body) throws Exception {
    withPair(pair -> {
      makeSmall(pair);
      body.accept(pair);
    });
  }

  private static void makeSmall(Pair pair) throws IOException {
    for (var end : List.of(pair.client(), pair.server())) {
      end.setOption(StandardSocketOptions.SO_SNDBUF, 32 * 1024);
      end.setOption(StandardSocketOptions.SO_RCVBUF, 32 * 1024);
    }
  }

  /** For the checks of streams. */
  static StreamPair<TcpStream> ends() throws IOException, InterruptedException {
    var pair = pair();
    return new StreamPair<>(pair.client(), pair.server());
  }

  /** A connection with buffers that are small from the beginning, with both directions full. */
  static StreamPair<TcpStream> cloggedEnds() throws IOException, InterruptedException {
    int small = 8 * 1024;
    try (var listener = ServerSocketChannel.open()) {
      listener.setOption(StandardSocketOptions.SO_RCVBUF, small).bind(ANY_PORT);
      var client =
          SocketChannel.open()
              .setOption(StandardSocketOptions.SO_RCVBUF, small)
              .setOption(StandardSocketOptions.SO_SNDBUF, small);
      client.connect(listener.getLocalAddress());
      var server = listener.accept().setOption(StandardSocketOptions.SO_SNDBUF, small);
      var pair = new StreamPair<>(new TcpStream(client), new TcpStream(server));
      clog(pair.left(), pair.right());
      clog(pair.right(), pair.left());
      return pair;
    }
  }

  /** Sends until the system takes nothing any more. */
  private static void clog(TcpStream from, TcpStream to) throws IOException, InterruptedException {
    var junk = ByteBuffer.allocate(TOO_MUCH);
    for (int before = -1; junk.position() > before; ) {
      before = junk.position();
      // What is acknowledged later would make room later.
      to.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
      var scope = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(() -> scope.run(() -> from.sendAll(junk)));
        Testing.waitAllTasksBlocked();
        scope.cancel();
      });
    }
  }

  /** Runs a test with both ends of a connection, closed afterwards. */
  static void withPair(AsyncConsumer<Pair, ?> body) throws Exception {
    Roost.run(() -> {
      try (var pair = pair()) {
        Nursery.run(nursery -> body.accept(pair));
      }
    });
  }

  static byte[] receiveAll(ReceiveStream stream) throws IOException, InterruptedException {
    var all = new ByteArrayOutputStream();
    for (byte[] some; (some = stream.receiveSome(1 << 20)).length > 0; ) {
      all.writeBytes(some);
    }
    return all.toByteArray();
  }

  static byte[] receiveExactly(ReceiveStream stream, int count)
      throws IOException, InterruptedException {
    var all = new ByteArrayOutputStream();
    while (all.size() < count) {
      byte[] some = stream.receiveSome(count - all.size());
      assertThat(some).as("the end after %s of %s bytes", all.size(), count).isNotEmpty();
      all.writeBytes(some);
    }
    return all.toByteArray();
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** How many sockets this process has open; skips the test where the system does not tell. */
  static long openSockets() throws IOException {
    var descriptors = Path.of("/proc/self/fd");
    Assumptions.assumeTrue(Files.isDirectory(descriptors), "there is no /proc/self/fd");
    SocketChannel.open().close(); // with the first, the JDK opens one of its own and keeps it
    long count = 0;
    try (var all = Files.newDirectoryStream(descriptors)) {
      for (var descriptor : all) {
        try {
          if (Files.readSymbolicLink(descriptor).toString().startsWith("socket:")) {
            count++;
          }
        } catch (java.nio.file.NoSuchFileException gone) {
          continue; // the stream over this folder itself, or what another thread has just closed
        }
      }
    }
    return count;
  }
}
