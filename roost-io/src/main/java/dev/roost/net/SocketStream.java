package dev.roost.net;

import dev.roost.AsyncConsumer;
import dev.roost.io.HalfCloseableStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * What a stream over a socket is, whatever the socket is connected to: its calls, by their names.
 */
abstract sealed class SocketStream implements HalfCloseableStream permits TcpStream, UnixStream {

  final SocketTransfer transfer;

  /**
   * Takes over a connected channel, also if it throws.
   *
   * @param local by which address it was found, if the channel does not know
   */
  @SuppressWarnings("this-escape") // the run only keeps it, to close it at its end
  SocketStream(SocketTransfer.Calls calls, SocketChannel channel, @Nullable SocketAddress local)
      throws IOException {
    this.transfer = new SocketTransfer(calls, channel, this, local);
  }

  @Override
  public final int receiveSome(ByteBuffer dst) throws IOException, InterruptedException {
    return transfer.receiveSome(dst);
  }

  @Override
  public final byte[] receiveSome(int max) throws IOException, InterruptedException {
    return transfer.receiveSome(max);
  }

  @Override
  public final <X extends Exception> void forEachPiece(AsyncConsumer<? super ByteBuffer, X> action)
      throws X, IOException, InterruptedException {
    transfer.forEachPiece(action);
  }

  @Override
  public final void sendAll(ByteBuffer src) throws IOException, InterruptedException {
    transfer.sendAll(src);
  }

  @Override
  public final void waitSendAllMightNotBlock() throws IOException, InterruptedException {
    transfer.waitSendAllMightNotBlock();
  }

  @Override
  public final void sendEof() throws IOException, InterruptedException {
    transfer.sendEof();
  }

  /**
   * Closes the connection at once; what the system has taken is still delivered. A task that waits
   * in it gets {@link ClosedChannelException}. Never waits, works whatever is cancelled, and does
   * nothing the second time, also after the run. Not a checkpoint.
   *
   * @throws IllegalStateException if it is still open, and the caller is no task of its run
   */
  @Override
  public final void close() {
    transfer.close();
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
  public final <T> @Nullable T option(SocketOption<T> name) throws IOException {
    return transfer.option(name);
  }

  /** From where to where, and whether it is closed. */
  @Override
  public final String toString() {
    return transfer.toString();
  }
}
