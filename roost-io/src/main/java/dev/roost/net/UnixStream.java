package dev.roost.net;

import dev.roost.Roost;
import dev.roost.io.HalfCloseableStream;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.Selectable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection through a Unix socket: between programs on one machine, under the protection of its
 * file system.
 *
 * {@snippet file="dev/roost/net/UnixSamplesTest.java" region="connect"}
 *
 * <p>It belongs to the run that opened it, and is closed by it at the latest. Once the run has
 * ended, {@link #close} does nothing; while it goes on, no other thread may close it: hand that to
 * the run through a {@code Portal}.
 */
public final class UnixStream extends SocketStream implements HalfCloseableStream {

  private static final SocketTransfer.Calls CALLS = SocketTransfer.Calls.of(UnixStream.class);

  /** How long to wait for a listener that has no room for another one who waits. */
  private static final Duration WAIT_FOR_ROOM = Duration.ofMillis(10);

  /** How the system says that; it forgets the attempt, so that it has to be made again. */
  private static final String NO_ROOM = "temporarily unavailable";

  /** Takes over a connected channel, also if it throws. */
  private UnixStream(SocketChannel channel, @Nullable UnixDomainSocketAddress local)
      throws IOException {
    super(CALLS, channel, local);
  }

  /** Takes over a channel that was accepted at an address, also if it throws. */
  static UnixStream accepted(SocketChannel channel, UnixDomainSocketAddress local)
      throws IOException {
    return new UnixStream(channel, local);
  }

  /**
   * Connects to whoever listens at a path. When too many wait there already, it tries again every
   * 10 ms on the clock of the run: put a cancel scope around it. A checkpoint.
   *
   * @param path where the socket is in the file system
   * @return the stream; the caller closes it
   * @throws ConnectException if that fails: nobody listens, there is no such socket, or it may not
   *     be used; the cause says why
   * @throws IOException only as that
   * @throws InterruptedException if cancelled; nothing is left open
   * @throws IllegalStateException outside a run
   */
  public static UnixStream connect(Path path) throws IOException, InterruptedException {
    Objects.requireNonNull(path, "UnixStream.connect: the path is null");
    Checkpoints.throwIfCancelled();
    UnixStream stream = connectNow(path);
    if (stream != null) {
      Checkpoints.letOthersRun();
      return stream;
    }
    do {
      Roost.sleep(WAIT_FOR_ROOM);
      stream = connectNow(path);
    } while (stream == null);
    return stream;
  }

  /** Null if the listener has no room at present. */
  private static @Nullable UnixStream connectNow(Path path) throws IOException {
    SocketChannel channel = null;
    try {
      channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.configureBlocking(false);
      if (!channel.connect(UnixDomainSocketAddress.of(path))) {
        throw new SocketException(NO_ROOM); // there is nothing to be pending: no network
      }
    } catch (IOException | UnsupportedOperationException e) {
      ConnectException named =
          new ConnectException("The attempt to connect to " + path + " failed: " + e.getMessage());
      named.initCause(e);
      if (channel != null) {
        OpenChannel.discard(channel, named);
      }
      if (String.valueOf(e.getMessage()).contains(NO_ROOM)) {
        return null;
      }
      throw named;
    }
    return new UnixStream(channel, null);
  }

  /**
   * That {@link #receiveSome} would not wait, as one of several things that a task waits for: for
   * {@code Select.on}. Nothing is received by that; it is also taken at the end, and when the
   * stream breaks or is closed. Not a checkpoint.
   *
   * @return a source that gives this stream
   */
  public Selectable<UnixStream> readable() {
    return Ready.toRead(this, transfer.open());
  }

  /**
   * That the system would take some bytes of {@link #sendAll} at once, as one of several things
   * that a task waits for. Not a checkpoint.
   *
   * @return a source that gives this stream
   */
  public Selectable<UnixStream> writable() {
    return Ready.toWrite(this, transfer.open());
  }

  /**
   * The address of the other side, also after closing. Not a checkpoint.
   *
   * @return the address; with an empty path if the other side is the one that has connected
   */
  public UnixDomainSocketAddress remoteAddress() {
    return (UnixDomainSocketAddress) transfer.remote();
  }

  /**
   * The address of this side, also after closing. Not a checkpoint.
   *
   * @return the address; with an empty path if this side is the one that has connected
   */
  public UnixDomainSocketAddress localAddress() {
    return (UnixDomainSocketAddress) transfer.local();
  }

  /**
   * Sets an option of the socket. ({@link #option} of {@code
   * jdk.net.ExtendedSocketOptions.SO_PEERCRED} tells who is on the other side.) Not a checkpoint.
   *
   * @param name the option
   * @param value its value
   * @param <T> its value
   * @return this stream
   * @throws IOException {@link ClosedChannelException} if this stream is closed; or if the system
   *     refuses
   * @throws UnsupportedOperationException if the system does not have it
   */
  public <T> UnixStream setOption(SocketOption<T> name, T value) throws IOException {
    transfer.setOption(name, value);
    return this;
  }
}
