package dev.roost.net;

import dev.roost.io.ByteStream;
import dev.roost.io.Direction;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.Readiness;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * What all listeners do that are made of a {@link ServerSocketChannel}, whatever they listen on.
 *
 * @param <S> the streams that come of it
 */
final class Acceptor<S extends ByteStream> {

  /** Makes a stream of what was accepted. */
  @FunctionalInterface
  interface Wrapper<S> {
    /** Takes the channel over, also if it throws. */
    S wrap(SocketChannel accepted) throws IOException;
  }

  private final String type;
  private final String accept;
  private final Object listener;
  private final OpenChannel<ServerSocketChannel> open;
  private final Wrapper<? extends S> wrapper;
  private final SocketAddress local;
  private final Direction accepting = new Direction("accepting from");

  /** Takes over a bound channel, also if it throws; {@code listener} is whose it is. */
  Acceptor(ServerSocketChannel channel, AutoCloseable listener, Wrapper<? extends S> wrapper)
      throws IOException {
    this(channel, listener, wrapper, null);
  }

  /** The same, where the channel does not know by which address it is found. */
  Acceptor(
      ServerSocketChannel channel,
      AutoCloseable listener,
      Wrapper<? extends S> wrapper,
      @Nullable SocketAddress local)
      throws IOException {
    this.type = listener.getClass().getSimpleName();
    this.accept = type + ".accept";
    this.listener = listener;
    this.wrapper = wrapper;
    this.open = new OpenChannel<>(channel, listener);
    try {
      this.local = local == null ? channel.getLocalAddress() : local;
    } catch (IOException e) {
      open.close(type);
      throw e;
    }
  }

  OpenChannel<?> open() {
    return open;
  }

  SocketAddress local() {
    return local;
  }

  S accept() throws IOException, InterruptedException {
    open.ensureInRun(accept);
    Checkpoints.throwIfCancelled();
    accepting.enter(listener);
    try {
      S stream = acceptNow();
      if (stream != null) {
        Checkpoints.letOthersRun();
        return stream;
      }
      do {
        Readiness.waitReadable(open.channel());
        stream = acceptNow();
      } while (stream == null);
      return stream;
    } finally {
      accepting.leave();
    }
  }

  /** Accepts without waiting; null if nobody is there, or whoever was there is gone again. */
  @Nullable S acceptNow() throws IOException {
    open.ensureOpen();
    SocketChannel accepted;
    try {
      accepted = open.channel().accept();
    } catch (IOException e) {
      if (AcceptErrors.isOfOneConnection(e)) {
        return null;
      }
      throw e;
    }
    if (accepted == null) {
      return null;
    }
    try {
      return wrapper.wrap(accepted);
    } catch (IOException e) {
      return null; // it was reset before it could be set up: as if it had never been there
    }
  }

  void close() {
    close(() -> {});
  }

  /** Does something else first, if it is still open. */
  void close(Runnable before) {
    open.close(type + ".close", before);
  }

  /** Its address, and whether it is closed. */
  @Override
  public String toString() {
    return type + "[" + Targets.text(local) + (open.isClosed() ? ", closed]" : "]");
  }
}
