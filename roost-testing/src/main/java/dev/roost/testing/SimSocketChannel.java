package dev.roost.testing;

import dev.roost.lowlevel.Readiness;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One end of a stream between simulated hosts.
 *
 * <pre>
 *   NEW --- connect ---> CONNECTING --- the answer is back ---> CONNECTED   (what is accepted begins here)
 *                            | refused, or nobody answered
 *                            +---> FAILED
 * </pre>
 */
final class SimSocketChannel extends SocketChannel implements Readiness.Own {

  private static final long SECOND = 1_000_000_000;
  private static final int SYN_BYTES = 60;

  /** Asks after 0, 1, 3, 7, … and gives up after 127 seconds, as Linux does. */
  private static final int MOST_ATTEMPTS = 7;

  private enum State {
    NEW,
    CONNECTING,
    CONNECTED,
    FAILED
  }

  final SimHost host;
  private final SimOptions options = new SimOptions(SimOptions.OF_STREAMS);
  private final SimWaiter reader = new SimWaiter(this, "input");
  private final SimWaiter writer = new SimWaiter(this, "room for output, or a connection,");
  private final SimTransfer transfer = new SimTransfer(this, reader, writer);
  private State state = State.NEW;
  private @Nullable InetSocketAddress local;
  private @Nullable InetSocketAddress remote;
  private @Nullable IOException failure;

  SimSocketChannel(SimProvider provider) {
    super(provider);
    host = provider.host();
  }

  /** The accepting side of a connection. */
  SimSocketChannel(SimProvider provider, InetSocketAddress at, SimSocketChannel client) {
    this(provider);
    local = at;
    remote = client.local();
    state = State.CONNECTED;
    transfer.connect(client.transfer);
    host.opened(this);
  }

  static InetSocketAddress inet(@Nullable SocketAddress address) {
    if (address == null) {
      return new InetSocketAddress(0);
    }
    InetSocketAddress inet = (InetSocketAddress) address;
    if (inet.isUnresolved()) {
      throw new UnresolvedAddressException();
    }
    return inet;
  }

  InetSocketAddress local() {
    return Objects.requireNonNull(local);
  }

  InetSocketAddress remote() {
    return Objects.requireNonNull(remote);
  }

  boolean isConnectedTo(SimHost other) {
    return transfer.isConnectedTo(other);
  }

  void resetBoth() {
    transfer.resetBoth();
  }

  // ---- connecting

  @Override
  public SocketChannel bind(@Nullable SocketAddress address) throws IOException {
    ensureOpen();
    local = host.claim(inet(address), host.connected());
    return this;
  }

  @Override
  public boolean connect(SocketAddress address) throws IOException {
    ensureOpen();
    InetSocketAddress target = inet(address);
    InetAddress to =
        target.getAddress().isAnyLocalAddress()
            ? InetAddress.getLoopbackAddress()
            : target.getAddress();
    SimHost at = host.net.find(to, host);
    if (at == null) {
      throw new NoRouteToHostException("No route to host");
    }
    InetAddress from =
        local == null || local.getAddress().isAnyLocalAddress()
            ? host.sourceFor(to, at)
            : local.getAddress();
    int port = local == null ? 0 : local.getPort();
    local = host.claim(new InetSocketAddress(from, port), host.connected());
    remote = new InetSocketAddress(to, target.getPort());
    state = State.CONNECTING;
    host.opened(this);
    ask(at, 0);
    return false;
  }

  /** Asks for a connection, again if nobody answers. */
  private void ask(SimHost at, int attempt) {
    SimEvents events = host.net.events;
    long now = events.now();
    SimLink link = host.net.linkOrLoopback(host, at);
    long next = now + (SECOND << attempt);
    if (link.loses(host.net.random())) {
      events.at(next, () -> askAgain(at, attempt));
      return;
    }
    long arrival = link.arrival(now, SYN_BYTES, host.directionTo(at), host.net.random());
    events.at(
        arrival,
        () -> {
          if (!host.net.reaches(host, at, remote().getAddress())
              || !host.net.reaches(at, host, local().getAddress())) {
            events.at(next, () -> askAgain(at, attempt));
          } else {
            arrive(at, link);
          }
        });
  }

  private void askAgain(SimHost at, int attempt) {
    if (!isOpen() || state != State.CONNECTING) {
      return;
    }
    if (attempt + 1 == MOST_ATTEMPTS) {
      fail(new ConnectException("Connection timed out"));
    } else {
      ask(at, attempt + 1);
    }
  }

  /** The question has arrived; the answer goes back. */
  private void arrive(SimHost at, SimLink link) {
    if (!isOpen()) {
      return;
    }
    SimServerChannel listener = at.listenerAt(remote());
    SimSocketChannel server = listener == null ? null : listener.arrived(this, remote());
    SimEvents events = host.net.events;
    long back = link.arrival(events.now(), SYN_BYTES, at.directionTo(host), host.net.random());
    events.at(back, () -> answered(server));
  }

  private void answered(@Nullable SimSocketChannel server) {
    if (server == null) {
      fail(new ConnectException("Connection refused"));
    } else if (!isOpen()) {
      server.transfer.breakWith(new SocketException("Connection reset"));
    } else if (state == State.CONNECTING) {
      state = State.CONNECTED;
      transfer.connect(server.transfer);
      writer.wake();
    }
  }

  private void fail(IOException why) {
    state = State.FAILED;
    failure = why;
    writer.wake();
  }

  @Override
  public boolean finishConnect() throws IOException {
    ensureOpen();
    if (failure != null) {
      throw failure;
    }
    return state == State.CONNECTED;
  }

  @Override
  public boolean isConnected() {
    return state == State.CONNECTED;
  }

  @Override
  public boolean isConnectionPending() {
    return state == State.CONNECTING;
  }

  // ---- transferring

  @Override
  public int read(ByteBuffer dst) throws IOException {
    ensureConnected();
    return transfer.read(dst);
  }

  @Override
  public int write(ByteBuffer src) throws IOException {
    ensureConnected();
    return transfer.write(src);
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
  public SocketChannel shutdownOutput() throws IOException {
    ensureConnected();
    transfer.end();
    return this;
  }

  @Override
  public SocketChannel shutdownInput() {
    throw SimProvider.unsupported("shutdown of input");
  }

  @Override
  public void awaitReady(boolean reading) throws IOException, InterruptedException {
    ensureOpen();
    if (reading) {
      reader.await(transfer::isReadable);
    } else {
      writer.await(
          () -> state == State.FAILED || (state == State.CONNECTED && transfer.isWritable()));
    }
  }

  private void ensureConnected() throws ClosedChannelException {
    ensureOpen();
    if (state != State.CONNECTED) {
      throw new NotYetConnectedException();
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
    transfer.close();
    reader.close();
    writer.close();
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
  public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
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
  public Socket socket() {
    throw SimProvider.unsupported("java.net.Socket");
  }

  @Override
  public String toString() {
    return "the stream from " + local + " to " + remote + " on " + host.name();
  }
}
