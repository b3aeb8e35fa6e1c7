package dev.roost.testing;

import dev.roost.AsyncRunnable;
import dev.roost.Roost;
import dev.roost.io.Direction;
import dev.roost.io.ReceiveStream;
import dev.roost.lowlevel.RunBinding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A stream that gives out what the test has put in.
 *
 * {@snippet file="dev/roost/testing/StreamTestingSamples.java" region="putData"}
 *
 * <p>Its calls give way to other tasks twice before they do anything, whatever the checkpoint
 * budget, so that tasks that get into each other's way are found. Hooks run within the calls: they
 * can wait, to play a slow network, or throw, to play a bad one.
 *
 * <p>Made anywhere, bound to the first run that uses it.
 */
public final class MemoryReceiveStream implements ReceiveStream {

  final ByteQueue incoming = new ByteQueue();
  private final RunBinding binding = new RunBinding();
  private final Direction receiving = new Direction("receiving from");
  private final Hook receiveSome = new Hook();
  private Runnable closeHook = () -> {};
  private boolean closed;

  /** A stream without hooks, and with nothing to give. */
  public MemoryReceiveStream() {}

  /**
   * Sets what happens within {@code receiveSome}, before it looks whether there is data: it may put
   * some in. Not a checkpoint.
   *
   * @param hook may wait and fail; is cut short when the stream is closed
   * @return this stream
   */
  public MemoryReceiveStream receiveSomeHook(AsyncRunnable<? extends IOException> hook) {
    receiveSome.set(
        Objects.requireNonNull(hook, "MemoryReceiveStream.receiveSomeHook: the hook is null"));
    return this;
  }

  /**
   * Sets what happens when the stream is closed, once. Not a checkpoint.
   *
   * @param hook must neither wait nor throw
   * @return this stream
   */
  public MemoryReceiveStream closeHook(Runnable hook) {
    closeHook = Objects.requireNonNull(hook, "MemoryReceiveStream.closeHook: the hook is null");
    return this;
  }

  /**
   * Puts in bytes to be received. Not a checkpoint.
   *
   * @param bytes the bytes; they are copied
   * @throws ClosedChannelException if the stream is closed, or {@link #putEof} was called
   * @throws IllegalStateException outside the run
   */
  public void putData(byte[] bytes) throws ClosedChannelException {
    putData(ByteBuffer.wrap(bytes));
  }

  /**
   * Puts in a text to be received, in UTF-8. Not a checkpoint.
   *
   * @param utf8 the text
   * @throws ClosedChannelException if the stream is closed, or {@link #putEof} was called
   * @throws IllegalStateException outside the run
   */
  public void putData(String utf8) throws ClosedChannelException {
    putData(utf8.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Puts in bytes to be received. Not a checkpoint.
   *
   * @param src the bytes, from position to limit; they are copied, and the buffer has none left
   * @throws ClosedChannelException if the stream is closed, or {@link #putEof} was called
   * @throws IllegalStateException outside the run
   */
  public void putData(ByteBuffer src) throws ClosedChannelException {
    binding.check("MemoryReceiveStream.putData");
    incoming.put(src);
  }

  /**
   * Ends the stream: what was put in can be received, and then comes the end. Does nothing the
   * second time. Not a checkpoint.
   *
   * @throws IllegalStateException outside the run
   */
  public void putEof() {
    binding.check("MemoryReceiveStream.putEof");
    incoming.close();
  }

  @Override
  public int receiveSome(ByteBuffer dst) throws IOException, InterruptedException {
    if (!dst.hasRemaining()) {
      throw new IllegalArgumentException(
          "MemoryReceiveStream.receiveSome: the buffer has no room ("
              + dst
              + "). Clear or compact it first.");
    }
    byte[] some = receive(dst.remaining());
    dst.put(some);
    return some.length == 0 ? -1 : some.length;
  }

  @Override
  public byte[] receiveSome(int max) throws IOException, InterruptedException {
    MemoryStreams.ensurePositive("MemoryReceiveStream.receiveSome", max);
    return receive(max);
  }

  private byte[] receive(int max) throws IOException, InterruptedException {
    binding.startCheckpoint("MemoryReceiveStream.receiveSome");
    receiving.enter(this);
    try {
      Roost.checkpoint();
      Roost.checkpoint();
      ensureOpen();
      receiveSome.run();
      byte[] some = incoming.take(this, max);
      ensureOpen();
      return some;
    } finally {
      receiving.leave();
    }
  }

  private void ensureOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  /**
   * Closes the stream at once; what was put in is gone. A task that waits in it gets {@link
   * ClosedChannelException}. Does nothing the second time. Not a checkpoint.
   *
   * @throws IllegalStateException outside the run
   */
  @Override
  public void close() {
    binding.check("MemoryReceiveStream.close");
    if (closed) {
      return;
    }
    closed = true;
    incoming.closeAndWipe();
    receiveSome.cutShort();
    closeHook.run();
  }

  /** How much can be received, and whether it is closed. */
  @Override
  public String toString() {
    return "MemoryReceiveStream["
        + incoming.size()
        + " bytes"
        + (closed ? ", closed]" : incoming.isClosed() ? ", then the end]" : "]");
  }
}
