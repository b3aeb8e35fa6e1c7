package dev.roost.net;

import dev.roost.AsyncConsumer;
import dev.roost.io.BrokenStreamException;
import dev.roost.io.Direction;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.Readiness;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What all connections do that are made of a {@link SocketChannel}, whatever they are connected to.
 *
 * <p>Each direction breaks alone, for what the other side sent before may still be there to
 * receive.
 */
final class SocketTransfer {

  /**
   * The most bytes handed to the system at once. It bounds how long one step of a big transfer
   * keeps the other tasks waiting, and the direct buffers that the JDK keeps for heap buffers,
   * which are as big as what was asked for, one a carrier thread.
   */
  private static final int CHUNK = 64 * 1024;

  private static final int FIRST_GUESS = 4 * 1024;
  private static final int SMALLEST_GUESS = 1024;
  private static final ByteBuffer END = ByteBuffer.allocate(0);

  /** What the calls are called in messages; made once, for they are asked for with each call. */
  record Calls(String type, String receive, String send, String await, String eof, String close) {
    static Calls of(Class<?> type) {
      String name = type.getSimpleName();
      return new Calls(
          name,
          name + ".receiveSome",
          name + ".sendAll",
          name + ".waitSendAllMightNotBlock",
          name + ".sendEof",
          name + ".close");
    }
  }

  private final Calls calls;
  private final Object stream;
  private final OpenChannel<SocketChannel> open;
  private final SocketAddress local;
  private final SocketAddress remote;
  private final Direction receiving = new Direction("receiving from");
  private final Direction sending = new Direction("sending to");

  private @Nullable IOException receivingBroke;
  private @Nullable IOException sendingBroke;
  private boolean sentEof;

  /**
   * How much room to make for a receive that brings its own buffer: twice as much as was needed,
   * within limits.
   */
  private int guess = FIRST_GUESS;

  /** A buffer to be used again. None is kept while the task waits. */
  private @Nullable ByteBuffer spare;

  /**
   * Takes over a connected channel, also if it throws; {@code stream} is whose it is.
   *
   * @param local by which address it was found, if the channel does not know
   */
  SocketTransfer(
      Calls calls, SocketChannel channel, AutoCloseable stream, @Nullable SocketAddress local)
      throws IOException {
    this.calls = calls;
    this.stream = stream;
    this.open = new OpenChannel<>(channel, stream);
    try {
      this.local = local == null ? channel.getLocalAddress() : local;
      this.remote = channel.getRemoteAddress();
    } catch (IOException e) {
      open.close(calls.type());
      throw e;
    }
  }

  OpenChannel<?> open() {
    return open;
  }

  SocketAddress local() {
    return local;
  }

  SocketAddress remote() {
    return remote;
  }

  int receiveSome(ByteBuffer dst) throws IOException, InterruptedException {
    if (!dst.hasRemaining()) {
      throw new IllegalArgumentException(
          calls.receive() + ": the buffer has no room (" + dst + "). Clear or compact it first.");
    }
    beginReceiving();
    try {
      int count = read(dst);
      if (count != 0) {
        open.endCheckpoint();
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

  byte[] receiveSome(int max) throws IOException, InterruptedException {
    if (max < 1) {
      throw new IllegalArgumentException(
          calls.receive()
              + ": at most "
              + max
              + " bytes were asked for, and that is nothing to wait for. Ask for 1 or"
              + " more.");
    }
    ByteBuffer piece = receivePiece(max, false).flip();
    byte[] bytes = new byte[piece.remaining()];
    piece.get(bytes);
    return bytes;
  }

  <X extends Exception> void forEachPiece(AsyncConsumer<? super ByteBuffer, X> action)
      throws X, IOException, InterruptedException {
    Objects.requireNonNull(action, "forEachPiece: the action is null");
    while (handPieceTo(action)) {
      // Nothing but this frame and that of the receiving is there while it waits.
    }
  }

  private <X extends Exception> boolean handPieceTo(AsyncConsumer<? super ByteBuffer, X> action)
      throws X, IOException, InterruptedException {
    ByteBuffer piece = receivePiece(CHUNK, true);
    if (piece == END) {
      return false;
    }
    action.accept(piece.flip());
    spare = piece;
    return true;
  }

  /**
   * A piece that ends at the position of its buffer, or {@link #END}; only with {@code reuse} in
   * the spare buffer.
   */
  private ByteBuffer receivePiece(int max, boolean reuse) throws IOException, InterruptedException {
    beginReceiving();
    try {
      ByteBuffer piece = readPiece(max, reuse);
      if (piece != null) {
        open.endCheckpoint();
        return piece;
      }
      do {
        Readiness.waitReadable(open.channel());
        piece = readPiece(max, reuse);
      } while (piece == null);
      return piece;
    } finally {
      receiving.leave();
    }
  }

  private void beginReceiving() throws InterruptedException {
    open.startCheckpoint(calls.receive());
    receiving.enter(stream);
  }

  /** Reads what there is without waiting; null if there is nothing yet. */
  private @Nullable ByteBuffer readPiece(int max, boolean reuse) throws IOException {
    int size = Math.min(max, guess);
    ByteBuffer piece = reuse ? spare : null;
    spare = null;
    if (piece == null || piece.capacity() < size) {
      piece = ByteBuffer.allocate(size);
    }
    int count = read(piece.clear());
    if (count <= 0) {
      return count == 0 ? null : END;
    }
    guess = Math.clamp(2L * count, SMALLEST_GUESS, CHUNK);
    return piece;
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

  void sendAll(ByteBuffer src) throws IOException, InterruptedException {
    Objects.requireNonNull(src, () -> calls.send() + ": the buffer is null");
    open.startCheckpoint(calls.send());
    sending.enter(stream);
    try {
      boolean whole = writeSome(src);
      while (src.hasRemaining()) {
        if (whole) {
          open.endCheckpoint();
          Checkpoints.throwIfCancelled();
        } else {
          Readiness.waitWritable(open.channel());
        }
        whole = writeSome(src);
      }
      open.endCheckpoint();
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

  void waitSendAllMightNotBlock() throws IOException, InterruptedException {
    open.startCheckpoint(calls.await());
    sending.enter(stream);
    try {
      ensureSendable();
      Readiness.waitWritable(open.channel());
    } finally {
      sending.leave();
    }
  }

  void sendEof() throws IOException, InterruptedException {
    open.startCheckpoint(calls.eof());
    sending.enter(stream);
    try {
      open.ensureOpen();
      if (!sentEof) {
        ensureSendable();
        shutdownOutput();
        sentEof = true;
      }
      open.endCheckpoint();
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

  void close() {
    open.close(calls.close());
  }

  <T> @Nullable T option(SocketOption<T> name) throws IOException {
    open.ensureInRun(calls.type() + ".option");
    return open.channel().getOption(name);
  }

  <T> void setOption(SocketOption<T> name, T value) throws IOException {
    open.ensureInRun(calls.type() + ".setOption");
    open.channel().setOption(name, value);
  }

  /** From where to where, and whether it is closed. */
  @Override
  public String toString() {
    return calls.type()
        + "["
        + Targets.text(local)
        + " -> "
        + Targets.text(remote)
        + (open.isClosed() ? ", closed]" : "]");
  }
}
