package dev.roost.net;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What one side of a handshake says in one go. It can be sent any number of times, in datagrams of
 * any size: what is in the clear gets new numbers each time and is cut into fragments as needed,
 * what is encrypted goes out as it is.
 */
final class DtlsFlight {

  static final DtlsFlight NOTHING = new DtlsFlight();

  private static final int MESSAGE_HEADER = 12;

  /** A fragment that is shorter than this is not worth its headers. */
  private static final int LEAST_FRAGMENT = 32;

  private final List<byte[]> records = new ArrayList<>();

  /** Appends a record as the engine made it. */
  void add(byte[] record) {
    records.add(record);
  }

  boolean isEmpty() {
    return records.isEmpty();
  }

  /** Gives records in the clear their numbers. */
  interface Numbers {
    long next();
  }

  /** The datagrams to be sent. */
  List<byte[]> datagrams(int limit, Numbers numbers) {
    Packing packing = new Packing(limit);
    for (byte[] record : records) {
      if (DtlsRecord.epochOf(record) > 0) {
        packing.add(record);
      } else if (DtlsRecord.typeOf(record) == DtlsRecord.HANDSHAKE) {
        cut(record, packing, numbers);
      } else {
        packing.add(numbered(record.clone(), numbers));
      }
    }
    return packing.finish();
  }

  private static void cut(byte[] record, Packing packing, Numbers numbers) {
    int at = DtlsRecord.HEADER + MESSAGE_HEADER;
    int offset = (int) DtlsRecord.unsigned(record, DtlsRecord.HEADER + 6, 3);
    do {
      int most = packing.room() - DtlsRecord.HEADER - MESSAGE_HEADER;
      int rest = record.length - at;
      if (rest > most && most < LEAST_FRAGMENT) {
        packing.next();
        continue;
      }
      int length = Math.min(rest, most);
      packing.add(numbered(fragment(record, at, offset, length), numbers));
      at += length;
      offset += length;
    } while (at < record.length);
  }

  private static byte[] fragment(byte[] record, int at, int offset, int length) {
    ByteBuffer fragment =
        ByteBuffer.allocate(DtlsRecord.HEADER + MESSAGE_HEADER + length).put(record, 0, 11);
    fragment.putShort((short) (MESSAGE_HEADER + length));
    fragment.put(record, DtlsRecord.HEADER, 6); // its type, its whole length, its number
    fragment.put((byte) (offset >> 16)).putShort((short) offset);
    fragment.put((byte) (length >> 16)).putShort((short) length);
    return fragment.put(record, at, length).array();
  }

  private static byte[] numbered(byte[] record, Numbers numbers) {
    ByteBuffer.wrap(record).putLong(3, numbers.next()); // the epoch is 0
    return record;
  }

  /** Puts as many records into each datagram as fit. */
  private static final class Packing {
    private final int limit;
    private final List<byte[]> full = new ArrayList<>();
    private final ByteArrayOutputStream current = new ByteArrayOutputStream();

    Packing(int limit) {
      this.limit = limit;
    }

    int room() {
      return limit - current.size();
    }

    void add(byte[] record) {
      if (record.length > room()) {
        next();
      }
      current.writeBytes(record);
    }

    void next() {
      if (current.size() > 0) {
        full.add(current.toByteArray());
        current.reset();
      }
    }

    List<byte[]> finish() {
      next();
      return full;
    }
  }
}
