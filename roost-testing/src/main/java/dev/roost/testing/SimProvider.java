package dev.roost.testing;

import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;

/** Opens channels on a simulated host. */
final class SimProvider extends SelectorProvider {

  private final SimHost host;

  SimProvider(SimHost host) {
    this.host = host;
  }

  SimHost host() {
    return host;
  }

  private void ensureHas(ProtocolFamily family) {
    if (!host.has(family)) {
      throw new UnsupportedOperationException(host + " has no addresses of " + family.name());
    }
  }

  @Override
  public SocketChannel openSocketChannel() {
    return new SimSocketChannel(this);
  }

  @Override
  public SocketChannel openSocketChannel(ProtocolFamily family) {
    ensureHas(family);
    return openSocketChannel();
  }

  @Override
  public ServerSocketChannel openServerSocketChannel() {
    return new SimServerChannel(this);
  }

  @Override
  public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) {
    ensureHas(family);
    return openServerSocketChannel();
  }

  @Override
  public DatagramChannel openDatagramChannel() {
    return new SimDatagramChannel(this);
  }

  @Override
  public DatagramChannel openDatagramChannel(ProtocolFamily family) {
    ensureHas(family);
    return openDatagramChannel();
  }

  @Override
  public Pipe openPipe() {
    throw unsupported("pipes");
  }

  @Override
  public AbstractSelector openSelector() {
    throw unsupported("selectors: wait with Readiness");
  }

  static UnsupportedOperationException unsupported(String what) {
    return new UnsupportedOperationException("A simulated network has no " + what);
  }
}
