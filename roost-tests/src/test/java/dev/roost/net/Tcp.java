package dev.roost.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.AsyncConsumer;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.ReceiveStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
      for (var end : List.of(pair.client(), pair.server())) {
        end.setOption(StandardSocketOptions.SO_SNDBUF, 32 * 1024);
        end.setOption(StandardSocketOptions.SO_RCVBUF, 32 * 1024);
      }
      body.accept(pair);
    });
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
