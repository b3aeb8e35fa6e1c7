package dev.roost.net;

import dev.roost.AsyncConsumer;
import dev.roost.TaskStatus;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.RunBinding;
import dev.roost.sync.Lock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Encrypted and authenticated datagrams (DTLS, TLS over UDP): one socket, and any number of peers,
 * each with a {@link DtlsChannel}. It can be a client and a server at the same time.
 *
 * {@snippet file="dev/roost/net/DatagramSamplesTest.java" region="dtls-client"}
 *
 * {@snippet file="dev/roost/net/DatagramSamplesTest.java" region="dtls-server"}
 *
 * <p>A server keeps nothing of a peer, and sends it less than it got, before the peer has proven
 * that it receives what is sent to its address. Datagrams that are no DTLS, or that nobody waits
 * for, are ignored. Flights of a handshake that are lost are sent again, after one second, two,
 * four and so on.
 *
 * <p>The context must be one for DTLS: {@code SSLContext.getInstance("DTLS")}. The endpoint has no
 * task of its own: it reads while a task waits in {@link #serve}, {@link #connect} or {@link
 * DtlsChannel#receive}. It belongs to the run that opened its socket.
 */
public final class DtlsEndpoint implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(DtlsEndpoint.class.getName());

  /** What an Ethernet carries, less the headers of IPv4 and UDP, and those of IPv6 and UDP. */
  private static final int MTU_4 = 1472;

  private static final int MTU_6 = 1452;
  private static final int LEAST_MTU = 256;

  private final DatagramTransport transport;
  private final RunBinding binding = new RunBinding();
  private final DtlsPeers peers = new DtlsPeers();
  private final DtlsReading reading;
  private final DtlsDispatch dispatch;
  private final Lock sending = new Lock();
  private Consumer<? super SSLParameters> parameters = _ -> {};
  private @Nullable Consumer<? super Exception> onHandlerError;
  private Duration handshakeTimeout = Duration.ofMinutes(1);
  private int mtu;
  private int incomingBuffer = 64;
  private boolean closed;

  private DtlsEndpoint(DatagramTransport transport) {
    this.transport = transport;
    this.dispatch = new DtlsDispatch(this);
    this.reading = new DtlsReading(transport, dispatch);
    binding.check("DtlsEndpoint");
  }

  /**
   * An endpoint on a transport that exists. Not a checkpoint.
   *
   * @param transport sends and receives the datagrams; from now on nobody else may receive from it,
   *     and the endpoint closes it
   * @return the endpoint; the caller closes it
   * @throws IllegalStateException outside a run
   */
  public static DtlsEndpoint over(DatagramTransport transport) {
    return new DtlsEndpoint(
        Objects.requireNonNull(transport, "DtlsEndpoint.over: the transport is null"));
  }

  /**
   * An endpoint on a free port of all addresses of this machine, for clients. Not a checkpoint.
   *
   * @return the endpoint; the caller closes it
   * @throws IOException if the system refuses
   * @throws IllegalStateException outside a run
   */
  public static DtlsEndpoint open() throws IOException {
    return over(DatagramSocket.open());
  }

  /**
   * An endpoint on a port of all addresses of this machine. Not a checkpoint.
   *
   * @param port the port; 0 for one that is free
   * @return the endpoint; the caller closes it
   * @throws IOException if the system refuses, such as when the port is in use
   * @throws IllegalArgumentException if the port is not one
   * @throws IllegalStateException outside a run
   */
  public static DtlsEndpoint open(int port) throws IOException {
    return over(DatagramSocket.open(port));
  }

  /**
   * An endpoint on a port of one address. Not a checkpoint.
   *
   * @param address the address, resolved, and the port, 0 for one that is free
   * @return the endpoint; the caller closes it
   * @throws IOException as for {@link DatagramSocket#open(InetSocketAddress)}
   * @throws IllegalStateException outside a run
   */
  public static DtlsEndpoint open(InetSocketAddress address) throws IOException {
    return over(DatagramSocket.open(address));
  }

  // ---- options

  /**
   * What else is to be set for channels made from now on: ciphers, whether clients need a
   * certificate ({@link SSLParameters#setNeedClientAuth}), application protocols. Clients check by
   * default that the certificate is for the host that they asked for. Not a checkpoint.
   *
   * @param change changes the parameters of a channel
   * @return this endpoint
   */
  public DtlsEndpoint parameters(Consumer<? super SSLParameters> change) {
    this.parameters = Objects.requireNonNull(change, "DtlsEndpoint.parameters: the change is null");
    return this;
  }

  /**
   * How long the datagrams of channels made from now on may be. By default as long as an Ethernet
   * carries: 1472 bytes to IPv4 addresses, 1452 to IPv6 ones. Not a checkpoint.
   *
   * @param bytes the number of bytes, without the headers of IP and UDP
   * @return this endpoint
   * @throws IllegalArgumentException if it is less than 256 or more than 16384
   */
  public DtlsEndpoint mtu(int bytes) {
    if (bytes < LEAST_MTU || bytes > 16_384) {
      throw new IllegalArgumentException(
          "DtlsEndpoint.mtu: datagrams of "
              + bytes
              + " bytes were asked for, and they may have from 256 to 16384.");
    }
    this.mtu = bytes;
    return this;
  }

  /**
   * How many datagrams of a channel may wait to be received; what comes beyond that is dropped, and
   * counted by {@link DtlsChannel#statistics}. 64 by default. Not a checkpoint.
   *
   * @param datagrams the number
   * @return this endpoint
   * @throws IllegalArgumentException if it is less than 1
   */
  public DtlsEndpoint incomingBuffer(int datagrams) {
    if (datagrams < 1) {
      throw new IllegalArgumentException(
          "DtlsEndpoint.incomingBuffer: room for " + datagrams + " datagrams. Ask for 1 or more.");
    }
    this.incomingBuffer = datagrams;
    return this;
  }

  /**
   * For how long {@link #serve} waits for a peer to get through its handshake. A minute by default.
   * Not a checkpoint.
   *
   * @param limit the time on the clock of the run
   * @return this endpoint
   * @throws IllegalArgumentException if it is negative
   */
  public DtlsEndpoint handshakeTimeout(Duration limit) {
    if (limit.isNegative()) {
      throw new IllegalArgumentException(
          "DtlsEndpoint.handshakeTimeout: the time is negative (" + limit + ").");
    }
    this.handshakeTimeout = limit;
    return this;
  }

  /**
   * What to do when a handler of {@link #serve} throws; without this its error ends the server. Not
   * a checkpoint.
   *
   * @param handling gets the error
   * @return this endpoint
   */
  public DtlsEndpoint onHandlerError(Consumer<? super Exception> handling) {
    this.onHandlerError =
        Objects.requireNonNull(handling, "DtlsEndpoint.onHandlerError: the handling is null");
    return this;
  }

  // ---- client

  /**
   * Begins a conversation with a server: shakes hands with it, and checks its certificate, also
   * that it is for this host. There is no timeout: put a cancel scope around it. A checkpoint.
   *
   * @param host a name, of which the first address is taken, or a numeric address
   * @param port the port, 1 to 65535
   * @param context whom to trust, and who we are
   * @return the channel; the caller closes it. Another one with the same peer is broken by it
   * @throws javax.net.ssl.SSLException if the server refuses, or is not trusted
   * @throws IOException if the host has no address, or nothing can be sent
   * @throws InterruptedException if cancelled; nothing is left open
   * @throws IllegalArgumentException if the host is empty, the port is not one, or the context is
   *     not for DTLS
   * @throws IllegalStateException outside the run
   */
  public DtlsChannel connect(String host, int port, SSLContext context)
      throws IOException, InterruptedException {
    ensureInRun("DtlsEndpoint.connect");
    Targets.ensurePort("DtlsEndpoint.connect", port, 1);
    Objects.requireNonNull(context, "DtlsEndpoint.connect: the context is null");
    Checkpoints.throwIfCancelled();
    InetSocketAddress peer =
        new InetSocketAddress(
            Targets.resolve("DtlsEndpoint.connect", host, Network.current().resolver()).getFirst(),
            port);
    return shakeHands(host, peer, context);
  }

  /**
   * Begins a conversation with the server at an address, as for {@link #connect(String, int,
   * SSLContext)}. A checkpoint.
   *
   * @param server the address and the port; the certificate must be for the host that it was made
   *     from
   * @param context whom to trust, and who we are
   * @return the channel; the caller closes it
   * @throws IOException as for {@link #connect(String, int, SSLContext)}
   * @throws InterruptedException if cancelled; nothing is left open
   * @throws IllegalArgumentException if the port is 0, or the context is not for DTLS
   * @throws IllegalStateException outside the run
   */
  public DtlsChannel connect(InetSocketAddress server, SSLContext context)
      throws IOException, InterruptedException {
    Objects.requireNonNull(server, "DtlsEndpoint.connect: the address is null");
    if (server.isUnresolved()) {
      return connect(server.getHostString(), server.getPort(), context);
    }
    ensureInRun("DtlsEndpoint.connect");
    Targets.ensurePort("DtlsEndpoint.connect", server.getPort(), 1);
    Objects.requireNonNull(context, "DtlsEndpoint.connect: the context is null");
    Checkpoints.throwIfCancelled();
    return shakeHands(server.getHostString(), server, context);
  }

  private DtlsChannel shakeHands(String host, InetSocketAddress peer, SSLContext context)
      throws IOException, InterruptedException {
    ensureOpen();
    SSLEngine engine = context.createSSLEngine(host, peer.getPort());
    engine.setUseClientMode(true);
    DtlsChannel channel = channel(peer, engine, true);
    peers.begin(channel, null);
    try {
      new DtlsHandshake(this, channel).run(null);
      return channel;
    } catch (Throwable t) {
      channel.close();
      throw t;
    }
  }

  DtlsChannel channel(InetSocketAddress peer, SSLEngine engine, boolean client) {
    SSLParameters settings = engine.getSSLParameters();
    if (client) {
      settings.setEndpointIdentificationAlgorithm("HTTPS");
    }
    parameters.accept(settings);
    engine.setSSLParameters(settings);
    for (String protocol : engine.getEnabledProtocols()) {
      if (!protocol.startsWith("DTLS")) {
        throw new IllegalArgumentException(
            "DtlsEndpoint: the context is for "
                + protocol
                + ". Make it with SSLContext.getInstance(\"DTLS\").");
      }
    }
    return new DtlsChannel(this, peer, engine, mtuFor(peer));
  }

  private int mtuFor(InetSocketAddress peer) {
    return mtu != 0 ? mtu : peer.getAddress() instanceof Inet4Address ? MTU_4 : MTU_6;
  }

  // ---- server

  /**
   * Serves all peers who come: each in a task of its own, which ends with its handler, and whose
   * channel is closed then. Peers that do not get through their handshake are no errors of the
   * server. Returns after a soft cancel, when the handlers have ended. A checkpoint.
   *
   * @param context who we are, and whom to trust
   * @param handler talks to one peer
   * @throws InterruptedException if cancelled
   * @throws dev.roost.ExceptionGroup if a handler fails and there is no {@link #onHandlerError}, or
   *     nothing can be received any more
   * @throws dev.roost.BusyResourceException if it is serving already
   * @throws IllegalArgumentException if the context is not for DTLS
   * @throws IllegalStateException outside the run
   */
  public void serve(SSLContext context, AsyncConsumer<? super DtlsChannel, ?> handler)
      throws InterruptedException {
    serve(context, handler, TaskStatus.ignored());
  }

  /**
   * Serves all peers who come, as a child that says when it is ready, for {@code
   * nursery.startAndWait}. A checkpoint.
   *
   * @param context who we are, and whom to trust
   * @param handler talks to one peer
   * @param status gets the address of this endpoint as soon as peers can come
   * @throws InterruptedException if cancelled
   * @throws dev.roost.ExceptionGroup as for {@link #serve(SSLContext, AsyncConsumer)}
   * @throws dev.roost.BusyResourceException if it is serving already
   * @throws IllegalArgumentException if the context is not for DTLS
   * @throws IllegalStateException outside the run
   */
  public void serve(
      SSLContext context,
      AsyncConsumer<? super DtlsChannel, ?> handler,
      TaskStatus<? super InetSocketAddress> status)
      throws InterruptedException {
    Objects.requireNonNull(context, "DtlsEndpoint.serve: the context is null");
    Objects.requireNonNull(handler, "DtlsEndpoint.serve: the handler is null");
    Objects.requireNonNull(status, "DtlsEndpoint.serve: the status is null");
    ensureInRun("DtlsEndpoint.serve");
    Checkpoints.throwIfCancelled();
    DtlsServing serving = new DtlsServing(this, context, handler, onHandlerError, handshakeTimeout);
    dispatch.serve(serving);
    try {
      serving.run(() -> status.started(localAddress()));
    } finally {
      dispatch.stopServing();
    }
  }

  // ---- for the classes beside this one

  void ensureInRun(String operation) {
    binding.check(operation);
  }

  void ensureOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  boolean isClosed() {
    return closed;
  }

  DtlsPeers peers() {
    return peers;
  }

  DtlsReading reading() {
    return reading;
  }

  int incomingBuffer() {
    return incomingBuffer;
  }

  /** Sends a datagram; if there is no room at the moment, in turn with the others who wait. */
  void send(byte[] datagram, InetSocketAddress to) throws IOException, InterruptedException {
    if (!transport.sendNow(ByteBuffer.wrap(datagram), to)) {
      try (var _ = sending.acquire()) {
        transport.send(ByteBuffer.wrap(datagram), to);
      }
    }
  }

  /** Sends datagrams that may as well be lost, without waiting. */
  void sendIfPossible(List<byte[]> datagrams, InetSocketAddress to) throws IOException {
    for (byte[] datagram : datagrams) {
      transport.sendNow(ByteBuffer.wrap(datagram), to);
    }
  }

  /** An error that changes nothing, because what failed may fail at any time in a network. */
  void ignored(Exception error, String doing) {
    LOG.log(Level.DEBUG, () -> this + ": an error while " + doing, error);
  }

  // ---- the rest

  /**
   * The address of this endpoint, also after closing. Not a checkpoint.
   *
   * @return the address and the port
   */
  public InetSocketAddress localAddress() {
    return transport.localAddress();
  }

  /**
   * What has come so far. Not a checkpoint.
   *
   * @return the numbers at this moment
   */
  public Statistics statistics() {
    return dispatch.statistics(peers.size());
  }

  /**
   * What has come to an endpoint.
   *
   * @param peers how many peers there are, also those in the middle of a handshake
   * @param ignored how many datagrams were no DTLS, or for nobody
   * @param cookies how many peers were asked to prove their address
   * @param failedHandshakes how many of a server's handshakes failed after that
   */
  public record Statistics(int peers, long ignored, long cookies, long failedHandshakes) {}

  /**
   * Closes all channels and the socket, at once. Tasks that wait in them get {@link
   * ClosedChannelException}. Never waits, works whatever is cancelled, and does nothing the second
   * time. Not a checkpoint.
   *
   * @throws IllegalStateException if it is still open, and the caller is no task of its run
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    ensureInRun("DtlsEndpoint.close");
    closed = true;
    peers.channels().forEach(DtlsChannel::close);
    transport.close();
    dispatch.wake();
  }

  /** Its address, and whether it is closed. */
  @Override
  public String toString() {
    return "DtlsEndpoint[" + Targets.text(localAddress()) + (closed ? ", closed]" : "]");
  }
}
