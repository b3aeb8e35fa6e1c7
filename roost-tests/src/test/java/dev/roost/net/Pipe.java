package dev.roost.net;

import dev.roost.channel.BrokenChannelException;
import dev.roost.channel.ChannelClosedException;
import dev.roost.channel.MemoryChannel;
import dev.roost.channel.ReceiveChannel;
import dev.roost.channel.SendChannel;
import dev.roost.io.BrokenStreamException;
import dev.roost.io.ByteStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A stream through memory, that remembers what went through. */
final class Pipe implements ByteStream {

  /** Two ends. */
  record Pair(Pipe client, Pipe server) {}

  private final SendChannel<byte[]> out;
  private final ReceiveChannel<byte[]> in;
  private ByteBuffer rest = ByteBuffer.allocate(0);
  boolean closed;

  /** How many bytes at the end of each piece get lost. */
  int lose;

  /** Whether receiving fails. */
  boolean broken;

  /** What was sent, piece by piece. */
  final List<byte[]> sent = new ArrayList<>();

  private Pipe(SendChannel<byte[]> out, ReceiveChannel<byte[]> in) {
    this.out = out;
    this.in = in;
  }

  /** Two ends; each takes so many pieces that nobody has received. */
  static Pair pair(int capacity) {
    MemoryChannel.Ends<byte[]> there = MemoryChannel.open(capacity);
    MemoryChannel.Ends<byte[]> back = MemoryChannel.open(capacity);
    return new Pair(
        new Pipe(there.sender(), back.receiver()), new Pipe(back.sender(), there.receiver()));
  }

  static Pair pair() {
    return pair(1_000);
  }

  @Override
  public int receiveSome(ByteBuffer dst) throws IOException, InterruptedException {
    try {
      if (broken) {
        throw new BrokenStreamException("the pipe is broken");
      }
      if (!rest.hasRemaining()) {
        var more = in.receiveOrEnd();
        if (more.isEmpty()) {
          return -1;
        }
        rest = ByteBuffer.wrap(more.get());
      }
      int count = Math.min(rest.remaining(), dst.remaining());
      dst.put(rest.slice(rest.position(), count));
      rest.position(rest.position() + count);
      return count;
    } catch (ChannelClosedException e) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public void sendAll(ByteBuffer src) throws IOException, InterruptedException {
    var bytes = new byte[src.remaining()];
    src.get(src.position(), bytes);
    try {
      out.send(Arrays.copyOf(bytes, bytes.length - lose));
    } catch (ChannelClosedException e) {
      throw new ClosedChannelException();
    } catch (BrokenChannelException e) {
      throw new BrokenStreamException("the pipe is broken", e);
    }
    sent.add(bytes);
    src.position(src.limit());
  }

  @Override
  public void waitSendAllMightNotBlock() throws InterruptedException {
    dev.roost.Roost.checkpoint();
  }

  /**
   * How many TLS records with parts of handshakes were sent, as far as one can see from outside.
   */
  long handshakeRecords() {
    var all = new ByteArrayOutputStream();
    sent.forEach(all::writeBytes);
    var records = ByteBuffer.wrap(all.toByteArray());
    long count = 0;
    while (records.hasRemaining()) {
      count += records.get() == 22 ? 1 : 0;
      records.getShort();
      int length = records.getShort();
      records.position(records.position() + length);
    }
    return count;
  }

  /** From now on the other end cannot send. */
  void stopReceiving() {
    in.close();
  }

  @Override
  public void close() {
    closed = true;
    out.close();
    in.close();
  }

  @Override
  public String toString() {
    return "Pipe";
  }
}
