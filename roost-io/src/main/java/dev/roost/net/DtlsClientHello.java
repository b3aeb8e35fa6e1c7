package dev.roost.net;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first message of a client, in the clear: the beginning of it that RFC 6347 has the cookie
 * depend on, up to the extensions. It may be the first of several fragments.
 *
 * <pre>
 *   record header (13) | type 1 | length (3) | message number (2) | offset 0 (3) | fragment length (3)
 *   | version (2) | random (32) | session (1 + n) | cookie (1 + n) | ciphers (2 + n) | compression (1 + n) | …
 * </pre>
 */
final class DtlsClientHello {

  private static final byte TYPE = 1;
  private static final byte VERIFY_REQUEST = 3;
  private static final int MESSAGE_HEADER = 12;
  private static final int BODY = DtlsRecord.HEADER + MESSAGE_HEADER;
  private static final int RANDOM = 32;

  /** DTLS 1.0: RFC 6347 asks for it in the answer, whatever is negotiated later. */
  private static final short OLDEST_VERSION = (short) 0xfeff;

  private final byte[] record;
  private final int cookieAt;
  private final int cookieEnd;
  private final int end;

  private DtlsClientHello(byte[] record, int cookieAt, int cookieEnd, int end) {
    this.record = record;
    this.cookieAt = cookieAt;
    this.cookieEnd = cookieEnd;
    this.end = end;
  }

  /**
   * Reads a record of the handshake; null if it is not the beginning of a client's first message.
   */
  static @Nullable DtlsClientHello read(byte[] datagram) {
    int limit = DtlsRecord.HEADER + (int) DtlsRecord.unsigned(datagram, 11, 2);
    if (limit < BODY
        || datagram[DtlsRecord.HEADER] != TYPE
        || DtlsRecord.unsigned(datagram, DtlsRecord.HEADER + 6, 3) != 0) {
      return null;
    }
    ByteBuffer body = ByteBuffer.wrap(datagram, 0, limit).position(BODY);
    try {
      skip(body, 2 + RANDOM);
      skip(body, body.get() & 0xff);
      int cookieAt = body.position();
      skip(body, body.get() & 0xff);
      int cookieEnd = body.position();
      skip(body, body.getShort() & 0xffff);
      skip(body, body.get() & 0xff);
      return new DtlsClientHello(datagram, cookieAt, cookieEnd, body.position());
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return null; // too short for what it says that it has
    }
  }

  private static void skip(ByteBuffer body, int count) {
    body.position(body.position() + count);
  }

  /** What tells one attempt of a client from its next. */
  ByteBuffer random() {
    return ByteBuffer.wrap(Arrays.copyOfRange(record, BODY + 2, BODY + 2 + RANDOM))
        .asReadOnlyBuffer();
  }

  /** The number of the record: the answers go on from there. */
  long recordNumber() {
    return DtlsRecord.unsigned(record, 5, 6);
  }

  /**
   * The number of the message: 0 for the first, 1 for the next one with a cookie, and more if that
   * was not good any more.
   */
  int messageNumber() {
    return (int) DtlsRecord.unsigned(record, DtlsRecord.HEADER + 4, 2);
  }

  byte[] cookie() {
    return Arrays.copyOfRange(record, cookieAt + 1, cookieEnd);
  }

  /** All that a cookie is to depend on: what comes before and after it. */
  byte[] parameters() {
    ByteBuffer parameters = ByteBuffer.allocate(cookieAt - BODY + end - cookieEnd);
    parameters.put(record, BODY, cookieAt - BODY);
    return parameters.put(record, cookieEnd, end - cookieEnd).array();
  }

  /**
   * The record that asks the client to come again with a cookie. It has the numbers of the
   * client's, so that nothing need be remembered.
   */
  byte[] verifyRequest(byte[] cookie) {
    int length = 3 + cookie.length;
    ByteBuffer answer = ByteBuffer.allocate(BODY + length);
    answer.put((byte) DtlsRecord.HANDSHAKE).putShort(OLDEST_VERSION).put(record, 3, 8);
    putMessageHeader(answer, VERIFY_REQUEST, messageNumber(), length);
    return answer.putShort(OLDEST_VERSION).put((byte) cookie.length).put(cookie).array();
  }

  /**
   * A message that this client must have sent before it had a good cookie, as far as it matters: a
   * record of that number with the message of that number, without a cookie, and without
   * extensions.
   */
  byte[] withoutCookie(int number) {
    byte[] parameters = parameters();
    int before = cookieAt - BODY;
    ByteBuffer first = ByteBuffer.allocate(BODY + parameters.length + 1);
    first.put(record, 0, 3).putLong(number);
    putMessageHeader(first, TYPE, number, parameters.length + 1);
    first.put(parameters, 0, before).put((byte) 0);
    return first.put(parameters, before, parameters.length - before).array();
  }

  private static void putMessageHeader(ByteBuffer to, byte type, int number, int length) {
    to.putShort((short) (MESSAGE_HEADER + length));
    to.put(type).put((byte) 0).putShort((short) length);
    to.putShort((short) number).put((byte) 0).putShort((short) 0);
    to.put((byte) 0).putShort((short) length);
  }
}
