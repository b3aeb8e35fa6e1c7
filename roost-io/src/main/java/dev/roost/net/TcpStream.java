package dev.roost.net;

import dev.roost.io.BrokenStreamException;
import dev.roost.io.Direction;
import dev.roost.io.HalfCloseableStream;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.Readiness;
import dev.roost.lowlevel.Selectable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection.
 *
 * {@snippet file="dev/roost/net/NetSamplesTest.java" region="connect"}
 *
 * <p>Small pieces are sent at once (TCP_NODELAY is on). It belongs to the run that opened it, and
 * is closed by it at the latest. Once the run has ended, {@link #close} does nothing; while it goes
 * on, no other thread may close it: hand that to the run through a {@code Portal}.
 */
public final class TcpStream implements HalfCloseableStream {

  /**
   * The most bytes handed to the system at once. It bounds how long one step of a big transfer
   * keeps the other tasks waiting, and the direct buffers that the JDK keeps for heap buffers,
   * which are as big as what was asked for, one a carrier thread.
   */
  private static final int CHUNK = 64 * 1024;

  private static final int FIRST_GUESS = 4 * 1024;
  private static final byte[] END = {};

  private final OpenChannel<SocketChannel> open;
  private final InetSocketAddress local;
  private final InetSocketAddress remote;
  private final Direction receiving = new Direction("receiving from");
  private final Direction sending = new Direction("sending to");

  /**
   * What broke a direction; each breaks alone, for what the other side sent before may still be
   * there to receive.
   */
  private @Nullable IOException receivingBroke;

  private @Nullable IOException sendingBroke;
  private boolean sentEof;

  /**
   * How much room to make for a receive that brings its own array: twice as much as was needed,
   * within limits.
   */
  private int guess = FIRST_GUESS;

  /** Takes over a connected channel, also if it throws. */
  @SuppressWarnings("this-escape") // the run only keeps it, to close it at its end
  TcpStream(SocketChannel channel) throws IOException {
    this.open = new OpenChannel<>(channel, this);
    try {
      this.local = (InetSocketAddress) channel.getLocalAddress();
      this.remote = (InetSocketAddress) channel.getRemoteAddress();
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    } catch (IOException e) {
      open.close("TcpStream");
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

  @Override
  public int receiveSome(ByteBuffer dst) throws IOException, InterruptedException {
    if (!dst.hasRemaining()) {
      throw new IllegalArgumentException(
          "TcpStream.receiveSome: the buffer has no room ("
              + dst
              + "). Clear or compact it first.");
    }
    beginReceiving();
    try {
      int count = read(dst);
      if (count != 0) {
        Checkpoints.letOthersRun();
        return count;
      }
      do {
        Readiness.waitReadable(open.channel());
        count = read(dst);
      } while (count == 0);
      return count;
    } finally {
      receiving.leave();
    }
  }

  @Override
  public byte[] receiveSome(int max) throws IOException, InterruptedException {
    if (max < 1) {
      throw new IllegalArgumentException(
          "TcpStream.receiveSome: at most "
              + max
              + " bytes were asked for, and that is nothing to wait for. Ask for 1 or"
              + " more.");
    }
    beginReceiving();
    try {
      byte[] bytes = readNew(max);
      if (bytes != null) {
        Checkpoints.letOthersRun();
        return bytes;
      }
      do {
        Readiness.waitReadable(open.channel());
        bytes = readNew(max);
      } while (bytes == null);
      return bytes;
    } finally {
      receiving.leave();
    }
  }

  private void beginReceiving() throws IOException, InterruptedException {
    open.ensureInRun("TcpStream.receiveSome");
    Checkpoints.throwIfCancelled();
    receiving.enter(this);
  }

  /**
   * Reads into an array made for it; null if there is nothing yet. No array is kept while the task
   * waits.
   */
  private byte @Nullable [] readNew(int max) throws IOException {
    byte[] bytes = new byte[Math.min(max, guess)];
    int count = read(ByteBuffer.wrap(bytes));
    if (count == 0) {
      return null;
    }
    if (count < 0) {
      return END;
    }
    guess = Math.clamp(2L * count, FIRST_GUESS, CHUNK);
    return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
  }

  /** Reads what there is without waiting. */
  private int read(ByteBuffer dst) throws IOException {
    open.ensureOpen();
    if (receivingBroke != null) {
      throw broken("receiving from", receivingBroke);
    }
    int limit = dst.limit();
    dst.limit(Math.min(limit, dst.position() + CHUNK));
    try {
      return open.channel().read(dst);
    } catch (IOException e) {
      receivingBroke = e;
      throw broken("receiving from", e);
    } finally {
      dst.limit(limit);
    }
  }

  @Override
  public void sendAll(ByteBuffer src) throws IOException, InterruptedException {
    Objects.requireNonNull(src, "TcpStream.sendAll: the buffer is null");
    open.ensureInRun("TcpStream.sendAll");
    Checkpoints.throwIfCancelled();
    sending.enter(this);
    try {
      boolean whole = writeSome(src);
      while (src.hasRemaining()) {
        if (whole) {
          Checkpoints.letOthersRun();
          Checkpoints.throwIfCancelled();
        } else {
          Readiness.waitWritable(open.channel());
        }
        whole = writeSome(src);
      }
      Checkpoints.letOthersRun();
    } finally {
      sending.leave();
    }
  }

  /**
   * Writes a chunk without waiting; false if the system took only a part of it, so that it is time
   * to wait.
   */
  private boolean writeSome(ByteBuffer src) throws IOException {
    ensureSendable();
    int limit = src.limit();
    int chunk = Math.min(src.remaining(), CHUNK);
    src.limit(src.position() + chunk);
    try {
      return open.channel().write(src) == chunk;
    } catch (IOException e) {
      sendingBroke = e;
      throw broken("sending to", e);
    } finally {
      src.limit(limit);
    }
  }

  private void ensureSendable() throws IOException {
    open.ensureOpen();
    if (sentEof) {
      throw new ClosedChannelException();
    }
    if (sendingBroke != null) {
      throw broken("sending to", sendingBroke);
    }
  }

  @Override
  public void waitSendAllMightNotBlock() throws IOException, InterruptedException {
    open.ensureInRun("TcpStream.waitSendAllMightNotBlock");
    Checkpoints.throwIfCancelled();
    sending.enter(this);
    try {
      ensureSendable();
      Readiness.waitWritable(open.channel());
    } finally {
      sending.leave();
    }
  }

  @Override
  public void sendEof() throws IOException, InterruptedException {
    open.ensureInRun("TcpStream.sendEof");
    Checkpoints.throwIfCancelled();
    sending.enter(this);
    try {
      open.ensureOpen();
      if (!sentEof) {
        ensureSendable();
        shutdownOutput();
        sentEof = true;
      }
      Checkpoints.letOthersRun();
    } finally {
      sending.leave();
    }
  }

  private void shutdownOutput() throws IOException {
    try {
      open.channel().shutdownOutput();
    } catch (IOException e) {
      sendingBroke = e;
      throw broken("sending the end to", e);
    }
  }

  private BrokenStreamException broken(String doing, IOException cause) {
    return new BrokenStreamException(
        "The connection to "
            + Targets.text(remote)
            + " broke while "
            + doing
            + " it: "
            + cause.getMessage(),
        cause);
  }

  /**
   * Closes the connection at once; what the system has taken is still delivered. A task that waits
   * in it gets {@link ClosedChannelException}. Never waits, works whatever is cancelled, and does
   * nothing the second time, also after the run. Not a checkpoint.
   *
   * @throws IllegalStateException if it is still open, and the caller is no task of its run
   */
  @Override
  public void close() {
    open.close("TcpStream.close");
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
    return Ready.toRead(this, open);
  }

  /**
   * That the system would take some bytes of {@link #sendAll} at once, as one of several things
   * that a task waits for. Not a checkpoint.
   *
   * @return a source that gives this stream
   */
  public Selectable<TcpStream> writable() {
    return Ready.toWrite(this, open);
  }

  /**
   * The address of the other side, also after closing. Not a checkpoint.
   *
   * @return the address
   */
  public InetSocketAddress remoteAddress() {
    return remote;
  }

  /**
   * The address of this side, also after closing. Not a checkpoint.
   *
   * @return the address
   */
  public InetSocketAddress localAddress() {
    return local;
  }

  /**
   * Reads an option of the socket. Not a checkpoint.
   *
   * @param name the option
   * @param <T> its value
   * @return the value, null where the option says so
   * @throws IOException {@link ClosedChannelException} if this stream is closed; or if the system
   *     refuses
   * @throws UnsupportedOperationException if the system does not have it
   */
  public <T> @Nullable T option(SocketOption<T> name) throws IOException {
    open.ensureInRun("TcpStream.option");
    return open.channel().getOption(name);
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
    open.ensureInRun("TcpStream.setOption");
    open.channel().setOption(name, value);
    return this;
  }

  /** From where to where, and whether it is closed. */
  @Override
  public String toString() {
    return "TcpStream["
        + Targets.text(local)
        + " -> "
        + Targets.text(remote)
        + (open.isClosed() ? ", closed]" : "]");
  }
}
