package dev.roost.net;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the other side's part of a handshake in order before the engine sees it: each message whole,
 * once, and after the one before it, then the change of ciphers, then the message that ends it,
 * which is encrypted. (The engine of the JDK has code for all this. On a network that loses and
 * reorders much it loses track.)
 *
 * <pre>
 *   message n: fragments ---> whole ---> given out when n - 1 has been
 *   change of ciphers, encrypted messages: given out when no message can be missing before them
 * </pre>
 *
 * <p>A change of ciphers and an encrypted message have no number: they can be late copies from an
 * earlier channel with the same peer. So the last ones count, and none that came before the
 * server's first message. Messages have numbers, but those of an earlier channel are the same: what
 * came before the other side can have had a reason to send it is forgotten.
 *
 * <p>Records in the clear get new numbers; nothing vouches for those that they came with.
 */
final class DtlsInflow {

  private static final int MESSAGE_HEADER = 12;
  private static final int LONGEST_MESSAGE = 1 << 16;
  private static final int MOST_AHEAD = 16;
  private static final int MOST_ENCRYPTED = 8;

  /** How much of a message goes into one record to the engine. */
  private static final int PIECE = 8 * 1024;

  private static final int CLIENT_HELLO = 1;
  private static final int SERVER_HELLO = 2;
  private static final int HELLO_VERIFY_REQUEST = 3;
  private static final int NEW_TICKET = 4;
  private static final int CERTIFICATE = 11;
  private static final int SERVER_HELLO_DONE = 14;
  private static final int CERTIFICATE_VERIFY = 15;
  private static final int CLIENT_KEY_EXCHANGE = 16;
  private static final int SESSION_TICKET_EXTENSION = 35;

  private final boolean client;
  private final Map<Integer, Message> messages = new HashMap<>();
  private final List<byte[]> encrypted = new ArrayList<>();
  private byte @Nullable [] cipherChange;
  private boolean cipherChanged;
  private int datagrams;

  /** In which datagram the last change of ciphers and the last encrypted message came. */
  private int changeCameIn;

  private int encryptedCameIn;
  private int next;
  private long number;

  /** Which messages were given out, by type. */
  private final BitSet given = new BitSet();

  private boolean ticketPromised;
  private boolean certificateGiven;

  DtlsInflow(boolean client, int next) {
    this.client = client;
    this.next = next;
    this.number = next;
  }

  /** One message, as far as it came. */
  private static final class Message {
    final byte type;
    final byte[] version;
    final byte[] body;
    int cameIn;
    private final BitSet came = new BitSet();

    Message(byte type, byte[] version, int length) {
      this.type = type;
      this.version = version;
      this.body = new byte[length];
    }

    void put(byte[] from, int at, int offset, int length) {
      System.arraycopy(from, at, body, offset, length);
      came.set(offset, offset + length);
    }

    boolean isWhole() {
      return came.nextClearBit(0) >= body.length;
    }
  }

  /** The next records are from a datagram of their own. */
  void nextDatagram() {
    datagrams++;
  }

  /** Takes a record of the handshake in; the change of ciphers counts as one. */
  void put(byte[] record) {
    if (DtlsRecord.epochOf(record) > 0) {
      if (encryptedCameIn != datagrams && !cipherChanged) {
        encrypted.clear();
      }
      encryptedCameIn = datagrams;
      if (encrypted.size() < MOST_ENCRYPTED) {
        encrypted.add(record);
      }
    } else if (DtlsRecord.typeOf(record) == DtlsRecord.CHANGE_CIPHER_SPEC) {
      if (!cipherChanged) {
        cipherChange = record;
        changeCameIn = datagrams;
      }
    } else {
      for (int at = DtlsRecord.HEADER; at + MESSAGE_HEADER <= record.length; ) {
        int length = (int) DtlsRecord.unsigned(record, at + 9, 3);
        putFragment(record, at, length);
        at += MESSAGE_HEADER + length;
      }
    }
  }

