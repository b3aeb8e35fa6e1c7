package dev.roost.net;

import dev.roost.io.HalfCloseableStream;
import dev.roost.lowlevel.Selectable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;

/**
 * A TCP connection.
 *
 * {@snippet file="dev/roost/net/NetSamplesTest.java" region="connect"}
 *
 * <p>Small pieces are sent at once (TCP_NODELAY is on). It belongs to the run that opened it, and
 * is closed by it at the latest. Once the run has ended, {@link #close} does nothing; while it goes
 * on, no other thread may close it: hand that to the run through a {@code Portal}.
 */
public final class TcpStream extends SocketStream implements HalfCloseableStream {

  private static final SocketTransfer.Calls CALLS = SocketTransfer.Calls.of(TcpStream.class);

  /** Takes over a connected channel, also if it throws. */
  TcpStream(SocketChannel channel) throws IOException {
    super(CALLS, channel, null);
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    } catch (IOException e) {
      transfer.close();
      throw e;
    }
  }

  /**
   * Connects to a host, with all of its addresses in the race: see {@link TcpConnector}. There is
   * no timeout of its own: put a cancel scope around it. A checkpoint.
   *
   * @param host a name or a numeric address
   * @param port the port, 1 to 65535
   * @return the stream; the caller closes it
   * @throws IOException if the host has no address, or none of them could be connected to
   * @throws InterruptedException if cancelled; nothing is left open
   * @throws IllegalArgumentException if the host is empty or the port is not one
   * @throws IllegalStateException outside a run
   */
  public static TcpStream connect(String host, int port) throws IOException, InterruptedException {
    return connector().connect(host, port);
  }

  /**
   * Connects to an address, such as {@link TcpListener#localAddress()}; if it is not resolved, to
   * the host that it names. A checkpoint.
   *
   * @param address the address and the port
   * @return the stream; the caller closes it
   * @throws IOException as for {@link #connect(String, int)}
   * @throws InterruptedException if cancelled; nothing is left open
   * @throws IllegalArgumentException if the port is 0
   * @throws IllegalStateException outside a run
   */
  public static TcpStream connect(InetSocketAddress address)
      throws IOException, InterruptedException {
    return connector().connect(address);
  }

  /**
   * For connections that need more than {@link #connect}: another pace, resolver or local address.
   *
   * @return the default connector, to be changed
   */
  public static TcpConnector connector() {
    return TcpConnector.DEFAULT;
  }

  /**
   * That {@link #receiveSome} would not wait, as one of several things that a task waits for: for
   * {@code Select.on}. Nothing is received by that; it is also taken at the end, and when the
   * stream breaks or is closed. Not a checkpoint.
   *
   * {@snippet file="dev/roost/net/NetSamplesTest.java" region="select"}
   *
   * @return a source that gives this stream
   */
  public Selectable<TcpStream> readable() {
    return Ready.toRead(this, transfer.open());
  }

  /**
   * That the system would take some bytes of {@link #sendAll} at once, as one of several things
   * that a task waits for. Not a checkpoint.
   *
   * @return a source that gives this stream
   */
  public Selectable<TcpStream> writable() {
    return Ready.toWrite(this, transfer.open());
  }

  /**
   * The address of the other side, also after closing. Not a checkpoint.
   *
   * @return the address
   */
  public InetSocketAddress remoteAddress() {
    return (InetSocketAddress) transfer.remote();
  }

  /**
   * The address of this side, also after closing. Not a checkpoint.
   *
   * @return the address
   */
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) transfer.local();
  }

  /**
   * Sets an option of the socket, such as {@link StandardSocketOptions#SO_KEEPALIVE}. Not a
   * checkpoint.
   *
   * @param name the option
   * @param value its value
   * @param <T> its value
   * @return this stream
   * @throws IOException {@link ClosedChannelException} if this stream is closed; or if the system
   *     refuses
   * @throws UnsupportedOperationException if the system does not have it
   */
  public <T> TcpStream setOption(SocketOption<T> name, T value) throws IOException {
    transfer.setOption(name, value);
    return this;
  }
}
