package dev.roost.net;

import dev.roost.lowlevel.Checkpoints;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket.
 *
 * {@snippet file="dev/roost/net/DatagramSamplesTest.java" region="exchange"}
 *
 * <p>One task may send and one may receive at a time. It belongs to the run that opened it, and is
 * closed by it at the latest. Once the run has ended, {@link #close} does nothing; while it goes
 * on, no other thread may close it: hand that to the run through a {@code Portal}.
 */
public final class DatagramSocket implements DatagramTransport {

  private final OpenChannel<DatagramChannel> open;
  private final DatagramExchange exchange;
  private InetSocketAddress local;

  /** Takes over a bound channel, also if it throws. */
  @SuppressWarnings("this-escape") // the run only keeps it, to close it at its end
  DatagramSocket(DatagramChannel channel) throws IOException {
    this.open = new OpenChannel<>(channel, this);
    this.exchange = new DatagramExchange(open);
    try {
      this.local = (InetSocketAddress) channel.getLocalAddress();
    } catch (IOException e) {
      open.close("DatagramSocket");
      throw e;
    }
  }

  /**
   * Opens a socket on a free port of all addresses of this machine, IPv4 and IPv6. Not a
   * checkpoint.
   *
   * @return the socket; the caller closes it
   * @throws IOException if the system refuses
   * @throws IllegalStateException outside a run
   */
  public static DatagramSocket open() throws IOException {
    return open(0);
  }

  /**
   * Opens a socket on a port of all addresses of this machine, IPv4 and IPv6. Not a checkpoint.
   *
   * @param port the port; 0 for one that is free
   * @return the socket; the caller closes it
   * @throws IOException if the system refuses, such as when the port is in use
   * @throws IllegalArgumentException if the port is not one
   * @throws IllegalStateException outside a run
   */
  public static DatagramSocket open(int port) throws IOException {
    Targets.ensurePort("DatagramSocket.open", port, 0);
    return open(new InetSocketAddress(port));
  }

  /**
   * Opens a socket on a port of one address; on all addresses if it is the wildcard address. Not a
   * checkpoint.
   *
   * @param address the address, resolved, and the port, 0 for one that is free
   * @return the socket; the caller closes it
   * @throws IOException if the system refuses, such as when the port is in use; {@link
   *     java.net.UnknownHostException} if the address is not resolved
   * @throws IllegalStateException outside a run
   */
  public static DatagramSocket open(InetSocketAddress address) throws IOException {
    return new DatagramSocket(DatagramBinding.bound(address, false));
  }

  /**
   * Opens a socket on a port that several sockets may have, if all are opened like this, also those
   * of other programs: for multicast, where each of them gets every datagram. Not a checkpoint.
   *
   * @param address the address, resolved, and the port
   * @return the socket; the caller closes it
   * @throws IOException as for {@link #open(InetSocketAddress)}
   * @throws IllegalStateException outside a run
   */
  public static DatagramSocket openShared(InetSocketAddress address) throws IOException {
    return new DatagramSocket(DatagramBinding.bound(address, true));
  }

  /**
   * Settles who the other side is: from now on datagrams are received from there alone, {@link
   * #send(ByteBuffer)} sends there, and the system reports it when nobody is there ({@link
   * java.net.PortUnreachableException}). What was received before, from whomever, is discarded. A
   * checkpoint.
   *
   * @param peer the other side; if it is not resolved, the first address of the host that it names
   * @return this socket
   * @throws IOException if the host has no address, or the system refuses
   * @throws InterruptedException if cancelled; the socket is as it was before
   * @throws IllegalArgumentException if the port is 0
   * @throws IllegalStateException if it is connected already, or outside the run
   */
  public DatagramSocket connect(InetSocketAddress peer) throws IOException, InterruptedException {
    Objects.requireNonNull(peer, "DatagramSocket.connect: the address is null");
    open.ensureInRun("DatagramSocket.connect");
    Checkpoints.throwIfCancelled();
    Targets.ensurePort("DatagramSocket.connect", peer.getPort(), 1);
    InetSocketAddress target = resolved("DatagramSocket.connect", peer);
    open.ensureOpen();
    if (exchange.remote != null) {
      throw new IllegalStateException(
          "DatagramSocket.connect: " + this + " is connected already. Call disconnect() first.");
    }
    try {
      open.channel().connect(target);
    } catch (UnsupportedAddressTypeException e) {
      throw DatagramBinding.otherFamily("connect " + this + " to", target, e);
    }
    exchange.remote = target;
    local = (InetSocketAddress) open.channel().getLocalAddress();
    Checkpoints.letOthersRun();
    return this;
  }

  /**
   * Settles who the other side is, as for {@link #connect(InetSocketAddress)}. A checkpoint.
   *
   * @param host a name, of which the first address is taken, or a numeric address
   * @param port the port, 1 to 65535
   * @return this socket
   * @throws IOException if the host has no address, or the system refuses
   * @throws InterruptedException if cancelled; the socket is as it was before
   * @throws IllegalArgumentException if the host is empty or the port is not one
   * @throws IllegalStateException if it is connected already, or outside the run
   */
  public DatagramSocket connect(String host, int port) throws IOException, InterruptedException {
    Targets.ensurePort("DatagramSocket.connect", port, 1);
    return connect(InetSocketAddress.createUnresolved(host, port));
  }

  /**
   * Receives from everybody again. Nothing happens if it is not connected. Not a checkpoint.
   *
   * @return this socket
   * @throws IOException {@link ClosedChannelException} if it is closed; or if the system refuses
   * @throws IllegalStateException outside the run
   */
  public DatagramSocket disconnect() throws IOException {
    open.ensureInRun("DatagramSocket.disconnect");
    open.ensureOpen();
    open.channel().disconnect();
    exchange.remote = null;
    local = (InetSocketAddress) open.channel().getLocalAddress();
    return this;
  }

  /**
   * Sends one datagram, whole or not at all; that it was sent does not mean that it arrives. A
   * checkpoint.
   *
   * @param data what to send, from position to limit; the position is the limit afterwards. May be
   *     empty
   * @param to the receiver; if it is not resolved, the first address of the host that it names
   * @throws IOException if it cannot be sent, such as when it is too long; {@link
   *     ClosedChannelException} if this is closed, also while the task waits
   * @throws InterruptedException if cancelled; nothing was sent
   * @throws dev.roost.BusyResourceException if another task is sending
   * @throws IllegalStateException if the socket is connected to another address, or outside the run
   */
  @Override
  public void send(ByteBuffer data, InetSocketAddress to) throws IOException, InterruptedException {
    Objects.requireNonNull(data, "DatagramSocket.send: the buffer is null");
    Objects.requireNonNull(to, "DatagramSocket.send: the receiver is null");
    open.ensureInRun("DatagramSocket.send");
    Checkpoints.throwIfCancelled();
    exchange.sending.enter(this);
    try {
      exchange.send(data, resolved("DatagramSocket.send", to), this);
    } finally {
      exchange.sending.leave();
    }
  }

  /**
   * Sends one datagram to where this socket is {@linkplain #connect connected}. A checkpoint.
   *
   * @param data what to send, from position to limit; the position is the limit afterwards
   * @throws IOException if it cannot be sent; {@link java.net.PortUnreachableException} if it
   *     became known that nobody was there for an earlier one
   * @throws InterruptedException if cancelled; nothing was sent
   * @throws dev.roost.BusyResourceException if another task is sending
   * @throws IllegalStateException if it is not connected, or outside the run
   */
  public void send(ByteBuffer data) throws IOException, InterruptedException {
    send(data, peer());
  }

  /**
   * Sends an array as one datagram, as for {@link #send(ByteBuffer)}. A checkpoint.
   *
   * @param data what to send
   * @throws IOException if it cannot be sent
   * @throws InterruptedException if cancelled; nothing was sent
   * @throws IllegalStateException if it is not connected, or outside the run
   */
  public void send(byte[] data) throws IOException, InterruptedException {
    send(ByteBuffer.wrap(data), peer());
  }

  /**
   * Sends a text in UTF-8 as one datagram, as for {@link #send(ByteBuffer)}. A checkpoint.
   *
   * @param utf8 what to send
   * @throws IOException if it cannot be sent
   * @throws InterruptedException if cancelled; nothing was sent
   * @throws IllegalStateException if it is not connected, or outside the run
   */
  public void send(CharSequence utf8) throws IOException, InterruptedException {
    send(utf8, peer());
  }

  private InetSocketAddress peer() throws ClosedChannelException {
    open.ensureInRun("DatagramSocket.send");
    open.ensureOpen();
    InetSocketAddress remote = exchange.remote;
    if (remote == null) {
      throw new IllegalStateException(
          "DatagramSocket.send: "
              + this
              + " is not connected, so that it needs to be told where to send to. Call connect"
              + " first, or name the receiver.");
    }
    return remote;
  }

  @Override
  public boolean sendNow(ByteBuffer data, InetSocketAddress to) throws IOException {
    Objects.requireNonNull(data, "DatagramSocket.sendNow: the buffer is null");
    Objects.requireNonNull(to, "DatagramSocket.sendNow: the receiver is null");
    open.ensureInRun("DatagramSocket.sendNow");
    open.ensureOpen();
    if (to.isUnresolved()) {
      throw DatagramBinding.unresolved("DatagramSocket.sendNow", to);
    }
    return exchange.sendNow(data, to, this);
  }

  private static InetSocketAddress resolved(String operation, InetSocketAddress address)
      throws IOException, InterruptedException {
    if (!address.isUnresolved()) {
      return address;
    }
    InetAddress first =
        Targets.resolve(operation, address.getHostString(), Network.current().resolver())
            .getFirst();
    return new InetSocketAddress(first, address.getPort());
  }

  @Override
  public Datagram receive() throws IOException, InterruptedException {
    return receive(DatagramExchange.LONGEST);
  }

  /**
   * Receives one datagram, of which not more than a beginning is wanted. A checkpoint.
   *
   * @param max how many bytes to keep at most
   * @return the datagram; {@link Datagram#truncated()} says whether it was longer
   * @throws IOException {@link ClosedChannelException} if it is closed, also while the task waits;
   *     {@link java.net.PortUnreachableException} if it is connected, and it became known that
   *     nobody is there; or if the system refuses
   * @throws InterruptedException if cancelled; no datagram is lost by that
   * @throws dev.roost.BusyResourceException if another task is receiving
   * @throws IllegalArgumentException if {@code max} is negative
   * @throws IllegalStateException outside the run
   */
  public Datagram receive(int max) throws IOException, InterruptedException {
    if (max < 0) {
      throw new IllegalArgumentException(
          "DatagramSocket.receive: at most " + max + " bytes were asked for. Ask for 0 or more.");
    }
    return exchange.receive(
        this,
        (room, sender) -> {
          byte[] bytes = new byte[room.remaining()];
          room.get(bytes);
          return Datagram.of(bytes, sender).truncatedTo(max);
        });
  }

  /**
   * Receives one datagram into a buffer. A checkpoint.
   *
   * @param dst where to put it, from the position on; may have no room, for datagrams that are
   *     empty
   * @return who sent it
   * @throws DatagramTruncatedException if it was longer than there was room: the buffer is full,
   *     and the rest of the datagram is lost
   * @throws IOException as for {@link #receive(int)}
   * @throws InterruptedException if cancelled; no datagram is lost by that
   * @throws dev.roost.BusyResourceException if another task is receiving
   * @throws IllegalStateException outside the run
   */
  public InetSocketAddress receive(ByteBuffer dst) throws IOException, InterruptedException {
    Objects.requireNonNull(dst, "DatagramSocket.receive: the buffer is null");
    return exchange.receive(
        this,
        (room, sender) -> {
          int length = room.remaining();
          int space = dst.remaining();
          dst.put(room.limit(Math.min(length, space)));
          if (length > space) {
            throw new DatagramTruncatedException(sender, length, space);
          }
          return sender;
        });
  }

  /**
   * Joins a multicast group: what is sent to it, on the network of one interface, is received as
   * well. The socket is best opened with {@link #openShared}, on the port of the group. Not a
   * checkpoint.
   *
   * @param group the address of the group
   * @param network the interface to the network
   * @return the membership; closing it leaves the group, and so does closing the socket
   * @throws IOException if the system refuses
   * @throws IllegalArgumentException if the address is not a multicast address
   * @throws IllegalStateException if it is in the group already for one sender, or outside the run
   */
  public MulticastMembership join(InetAddress group, NetworkInterface network) throws IOException {
    open.ensureInRun("DatagramSocket.join");
    return new MulticastMembership(open, open.channel().join(group, network));
  }

  /**
   * Joins a multicast group for what one sender sends to it. Not a checkpoint.
   *
   * @param group the address of the group
   * @param network the interface to the network
   * @param source the sender
   * @return the membership; closing it leaves the group, and so does closing the socket
   * @throws IOException if the system refuses
   * @throws IllegalArgumentException if the address is not a multicast address, or the sender's is
   * @throws IllegalStateException if it is in the group already for all senders, or outside the run
   * @throws UnsupportedOperationException if the system cannot do that
   */
  public MulticastMembership join(InetAddress group, NetworkInterface network, InetAddress source)
      throws IOException {
    open.ensureInRun("DatagramSocket.join");
    return new MulticastMembership(open, open.channel().join(group, network, source));
  }

  /**
   * The address that it sends from and receives at, also after closing. Not a checkpoint.
   *
   * @return the address and the port; the wildcard address if it is all of them
   */
  @Override
  public InetSocketAddress localAddress() {
    return local;
  }

  /**
   * Where it is connected to. Not a checkpoint.
   *
   * @return the other side; empty if it is not connected
   */
  public Optional<InetSocketAddress> remoteAddress() {
    return Optional.ofNullable(exchange.remote);
  }

  /**
   * Reads an option of the socket. Not a checkpoint.
   *
   * @param name the option
   * @param <T> its value
   * @return the value, null where the option says so
   * @throws IOException {@link ClosedChannelException} if this socket is closed; or if the system
   *     refuses
   * @throws UnsupportedOperationException if the system does not have it
   */
  public <T> @Nullable T option(SocketOption<T> name) throws IOException {
    open.ensureInRun("DatagramSocket.option");
    return open.channel().getOption(name);
  }

  /**
   * Sets an option of the socket, such as {@link java.net.StandardSocketOptions#SO_BROADCAST}. Not
   * a checkpoint.
   *
   * @param name the option
   * @param value its value
   * @param <T> its value
   * @return this socket
   * @throws IOException {@link ClosedChannelException} if this socket is closed; or if the system
   *     refuses
   * @throws UnsupportedOperationException if the system does not have it
   */
  public <T> DatagramSocket setOption(SocketOption<T> name, T value) throws IOException {
    open.ensureInRun("DatagramSocket.setOption");
    open.channel().setOption(name, value);
    return this;
  }

  @Override
  public void close() {
    open.close("DatagramSocket.close");
  }

  /** Its addresses, and whether it is closed. */
  @Override
  public String toString() {
    InetSocketAddress remote = exchange.remote;
    return "DatagramSocket["
        + Targets.text(local)
        + (remote == null ? "" : " -> " + Targets.text(remote))
        + (open.isClosed() ? ", closed]" : "]");
  }
}
