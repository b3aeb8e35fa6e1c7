package dev.roost.net;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be read in a record of DTLS without a key: its header.
 *
 * <pre>
 *   0 type | 1 version (254, 255 or 253) | 3 epoch | 5 sequence number | 11 length | 13 content
 * </pre>
 */
final class DtlsRecord {

  static final int HEADER = 13;
  static final int CHANGE_CIPHER_SPEC = 20;
  static final int ALERT = 21;
  static final int HANDSHAKE = 22;
  static final int DATA = 23;

  private static final int MAJOR_VERSION = 254;
  private static final int SERVER_HELLO = 2;
  private static final int RANDOM = HEADER + 12 + 2;
  private static final int RANDOM_END = RANDOM + 32;

  private DtlsRecord() {}

  /** Whether a datagram begins with a whole record; anything else is garbage. */
  static boolean isAtStartOf(byte[] datagram) {
    return datagram.length >= HEADER
        && typeOf(datagram) >= CHANGE_CIPHER_SPEC
        && typeOf(datagram) <= DATA
        && unsigned(datagram, 1, 1) == MAJOR_VERSION
        && HEADER + unsigned(datagram, 11, 2) <= datagram.length;
  }

  /** The records of a datagram; what is left over at the end, if anything is, is garbage. */
  static List<byte[]> split(byte[] datagram) {
    int first = HEADER + (int) unsigned(datagram, 11, 2);
    if (first == datagram.length) {
      return List.of(datagram);
    }
    List<byte[]> records = new ArrayList<>();
    byte[] rest = datagram;
    while (isAtStartOf(rest)) {
      int end = HEADER + (int) unsigned(rest, 11, 2);
      records.add(Arrays.copyOf(rest, end));
      rest = Arrays.copyOfRange(rest, end, rest.length);
    }
    return records;
  }

  /** The random of a server's first message, if a datagram begins with that; null if not. */
  static @Nullable ByteBuffer serverRandom(byte[] datagram) {
    boolean there =
        typeOf(datagram) == HANDSHAKE
            && epochOf(datagram) == 0
            && datagram.length >= RANDOM_END
            && datagram[HEADER] == SERVER_HELLO
            && unsigned(datagram, HEADER + 6, 3) == 0;
    return there ? ByteBuffer.wrap(Arrays.copyOfRange(datagram, RANDOM, RANDOM_END)) : null;
  }

  /** The type of the first record. */
  static int typeOf(byte[] datagram) {
    return datagram[0] & 0xff;
  }

  /** The epoch of the first record: 0 until the keys are there. */
  static int epochOf(byte[] datagram) {
    return (int) unsigned(datagram, 3, 2);
  }

  /** A number in network order. */
  static long unsigned(byte[] bytes, int at, int length) {
    long value = 0;
    for (int i = at; i < at + length; i++) {
      value = (value << 8) | (bytes[i] & 0xff);
    }
    return value;
  }
}
