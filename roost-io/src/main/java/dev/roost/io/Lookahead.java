package dev.roost.io;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that have come and were not read yet. */
final class Lookahead {

  private static final byte[] NONE = {};

  /** What there is: from {@code first} to {@code end}. */
  private byte[] data = NONE;

  private int first;
  private int end;

  int size() {
    return end - first;
  }

  byte at(int index) {
    return data[first + index];
  }

  /** Puts bytes after the others; takes the array over. */
  void add(byte[] more) {
    if (first == end) {
      data = more;
      first = 0;
      end = more.length;
      return;
    }
    if (data.length - end < more.length) {
      makeRoom(more.length);
    }
    System.arraycopy(more, 0, data, end, more.length);
    end += more.length;
  }

  private void makeRoom(int count) {
    int used = size();
    int needed = Math.addExact(used, count);
    byte[] roomy = needed <= data.length / 2 ? data : new byte[Math.max(needed, 2 * used)];
    System.arraycopy(data, first, roomy, 0, used);
    data = roomy;
    first = 0;
    end = used;
  }

  /** Where {@code what} begins, at {@code from} or later; -1 if it is not there. */
  int indexOf(byte[] what, int from) {
    int last = end - what.length;
    for (int at = first + from; at <= last; at++) {
      if (data[at] == what[0] && Arrays.equals(data, at, at + what.length, what, 0, what.length)) {
        return at - first;
      }
    }
    return -1;
  }

  /** Takes bytes out. */
  byte[] take(int count) {
    byte[] taken = Arrays.copyOfRange(data, first, first + count);
    skip(count);
    return taken;
  }

  /** Takes out as many bytes as there are and fit. */
  int takeInto(ByteBuffer dst) {
    int count = Math.min(size(), dst.remaining());
    dst.put(data, first, count);
    skip(count);
    return count;
  }

  /** Drops bytes. */
  void skip(int count) {
    first += count;
    if (first == end) {
      clear();
    }
  }

  /** Drops all, and holds no memory. */
  void clear() {
    data = NONE;
    first = 0;
    end = 0;
  }
}