  private void putFragment(byte[] record, int at, int length) {
    byte type = record[at];
    int whole = (int) DtlsRecord.unsigned(record, at + 1, 3);
    int sequence = (int) DtlsRecord.unsigned(record, at + 4, 2);
    int offset = (int) DtlsRecord.unsigned(record, at + 6, 3);
    if (at + MESSAGE_HEADER + length > record.length
        || whole > LONGEST_MESSAGE
        || offset + length > whole
        || sequence < next
        || sequence >= next + MOST_AHEAD) {
      return; // garbage, or a repetition
    }
    Message message =
        messages.computeIfAbsent(
            sequence, _ -> new Message(type, Arrays.copyOfRange(record, 1, 3), whole));
    if (message.type == type && message.body.length == whole) {
      message.put(record, at + MESSAGE_HEADER, offset, length);
      message.cameIn = datagrams;
    }
  }

  /**
   * The records that the engine can have now.
   *
   * @param weChanged whether our side has changed its ciphers
   */
  List<byte[]> take(boolean weChanged) {
    List<byte[]> ready = new ArrayList<>();
    for (Message message; (message = messages.get(next)) != null && message.isWhole(); next++) {
      messages.remove(next);
      give(message, ready);
    }
    byte[] change = cipherChange;
    if (change != null && !encrypted.isEmpty() && nothingIsMissing(weChanged)) {
      ready.add(renumbered(change.clone()));
      cipherChange = null;
      cipherChanged = true;
    }
    if (cipherChanged) {
      ready.addAll(encrypted);
      encrypted.clear();
    }
    return ready;
  }

  private void give(Message message, List<byte[]> ready) {
    given.set(message.type);
    if (message.type == SERVER_HELLO) {
      ticketPromised = promisesTicket(message.body);
      forgetWhatCameBefore();
    } else if (message.type == HELLO_VERIFY_REQUEST || message.type == CLIENT_HELLO) {
      forgetAll(); // the other side waits for what we say now
    } else if (message.type == CERTIFICATE) {
      certificateGiven = message.body.length > 3; // or else the list is empty
    }
    int offset = 0;
    do {
      int length = Math.min(PIECE, message.body.length - offset);
      ByteBuffer record = ByteBuffer.allocate(DtlsRecord.HEADER + MESSAGE_HEADER + length);
      record.put((byte) DtlsRecord.HANDSHAKE).put(message.version).putLong(0);
      record.putShort((short) (MESSAGE_HEADER + length)).put(message.type);
      putThreeBytes(record, message.body.length);
      record.putShort((short) next);
      putThreeBytes(record, offset);
      putThreeBytes(record, length);
      ready.add(renumbered(record.put(message.body, offset, length).array()));
      offset += length;
    } while (offset < message.body.length);
  }

  private void forgetAll() {
    messages.clear();
    cipherChange = null;
    encrypted.clear();
  }

  private void forgetWhatCameBefore() {
    messages.values().removeIf(message -> message.cameIn != datagrams);
    if (changeCameIn != datagrams) {
      cipherChange = null;
    }
    if (encryptedCameIn != datagrams) {
      encrypted.clear();
    }
  }

  private static void putThreeBytes(ByteBuffer to, int value) {
    to.put((byte) (value >> 16)).putShort((short) value);
  }

  private byte[] renumbered(byte[] record) {
    ByteBuffer.wrap(record).putLong(3, number++); // the epoch is 0
    return record;
  }

  /** An alert in the clear, for the engine. */
  byte[] alert(byte[] record) {
    return renumbered(record.clone());
  }

  /** Whether all messages came that the other side sends before it changes its ciphers. */
  private boolean nothingIsMissing(boolean weChanged) {
    if (client) {
      boolean fromTheStart = given.get(CERTIFICATE) || given.get(SERVER_HELLO_DONE);
      return given.get(SERVER_HELLO)
          && (!ticketPromised || given.get(NEW_TICKET))
          && (weChanged || !fromTheStart);
    }
    return weChanged // a session goes on: the client has nothing to say before
        || (given.get(CLIENT_KEY_EXCHANGE) && (!certificateGiven || given.get(CERTIFICATE_VERIFY)));
  }

  /** version (2) | random (32) | session (1 + n) | cipher (2) | compression (1) | extensions. */
  private static boolean promisesTicket(byte[] hello) {
    int at = 34;
    if (at >= hello.length) {
      return false;
    }
    at += 1 + (hello[at] & 0xff) + 3 + 2;
    while (at + 4 <= hello.length) {
      if (DtlsRecord.unsigned(hello, at, 2) == SESSION_TICKET_EXTENSION) {
        return true;
      }
      at += 4 + (int) DtlsRecord.unsigned(hello, at + 2, 2);
    }
    return false;
  }
}
