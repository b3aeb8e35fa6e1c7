package dev.roost.testing;

import dev.roost.io.BrokenStreamException;
import dev.roost.io.ReceiveStream;
import dev.roost.io.SendStream;
import dev.roost.io.StapledStream;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;

/**
 * Streams without a network, to test protocols with.
 *
 * {@snippet file="dev/roost/testing/StreamTestingSamples.java" region="pair"}
 *
 * <p>There are two kinds. Those of {@link #oneWayPair} and {@link #pair} buffer without limit, so
 * that a sender never waits, and have hooks to play a network that is slow or bad. Those of {@link
 * #lockstepOneWayPair} and {@link #lockstepPair} buffer nothing at all: a sender waits until the
 * last byte was received, which brings to light protocols in which both sides send at once.
 *
 * <p>The pairs can be made anywhere, and are bound to the first run that uses them. Nothing here is
 * a checkpoint.
 */
public final class MemoryStreams {

  private MemoryStreams() {}

  /**
   * A stream that goes one way, with a buffer without limit. The bytes are moved to the receiving
   * end by a hook in {@code sendAll}, the end by one in {@code close}.
   *
   * @return its two ends
   */
  public static OneWayPair<MemorySendStream, MemoryReceiveStream> oneWayPair() {
    MemorySendStream sender = new MemorySendStream();
    MemoryReceiveStream receiver = new MemoryReceiveStream();
    sender
        .sendAllHook(() -> pump(sender, receiver))
        .closeHook(() -> sender.outgoing.endInto(receiver.incoming));
    return new OneWayPair<>(sender, receiver);
  }

  /**
   * A connection with buffers without limit: two {@linkplain #oneWayPair one-way streams}, one for
   * each direction. Each end can be half-closed; its sides, with their hooks, are {@link
   * StapledStream#sendStream} and {@link StapledStream#receiveStream}.
   *
   * @return its two ends
   */
  public static StreamPair<StapledStream<MemorySendStream, MemoryReceiveStream>> pair() {
    OneWayPair<MemorySendStream, MemoryReceiveStream> there = oneWayPair();
    OneWayPair<MemorySendStream, MemoryReceiveStream> back = oneWayPair();
    return new StreamPair<>(
        new StapledStream<>(there.sender(), back.receiver()),
        new StapledStream<>(back.sender(), there.receiver()));
  }

  /**
   * A stream that goes one way and has no buffer: {@code sendAll} returns when all was received.
   * {@code waitSendAllMightNotBlock} waits for somebody who receives.
   *
   * @return its two ends
   */
  public static OneWayPair<SendStream, ReceiveStream> lockstepOneWayPair() {
    LockstepPipe pipe = new LockstepPipe();
    return new OneWayPair<>(pipe.sender, pipe.receiver);
  }

  /**
   * A connection that has no buffers: two {@linkplain #lockstepOneWayPair one-way streams}, one for
   * each direction. Each end can be half-closed.
   *
   * @return its two ends
   */
  public static StreamPair<StapledStream<SendStream, ReceiveStream>> lockstepPair() {
    OneWayPair<SendStream, ReceiveStream> there = lockstepOneWayPair();
    OneWayPair<SendStream, ReceiveStream> back = lockstepOneWayPair();
    return new StreamPair<>(
        new StapledStream<>(there.sender(), back.receiver()),
        new StapledStream<>(back.sender(), there.receiver()));
  }

  /**
   * Moves what was sent into the one stream to where it can be received from the other, the end
   * included.
   *
   * @param sender where to take the bytes from
   * @param receiver where to put them
   * @return true if something was moved, bytes or the end
   * @throws BrokenStreamException if the receiver is closed; the bytes are lost
   * @throws IOException only as that
   * @throws IllegalStateException outside the run of the streams
   */
  public static boolean pump(MemorySendStream sender, MemoryReceiveStream receiver)
      throws IOException {
    return pump(sender, receiver, Integer.MAX_VALUE);
  }

  /**
   * Moves some of what was sent: for tests in which a message arrives in pieces.
   *
   * {@snippet file="dev/roost/testing/StreamTestingSamples.java" region="pump"}
   *
   * @param sender where to take the bytes from
   * @param receiver where to put them
   * @param max how many bytes at most, at least 1
   * @return true if something was moved, bytes or the end
   * @throws BrokenStreamException if the receiver is closed; the bytes are lost
   * @throws IOException only as that
   * @throws IllegalArgumentException if {@code max} is less than 1
   * @throws IllegalStateException outside the run of the streams
   */
  public static boolean pump(MemorySendStream sender, MemoryReceiveStream receiver, int max)
      throws IOException {
    ensurePositive("MemoryStreams.pump", max);
    Optional<byte[]> data = sender.getDataNow(max);
    if (data.isEmpty()) {
      return false;
    }
    if (data.get().length == 0) {
      receiver.putEof();
      return true;
    }
    try {
      receiver.putData(data.get());
    } catch (ClosedChannelException e) {
      throw new BrokenStreamException(
          "The receiving end is closed: " + data.get().length + " bytes will never be received.",
          e);
    }
    return true;
  }

  static void ensurePositive(String operation, int max) {
    if (max < 1) {
      throw new IllegalArgumentException(
          operation
              + ": at most "
              + max
              + " bytes were asked for, and that is nothing to wait for. Ask for 1 or more.");
    }
  }
}
