package dev.roost.testing;

import dev.roost.Roost;
import dev.roost.World;
import dev.roost.net.TcpListener;
import dev.roost.net.TcpStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;

/** Two hosts, and what tests of them do again and again. */
final class SimWorld {

  private SimWorld() {}

  interface Body {
    void run(SimNet net, SimHost here, SimHost there) throws Exception;
  }

  static void onNet(long seed, Body body) throws Exception {
    World.options()
        .<Exception>run(() ->
            SimNet.<Exception>run(seed, net -> body.run(net, net.host("here"), net.host("there"))));
  }

  static void onNet(Body body) throws Exception {
    onNet(1, body);
  }

  static long millis() {
    return Duration.between(Instant.EPOCH, Roost.now()).toMillis();
  }

  /** A stream from one host to the other, and its other end. */
  static StreamPair<TcpStream> pair(SimHost from, SimHost to) throws Exception {
    try (var listener = to.call(() -> TcpListener.open(0))) {
      int port = listener.localAddress().getPort();
      var client = from.call(() -> TcpStream.connect(to.name(), port));
      return new StreamPair<>(client, listener.accept());
    }
  }

  static String receive(TcpStream stream) throws Exception {
    return new String(stream.receiveSome(1_000_000));
  }

  static byte[] receiveAll(TcpStream stream) throws Exception {
    var all = new java.io.ByteArrayOutputStream();
    for (byte[] some; (some = stream.receiveSome(1 << 20)).length > 0; ) {
      all.writeBytes(some);
    }
    return all.toByteArray();
  }

  static void close(SimHost from, SimHost to) throws Exception {
    var ends = pair(from, to);
    ends.left().close();
    ends.right().close();
  }

  static void connect(InetAddress address, int port) throws Exception {
    TcpStream.connect(new InetSocketAddress(address, port)).close();
  }
}
