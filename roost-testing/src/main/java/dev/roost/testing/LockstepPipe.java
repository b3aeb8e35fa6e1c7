package dev.roost.testing;

import dev.roost.Roost;
import dev.roost.io.BrokenStreamException;
import dev.roost.io.Direction;
import dev.roost.io.ReceiveStream;
import dev.roost.io.SendStream;
import dev.roost.lowlevel.ParkingLot;
import dev.roost.lowlevel.RunBinding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A one-way stream without any buffer: the receiver takes the bytes right out of what the sender
 * has brought, and the sender stays until all of it was taken.
 *
 * <p>Whoever changes something wakes both sides, and each looks whether it concerns them: there is
 * at most one task on each.
 */
final class LockstepPipe {

  private final RunBinding binding = new RunBinding();
  private final ParkingLot lot = new ParkingLot("the other end of a lockstep stream");
  final SendStream sender = new Sender();
  final ReceiveStream receiver = new Receiver();

  /** What the sending task has brought and the receiver has not yet taken all of. */
  private @Nullable ByteBuffer offered;

  private boolean receiverWaits;
  private boolean senderClosed;
  private boolean receiverClosed;

  private final class Sender implements SendStream {

    private final Direction sending = new Direction("sending to");

    @Override
    public void sendAll(ByteBuffer src) throws IOException, InterruptedException {
      Objects.requireNonNull(src, "sendAll: the buffer is null");
      begin();
      try {
        ensureOpen();
        offer(src);
      } finally {
        sending.leave();
      }
    }

    private void offer(ByteBuffer src) throws IOException, InterruptedException {
      ensureReceived(src);
      offered = src;
      try {
        lot.unparkAll();
        while (src.hasRemaining() && !senderClosed && !receiverClosed) {
          lot.park();
        }
      } finally {
        offered = null;
      }
      ensureOpen();
      if (src.hasRemaining()) {
        ensureReceived(src);
      }
    }

    private void ensureReceived(ByteBuffer src) throws BrokenStreamException {
      if (receiverClosed) {
        throw new BrokenStreamException(
            "The receiving end is closed: " + src.remaining() + " bytes will never be received.");
      }
    }

    @Override
    public void waitSendAllMightNotBlock() throws IOException, InterruptedException {
      begin();
      try {
        ensureOpen();
        while (!receiverWaits && !senderClosed && !receiverClosed) {
          lot.park();
        }
        ensureOpen();
      } finally {
        sending.leave();
      }
    }

    private void begin() throws InterruptedException {
      binding.startCheckpoint("the lockstep stream");
      sending.enter(this);
      try {
        Roost.checkpoint();
      } catch (Throwable t) {
        sending.leave();
        throw t;
      }
    }

    private void ensureOpen() throws ClosedChannelException {
      if (senderClosed) {
        throw new ClosedChannelException();
      }
    }

    @Override
    public void close() {
      binding.check("the lockstep stream");
      senderClosed = true;
      lot.unparkAll();
    }

    @Override
    public String toString() {
      return "LockstepSendStream[" + (senderClosed ? "closed]" : "open]");
    }
  }

  private final class Receiver implements ReceiveStream {

    private final Direction receiving = new Direction("receiving from");

    @Override
    public int receiveSome(ByteBuffer dst) throws IOException, InterruptedException {
      if (!dst.hasRemaining()) {
        throw new IllegalArgumentException(
            "receiveSome: the buffer has no room (" + dst + "). Clear or compact it first.");
      }
      binding.startCheckpoint("the lockstep stream");
      receiving.enter(this);
      try {
        Roost.checkpoint();
        ensureOpen();
        awaitSender();
        ensureOpen();
        return take(dst);
      } finally {
        receiving.leave();
      }
    }

    private void awaitSender() throws InterruptedException {
      receiverWaits = true;
      try {
        lot.unparkAll();
        while (!isOffered() && !senderClosed && !receiverClosed) {
          lot.park();
        }
      } finally {
        receiverWaits = false;
      }
    }

    private boolean isOffered() {
      return offered != null && offered.hasRemaining();
    }

    private int take(ByteBuffer dst) {
      ByteBuffer from = offered;
      if (from == null || !from.hasRemaining()) {
        return -1;
      }
      int count = Math.min(from.remaining(), dst.remaining());
      dst.put(from.slice(from.position(), count));
      from.position(from.position() + count);
      lot.unparkAll();
      return count;
    }

    private void ensureOpen() throws ClosedChannelException {
      if (receiverClosed) {
        throw new ClosedChannelException();
      }
    }

    @Override
    public void close() {
      binding.check("the lockstep stream");
      receiverClosed = true;
      lot.unparkAll();
    }

    @Override
    public String toString() {
      return "LockstepReceiveStream[" + (receiverClosed ? "closed]" : "open]");
    }
  }
}
