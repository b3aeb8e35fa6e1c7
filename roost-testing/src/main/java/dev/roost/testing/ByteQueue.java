package dev.roost.testing;

import dev.roost.io.Direction;
import dev.roost.lowlevel.ParkingLot;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Bytes without a limit, that somebody puts in and somebody else takes out.
 *
 * <pre>
 *   OPEN --- close ---> ENDED: nothing can be put in, what is there can be taken, then comes the end
 * </pre>
 */
final class ByteQueue {

  private static final byte[] END = {};

  private final Direction taking = new Direction("taking data from");
  private final ParkingLot lot = new ParkingLot("data of a memory stream");

  /** What is there: from {@code first} to {@code end}. */
  private byte[] data = {};

  private int first;
  private int end;
  private boolean closed;

  /** Takes all that {@code src} has. */
  void put(ByteBuffer src) throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
    add(src);
  }

  private void add(ByteBuffer src) {
    int count = src.remaining();
    makeRoom(count);
    src.get(data, end, count);
    end += count;
    lot.unparkAll();
  }

  private void makeRoom(int count) {
    if (data.length - end >= count) {
      return;
    }
    int used = end - first;
    int needed = Math.addExact(used, count);
    byte[] bigger = needed <= data.length / 2 ? data : new byte[Math.max(needed, 2 * used)];
    System.arraycopy(data, first, bigger, 0, used);
    data = bigger;
    first = 0;
    end = used;
  }

  /** Nothing more is put in. */
  void close() {
    closed = true;
    lot.unparkAll();
  }

  /** Nothing more is put in, and what is there is gone. */
  void closeAndWipe() {
    first = 0;
    end = 0;
    data = END;
    close();
  }

  /** Takes what there is, waiting until there is something; an empty array at the end. */
  byte[] take(Object stream, int max) throws InterruptedException {
    taking.enter(stream);
    try {
      while (first == end && !closed) {
        lot.park();
      }
      return takeSome(max);
    } finally {
      taking.leave();
    }
  }

  /** Takes what there is, an empty array at the end; nothing if there is nothing yet. */
  Optional<byte[]> takeNow(Object stream, int max) {
    taking.enter(stream);
    try {
      return first == end && !closed ? Optional.empty() : Optional.of(takeSome(max));
    } finally {
      taking.leave();
    }
  }

  /** Moves what there is, and then the end, to another queue; nothing if that one is closed. */
  void endInto(ByteQueue other) {
    if (!other.closed) {
      other.add(ByteBuffer.wrap(takeSome(Integer.MAX_VALUE)));
      other.close();
    }
  }

  private byte[] takeSome(int max) {
    int count = Math.min(max, end - first);
    byte[] taken = Arrays.copyOfRange(data, first, first + count);
    first += count;
    if (first == end) {
      first = 0;
      end = 0;
    }
    return taken;
  }

  int size() {
    return end - first;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public String toString() {
    return size() + " bytes" + (closed ? ", closed" : "");
  }
}
