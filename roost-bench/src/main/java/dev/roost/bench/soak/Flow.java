package dev.roost.bench.soak;

import java.nio.ByteBuffer;

/**
 * The bytes of one conversation in one direction: what they are, and how many were sent and
 * received. Which byte stands where follows from the key and the place, so that one that is lost,
 * doubled or out of place is seen by whoever receives it.
 *
 * <p>One task writes what was sent, and one, in another run, what was received; they are compared
 * when both have ended.
 */
final class Flow {

  private static final long STEP = 0x9E3779B97F4A7C15L;
  private static final int SHIFT = 37;

  private final String name;
  private final long key;
  final long planned;

  volatile long sent;
  volatile boolean endSent;
  volatile long received;
  volatile boolean endSeen;

  Flow(String name, long key, long planned) {
    this.name = name;
    this.key = key;
    this.planned = planned;
  }

  private byte at(long place) {
    return (byte) ((key + place * STEP) >>> SHIFT);
  }

  /** Fills the buffer with what comes next, and makes it ready to be sent. */
  void fill(ByteBuffer buffer, int size) {
    buffer.clear();
    for (int i = 0; i < size; i++) {
      buffer.put(at(sent + i));
    }
    buffer.flip();
  }

  /** The sender has got rid of so many more. */
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer
  void sent(int count) {
    sent += count;
  }

  /** The receiver has got these. */
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer
  void received(ByteBuffer bytes) {
    long place = received;
    while (bytes.hasRemaining()) {
      byte came = bytes.get();
      if (place >= planned || came != at(place)) {
        throw new IllegalStateException(
            name + ": byte " + place + " of " + planned + " is " + came + ", not " + at(place));
      }
      place++;
    }
    received = place;
  }

  /**
   * What does not add up, empty if all does.
   *
   * @param whole whether everything must have arrived
   */
  String complaint(boolean whole) {
    boolean missing = received < sent && (endSeen || whole);
    boolean cut = whole && !(endSent && endSeen && sent == planned);
    return received > sent || missing || cut ? this + "; " : "";
  }

  @Override
  public String toString() {
    return String.format(
        "%s: planned %d, sent %d%s, received %d%s",
        name,
        planned,
        sent,
        endSent ? " and the end" : "",
        received,
        endSeen ? " and the end" : "");
  }
}
