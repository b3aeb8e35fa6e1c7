package dev.roost.testing;

import dev.roost.lowlevel.Readiness;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A port that listens on a simulated host. */
final class SimServerChannel extends ServerSocketChannel implements Readiness.Own {

  private final SimHost host;
  private final SimProvider provider;
  private final SimOptions options = new SimOptions(SimOptions.OF_STREAMS);
  private final Queue<SimSocketChannel> waiting = new ArrayDeque<>();
  private final SimWaiter acceptor = new SimWaiter(this, "a connection");
  private @Nullable InetSocketAddress local;

  SimServerChannel(SimProvider provider) {
    super(provider);
    this.provider = provider;
    this.host = provider.host();
  }

  InetSocketAddress local() {
    return Objects.requireNonNull(local);
  }

  @Override
  public ServerSocketChannel bind(@Nullable SocketAddress address, int backlog) throws IOException {
    ensureOpen();
    InetSocketAddress wanted = SimSocketChannel.inet(address);
    local = host.claim(wanted, host.listening());
    host.opened(this);
    return this;
  }

  /** Somebody connects; gives the channel of this side, to be accepted. */
  SimSocketChannel arrived(SimSocketChannel client, InetSocketAddress at) {
    SimSocketChannel server = new SimSocketChannel(provider, at, client);
    waiting.add(server);
    acceptor.wake();
    return server;
  }

  @Override
  public @Nullable SocketChannel accept() throws IOException {
    ensureOpen();
    if (local == null) {
      throw new NotYetBoundException();
    }
    return waiting.poll();
  }

  @Override
  public void awaitReady(boolean reading) throws IOException, InterruptedException {
    ensureOpen();
    acceptor.await(() -> !waiting.isEmpty());
  }

  private void ensureOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public SocketAddress getLocalAddress() throws IOException {
    ensureOpen();
    return local();
  }

  @Override
  protected void implCloseSelectableChannel() {
    host.closed(this);
    acceptor.close();
    waiting.forEach(SimSocketChannel::resetBoth);
    waiting.clear();
  }

  @Override
  protected void implConfigureBlocking(boolean block) {}

  @Override
  public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) {
    options.set(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) {
    return options.get(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return options.supported();
  }

  @Override
  public ServerSocket socket() {
    throw SimProvider.unsupported("java.net.ServerSocket");
  }

  @Override
  public String toString() {
    return "port " + local + " of " + host.name();
  }
}
