package dev.roost.net;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that wait, in their order. Holds little more memory than they need, and none for none. */
final class ByteQueue {

  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  /** From the position to the limit; what is behind the limit is room for more. */
  private ByteBuffer bytes = NONE;

  /** Adds a copy of all that a buffer has left. */
  void add(ByteBuffer more) {
    int count = more.remaining();
    if (count == 0) {
      return;
    }
    if (!bytes.hasRemaining()) {
      bytes = ByteBuffer.allocate(count).put(more).flip();
      return;
    }
    makeRoom(count);
    int end = bytes.limit();
    bytes.limit(end + count).put(end, more, more.position(), count);
    more.position(more.limit());
  }

  private void makeRoom(int count) {
    if (bytes.capacity() - bytes.limit() < count) {
      int needed = bytes.remaining() + count;
      bytes = ByteBuffer.allocate(Math.max(needed, 2 * bytes.capacity())).put(bytes).flip();
    }
  }

  /** Adds an array, which is the queue's from now on. */
  void addOwn(byte[] more) {
    if (bytes.hasRemaining()) {
      add(ByteBuffer.wrap(more));
    } else {
      bytes = ByteBuffer.wrap(more);
    }
  }

  /** All of them: whoever takes some moves the position. Valid until the next call. */
  ByteBuffer all() {
    if (!bytes.hasRemaining()) {
      bytes = NONE;
    }
    return bytes;
  }

  /** Takes out all of them. */
  ByteBuffer takeAll() {
    ByteBuffer all = bytes;
    bytes = NONE;
    return all;
  }

  /** Takes out as many as a buffer has room for. */
  int moveTo(ByteBuffer dst) {
    int count = Math.min(bytes.remaining(), dst.remaining());
    dst.put(dst.position(), bytes, bytes.position(), count).position(dst.position() + count);
    bytes.position(bytes.position() + count);
    all();
    return count;
  }

  /** Takes out some, as an array of their own. */
  byte[] take(int atMost) {
    int count = Math.min(bytes.remaining(), atMost);
    byte[] array = bytes.array();
    if (count == array.length) {
      bytes = NONE;
      return array;
    }
    byte[] taken = Arrays.copyOfRange(array, bytes.position(), bytes.position() + count);
    bytes.position(bytes.position() + count);
    all();
    return taken;
  }

  int size() {
    return bytes.remaining();
  }

  boolean isEmpty() {
    return !bytes.hasRemaining();
  }

  /** Forgets all of them. */
  void clear() {
    bytes = NONE;
  }
}
