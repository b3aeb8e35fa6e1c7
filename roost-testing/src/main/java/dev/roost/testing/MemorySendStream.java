package dev.roost.testing;

import dev.roost.AsyncRunnable;
import dev.roost.Roost;
import dev.roost.io.Direction;
import dev.roost.io.SendStream;
import dev.roost.lowlevel.RunBinding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.Optional;

/**
 * A stream that keeps what is sent, without limit, for the test to look at.
 *
 * {@snippet file="dev/roost/testing/StreamTestingSamples.java" region="getData"}
 *
 * <p>Its calls give way to other tasks twice before they do anything, whatever the checkpoint
 * budget, so that tasks that get into each other's way are found. Hooks run within the calls: they
 * can wait, to play a slow network, or throw, to play a bad one.
 *
 * <p>Made anywhere, bound to the first run that uses it.
 */
public final class MemorySendStream implements SendStream {

  final ByteQueue outgoing = new ByteQueue();
  private final RunBinding binding = new RunBinding();
  private final Direction sending = new Direction("sending to");
  private final Hook sendAll = new Hook();
  private final Hook waitSendAll = new Hook();
  private Runnable closeHook = () -> {};

  /** A stream without hooks. */
  public MemorySendStream() {}

  /**
   * Sets what happens within {@code sendAll}, after the stream has taken the bytes. A stream of
   * {@link MemoryStreams#oneWayPair} has a hook that moves them to the other end; what takes its
   * place has to call {@link MemoryStreams#pump} itself. Not a checkpoint.
   *
   * @param hook may wait and fail; is cut short when the stream is closed
   * @return this stream
   */
  public MemorySendStream sendAllHook(AsyncRunnable<? extends IOException> hook) {
    sendAll.set(Objects.requireNonNull(hook, "MemorySendStream.sendAllHook: the hook is null"));
    return this;
  }

  /**
   * Sets what happens within {@code waitSendAllMightNotBlock}. Not a checkpoint.
   *
   * @param hook may wait and fail; is cut short when the stream is closed
   * @return this stream
   */
  public MemorySendStream waitSendAllMightNotBlockHook(AsyncRunnable<? extends IOException> hook) {
    waitSendAll.set(
        Objects.requireNonNull(
            hook, "MemorySendStream.waitSendAllMightNotBlockHook: the hook is null"));
    return this;
  }

  /**
   * Sets what happens when the stream is closed, once. A stream of {@link MemoryStreams#oneWayPair}
   * has a hook that brings the end to the other side. Not a checkpoint.
   *
   * @param hook must neither wait nor throw
   * @return this stream
   */
  public MemorySendStream closeHook(Runnable hook) {
    closeHook = Objects.requireNonNull(hook, "MemorySendStream.closeHook: the hook is null");
    return this;
  }

  @Override
  public void sendAll(ByteBuffer src) throws IOException, InterruptedException {
    Objects.requireNonNull(src, "MemorySendStream.sendAll: the buffer is null");
    begin("MemorySendStream.sendAll");
    try {
      Roost.checkpoint();
      Roost.checkpoint();
      outgoing.put(src);
      sendAll.run();
    } finally {
      sending.leave();
    }
  }

  @Override
  public void waitSendAllMightNotBlock() throws IOException, InterruptedException {
    begin("MemorySendStream.waitSendAllMightNotBlock");
    try {
      Roost.checkpoint();
      Roost.checkpoint();
      if (outgoing.isClosed()) {
        throw new ClosedChannelException();
      }
      waitSendAll.run();
    } finally {
      sending.leave();
    }
  }

  private void begin(String operation) throws InterruptedException {
    binding.startCheckpoint(operation);
    sending.enter(this);
  }

  /**
   * Takes out what was sent, and waits until there is something. A checkpoint.
   *
   * @return the bytes, at least one; an empty array if the stream is closed and nothing is left
   * @throws InterruptedException if cancelled
   * @throws dev.roost.BusyResourceException if another task waits for data
   * @throws IllegalStateException outside the run
   */
  public byte[] getData() throws InterruptedException {
    return getData(Integer.MAX_VALUE);
  }

  /**
   * Takes out some of what was sent, and waits until there is something. A checkpoint.
   *
   * @param max how many bytes at most, at least 1
   * @return the bytes, at least one; an empty array if the stream is closed and nothing is left
   * @throws InterruptedException if cancelled
   * @throws IllegalArgumentException if {@code max} is less than 1
   * @throws dev.roost.BusyResourceException if another task waits for data
   * @throws IllegalStateException outside the run
   */
  public byte[] getData(int max) throws InterruptedException {
    MemoryStreams.ensurePositive("MemorySendStream.getData", max);
    binding.startCheckpoint("MemorySendStream.getData");
    byte[] data = outgoing.take(this, max);
    binding.endCheckpoint();
    return data;
  }

  /**
   * Takes out what was sent, if there is something. Not a checkpoint.
   *
   * @return the bytes, at least one; an empty array if the stream is closed and nothing is left;
   *     nothing if there is no data yet
   * @throws dev.roost.BusyResourceException if another task waits for data
   * @throws IllegalStateException outside the run
   */
  public Optional<byte[]> getDataNow() {
    return getDataNow(Integer.MAX_VALUE);
  }

  /**
   * Takes out some of what was sent, if there is something. Not a checkpoint.
   *
   * @param max how many bytes at most, at least 1
   * @return the bytes, at least one; an empty array if the stream is closed and nothing is left;
   *     nothing if there is no data yet
   * @throws IllegalArgumentException if {@code max} is less than 1
   * @throws dev.roost.BusyResourceException if another task waits for data
   * @throws IllegalStateException outside the run
   */
  public Optional<byte[]> getDataNow(int max) {
    MemoryStreams.ensurePositive("MemorySendStream.getDataNow", max);
    binding.check("MemorySendStream.getDataNow");
    return outgoing.takeNow(this, max);
  }

  /**
   * Closes the stream at once; what was sent can still be taken out. A task that waits in a hook
   * gets {@link ClosedChannelException}. Does nothing the second time. Not a checkpoint.
   *
   * @throws IllegalStateException outside the run
   */
  @Override
  public void close() {
    binding.check("MemorySendStream.close");
    if (outgoing.isClosed()) {
      return;
    }
    outgoing.close();
    sendAll.cutShort();
    waitSendAll.cutShort();
    closeHook.run();
  }

  /** How much was sent and not taken out, and whether it is closed. */
  @Override
  public String toString() {
    return "MemorySendStream[" + outgoing + "]";
  }
}
