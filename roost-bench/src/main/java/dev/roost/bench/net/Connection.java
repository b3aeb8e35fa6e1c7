package dev.roost.bench.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A client's connection to an echo server: one request at a time, each of them another. */
final class Connection implements AutoCloseable {

  private final SocketChannel channel;
  private final ByteBuffer out;
  private final ByteBuffer in;
  private long number;
  private long sentAt;

  Connection(int port, int size) throws IOException {
    this.channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    this.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    this.out = ByteBuffer.allocateDirect(size);
    this.in = ByteBuffer.allocateDirect(size);
  }

  void register(Selector selector) throws IOException {
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** Sends the next request. */
  void send(long now) throws IOException {
    number++;
    sentAt = now;
    out.clear().putLong(0, number);
    while (out.hasRemaining()) { // it is small: the system takes it at once
      channel.write(out);
    }
    in.clear();
  }

  /** Reads what there is; true if the answer is whole. */
  boolean receive() throws IOException {
    if (channel.read(in) < 0) {
      throw new IOException("The server has closed the connection.");
    }
    if (in.hasRemaining()) {
      return false;
    }
    if (in.getLong(0) != number) {
      throw new IOException("Request " + number + " was answered by " + in.getLong(0) + ".");
    }
    return true;
  }

  long nanosSinceSent(long now) {
    return now - sentAt;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
