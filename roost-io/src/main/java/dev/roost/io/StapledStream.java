package dev.roost.io;

import dev.roost.lowlevel.Checkpoints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;

/**
 * Two one-way streams as one two-way stream: what is sent goes into the one, what is received comes
 * from the other. The standard input and output of a process are such a pair.
 *
 * {@snippet file="dev/roost/io/StreamSamplesTest.java" region="stapled"}
 *
 * <p>The sides can still be used on their own; they follow the same rules, one task at a time in
 * each direction included.
 *
 * @param <S> the side that bytes go into
 * @param <R> the side that bytes come out of
 */
public final class StapledStream<S extends SendStream, R extends ReceiveStream>
    implements HalfCloseableStream {

  private final S sendStream;
  private final R receiveStream;
  private final Direction sending = new Direction("sending to");
  private boolean closed;

  /**
   * Puts two streams together, which belong to the new one from now on: it closes them. Not a
   * checkpoint; can be called anywhere.
   *
   * @param sendStream the side that bytes go into
   * @param receiveStream the side that bytes come out of
   */
  public StapledStream(S sendStream, R receiveStream) {
    this.sendStream = Objects.requireNonNull(sendStream, "StapledStream: the send stream is null");
    this.receiveStream =
        Objects.requireNonNull(receiveStream, "StapledStream: the receive stream is null");
  }

  /**
   * The side that bytes go into. Not a checkpoint.
   *
   * @return the stream that was given
   */
  public S sendStream() {
    return sendStream;
  }

  /**
   * The side that bytes come out of. Not a checkpoint.
   *
   * @return the stream that was given
   */
  public R receiveStream() {
    return receiveStream;
  }

  @Override
  public void sendAll(ByteBuffer src) throws IOException, InterruptedException {
    send(() -> sendStream.sendAll(src));
  }

  @Override
  public void sendAll(byte[] bytes) throws IOException, InterruptedException {
    send(() -> sendStream.sendAll(bytes));
  }

  @Override
  public void sendAll(CharSequence utf8) throws IOException, InterruptedException {
    send(() -> sendStream.sendAll(utf8));
  }

  @Override
  public void waitSendAllMightNotBlock() throws IOException, InterruptedException {
    send(sendStream::waitSendAllMightNotBlock);
  }

  /**
   * Says that nothing more will be sent: half-closes the send side if that can be half-closed, and
   * closes it otherwise. Does nothing the second time. A checkpoint.
   *
   * @throws ClosedChannelException if this stream is closed
   * @throws BrokenStreamException if the send side broke
   * @throws IOException as the send side says
   * @throws InterruptedException if cancelled; the direction is still open then
   * @throws dev.roost.BusyResourceException if another task is sending
   * @throws IllegalStateException outside the run that the stream belongs to
   */
  @Override
  public void sendEof() throws IOException, InterruptedException {
    send(() -> {
      if (closed) {
        throw new ClosedChannelException();
      }
      if (sendStream instanceof HalfCloseableStream halfCloseable) {
        halfCloseable.sendEof();
      } else {
        sendStream.close();
        Checkpoints.letOthersRun();
      }
    });
  }

  /** One task at a time: nobody half-closes while another one sends. */
  private void send(SendCall call) throws IOException, InterruptedException {
    Checkpoints.throwIfCancelled();
    sending.enter(this);
    try {
      call.make();
    } finally {
      sending.leave();
    }
  }

  /** Something that is done with the send side. */
  private interface SendCall {
    void make() throws IOException, InterruptedException;
  }

  @Override
  public int receiveSome(ByteBuffer dst) throws IOException, InterruptedException {
    return receiveStream.receiveSome(dst);
  }

  @Override
  public byte[] receiveSome(int max) throws IOException, InterruptedException {
    return receiveStream.receiveSome(max);
  }

  /**
   * Closes both sides at once, also if one of them fails to close. A task that waits in either gets
   * {@link ClosedChannelException}. Never waits, works whatever is cancelled, and does nothing the
   * second time. Not a checkpoint.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (receiveStream) {
      sendStream.close();
    }
  }

  /** Its two sides. */
  @Override
  public String toString() {
    return "StapledStream[" + sendStream + ", " + receiveStream + "]";
  }
}
