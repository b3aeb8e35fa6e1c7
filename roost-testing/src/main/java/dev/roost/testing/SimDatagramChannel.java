package dev.roost.testing;

import dev.roost.lowlevel.Readiness;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A datagram socket on a simulated host. */
final class SimDatagramChannel extends DatagramChannel implements Readiness.Own {

  private static final int LONGEST = 65_507;

  /** What comes when so many wait to be received is dropped. */
  private static final int MOST_WAITING = 256;

  private record Datagram(ByteBuffer bytes, InetSocketAddress sender) {}

  private final SimHost host;
  private final SimOptions options = new SimOptions(SimOptions.OF_DATAGRAMS);
  private final SimWaiter receiver = new SimWaiter(this, "a datagram");
  private final Queue<Datagram> received = new ArrayDeque<>();
  private @Nullable InetSocketAddress local;
  private @Nullable InetSocketAddress remote;

  SimDatagramChannel(SimProvider provider) {
    super(provider);
    host = provider.host();
  }

  InetSocketAddress local() {
    return Objects.requireNonNull(local);
  }

  @Override
  public DatagramChannel bind(@Nullable SocketAddress address) throws IOException {
    ensureOpen();
    local = host.claim(SimSocketChannel.inet(address), host.receiving());
    host.opened(this);
    return this;
  }

  private InetSocketAddress bound() throws IOException {
    if (local == null) {
      bind(null);
    }
    return local();
  }

  @Override
  public DatagramChannel connect(SocketAddress address) throws IOException {
    bound();
    remote = SimSocketChannel.inet(address);
    return this;
  }

  @Override
  public DatagramChannel disconnect() {
    remote = null;
    return this;
  }

  @Override
  public boolean isConnected() {
    return remote != null;
  }

  @Override
  public int send(ByteBuffer src, SocketAddress address) throws IOException {
    ensureOpen();
    InetSocketAddress from = bound();
    InetSocketAddress target = SimSocketChannel.inet(address);
    if (target.getAddress().isMulticastAddress()) {
      throw SimProvider.unsupported("multicast");
    }
    if (src.remaining() > LONGEST) {
      throw new SocketException("Message too long");
    }
    byte[] bytes = new byte[src.remaining()];
    src.get(bytes);
    SimHost to = host.net.find(target.getAddress(), host);
    if (to != null) {
      InetAddress source =
          from.getAddress().isAnyLocalAddress()
              ? host.sourceFor(target.getAddress(), to)
              : from.getAddress();
      send(
          new Datagram(ByteBuffer.wrap(bytes), new InetSocketAddress(source, from.getPort())),
          target,
          to);
    }
    return bytes.length;
  }

  private void send(Datagram datagram, InetSocketAddress target, SimHost to) {
    SimNet net = host.net;
    SimLink link = net.linkOrLoopback(host, to);
    if (link.loses(net.random())) {
      return;
    }
    long arrival =
        link.arrival(
            net.events.now(), datagram.bytes.remaining(), host.directionTo(to), net.random());
    net.events.at(
        arrival,
        () -> {
          SimDatagramChannel socket = to.receiverAt(target);
          if (socket != null && net.reaches(host, to, target.getAddress())) {
            socket.arrived(datagram);
          }
        });
  }

  private void arrived(Datagram datagram) {
    if (received.size() < MOST_WAITING && (remote == null || remote.equals(datagram.sender))) {
      received.add(datagram);
      receiver.wake();
    }
  }

  @Override
  public @Nullable SocketAddress receive(ByteBuffer dst) throws IOException {
    ensureOpen();
    Datagram next = received.poll();
    if (next == null) {
      return null;
    }
    dst.put(next.bytes.slice(0, Math.min(next.bytes.remaining(), dst.remaining())));
    return next.sender;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    ensureConnected();
    int before = dst.position();
    return receive(dst) == null ? 0 : dst.position() - before;
  }

  @Override
  public int write(ByteBuffer src) throws IOException {
    return send(src, ensureConnected());
  }

  private InetSocketAddress ensureConnected() {
    if (remote == null) {
      throw new NotYetConnectedException();
    }
    return remote;
  }

  @Override
  public void awaitReady(boolean reading) throws IOException, InterruptedException {
    ensureOpen();
    if (reading) {
      receiver.await(() -> !received.isEmpty());
    } else {
      dev.roost.Roost.checkpoint(); // there is always room: what is too much is lost
    }
  }

  private void ensureOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  @Override
  protected void implCloseSelectableChannel() {
    host.closed(this);
    receiver.close();
  }

  @Override
  protected void implConfigureBlocking(boolean block) {}

  // ---- the rest

  @Override
  public @Nullable SocketAddress getLocalAddress() throws IOException {
    ensureOpen();
    return local;
  }

  @Override
  public @Nullable SocketAddress getRemoteAddress() throws IOException {
    ensureOpen();
    return remote;
  }

  @Override
  public <T> DatagramChannel setOption(SocketOption<T> name, T value) throws IOException {
    ensureOpen();
    options.set(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    ensureOpen();
    return options.get(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return options.supported();
  }

  @Override
  public long read(ByteBuffer[] dsts, int offset, int length) {
    throw SimProvider.unsupported("scattering reads");
  }

  @Override
  public long write(ByteBuffer[] srcs, int offset, int length) {
    throw SimProvider.unsupported("gathering writes");
  }

  @Override
  public MembershipKey join(InetAddress group, NetworkInterface on) {
    throw SimProvider.unsupported("multicast");
  }

  @Override
  public MembershipKey join(InetAddress group, NetworkInterface on, InetAddress source) {
    throw SimProvider.unsupported("multicast");
  }

  @Override
  public DatagramSocket socket() {
    throw SimProvider.unsupported("java.net.DatagramSocket");
  }

  @Override
  public String toString() {
    return "the datagram socket " + local + " of " + host.name();
  }
}
