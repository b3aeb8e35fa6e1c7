package dev.roost.bench.soak;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection: what is to be said in both directions, how it is to end, and what came of it. */
final class Conversation {

  /** Who does what to end it. */
  enum Ending {
    NORMAL,
    CANCELLED_BY_CLIENT,
    CANCELLED_BY_SERVER,
    RESET_BY_CLIENT,
    RESET_BY_SERVER;

    boolean by(boolean client) {
      return client
          ? this == CANCELLED_BY_CLIENT || this == RESET_BY_CLIENT
          : this == CANCELLED_BY_SERVER || this == RESET_BY_SERVER;
    }

    boolean isReset() {
      return this == RESET_BY_CLIENT || this == RESET_BY_SERVER;
    }
  }

  private static final int MOST_BYTES = 18;
  private static final int OTHERS = 4;
  private static final int SIDES = 2;

  final long id;
  final Ending ending;
  final Flow toServer;
  final Flow toClient;
  private final long key;
  private final AtomicInteger ended = new AtomicInteger();

  /** Everything about it follows from the seed and its number. */
  Conversation(long seed, long id) {
    this.id = id;
    SplittableRandom random = new SplittableRandom(seed).split();
    this.key = random.nextLong() ^ new SplittableRandom(id).nextLong();
    SplittableRandom mine = new SplittableRandom(key);
    this.ending = mine.nextInt(2) == 0 ? Ending.NORMAL : Ending.values()[1 + mine.nextInt(OTHERS)];
    this.toServer = new Flow("to the server", mine.nextLong(), bytes(mine));
    this.toClient = new Flow("to the client", mine.nextLong(), bytes(mine));
  }

  /** Nothing, a little, or more than the buffers of the system take. */
  private static long bytes(SplittableRandom random) {
    return random.nextInt(OTHERS) == 0
        ? 0
        : random.nextLong(1L << (1 + random.nextInt(MOST_BYTES)));
  }

  /** What chance has one side do. */
  SplittableRandom chance(boolean client) {
    return new SplittableRandom(client ? key : ~key);
  }

  /** One side has ended; true if it is the second one. */
  boolean sideEnded() {
    return ended.incrementAndGet() == SIDES;
  }

  /** Both sides have ended. */
  void check() {
    boolean normal = ending == Ending.NORMAL;
    String complaint = toServer.complaint(normal) + toClient.complaint(normal);
    if (!complaint.isEmpty()) {
      throw new IllegalStateException(this + " does not add up: " + complaint);
    }
  }

  /** The client has ended, and the server has never heard of it. */
  void checkUnheard() {
    if (!ending.by(true) || toServer.received != 0 || toClient.sent != 0) {
      throw new IllegalStateException(this + " has not ended on both sides.");
    }
  }

  @Override
  public String toString() {
    return "Conversation " + id + " (" + ending + "; " + toServer + "; " + toClient + ")";
  }
}
