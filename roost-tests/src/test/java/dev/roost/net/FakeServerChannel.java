package dev.roost.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * A listening channel that accepts what it was told, errors included: the real one cannot be made
 * to fail at will.
 */
final class FakeServerChannel extends ServerSocketChannel {

  private final Deque<Object> next;
  boolean failsToClose;
  boolean failsToTell;

  FakeServerChannel(Object... next) {
    super(SelectorProvider.provider());
    this.next = new ArrayDeque<>(List.of(next));
  }

  @Override
  public SocketChannel accept() throws IOException {
    if (next.peek() instanceof IOException error) {
      next.pop();
      throw error;
    }
    return (SocketChannel) next.pop();
  }

  @Override
  public SocketAddress getLocalAddress() throws IOException {
    if (failsToTell) {
      throw new IOException("no address");
    }
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 1);
  }

  @Override
  protected void implCloseSelectableChannel() throws IOException {
    if (failsToClose) {
      throw new IOException("cannot close");
    }
  }

  @Override
  protected void implConfigureBlocking(boolean block) {}

  @Override
  public ServerSocketChannel bind(SocketAddress local, int backlog) {
    return this;
  }

  @Override
  public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) {
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return Set.of();
  }

  @Override
  public ServerSocket socket() {
    throw new UnsupportedOperationException();
  }
}
