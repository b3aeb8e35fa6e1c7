package dev.roost.testing;

import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * What is between two hosts of a {@link SimNet}, the same in both directions: by default a latency
 * of a millisecond, and nothing else. Can be changed at any time; what is on its way keeps its
 * time. Nothing here is a checkpoint.
 */
public final class SimLink {

  private long latency = 1_000_000;
  private long jitter;
  private long bytesPerSecond = Long.MAX_VALUE;
  private double loss;

  /** When each direction has sent what it was given so far. */
  private final long[] freeAt = new long[2];

  SimLink() {}

  SimLink(SimLink like) {
    latency = like.latency;
    jitter = like.jitter;
    bytesPerSecond = like.bytesPerSecond;
    loss = like.loss;
  }

  /**
   * How long everything takes from one host to the other.
   *
   * @param d the time
   * @return this link
   * @throws IllegalArgumentException if it is negative
   */
  public SimLink latency(Duration d) {
    latency = nanos("latency", d);
    return this;
  }

  /**
   * How much longer than the latency something may take, drawn evenly for each piece. Datagrams
   * overtake each other then; streams keep their order.
   *
   * @param most the most it can be; zero for none
   * @return this link
   * @throws IllegalArgumentException if it is negative
   */
  public SimLink jitter(Duration most) {
    jitter = nanos("jitter", most);
    return this;
  }

  /**
   * How much goes through in a second, in each direction; what comes faster has to queue.
   *
   * @param bytes bytes a second; {@code Long.MAX_VALUE} for no bound
   * @return this link
   * @throws IllegalArgumentException if it is less than 1
   */
  public SimLink bandwidth(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(
          "SimLink.bandwidth: "
              + bytes
              + " bytes a second. Give 1 or more; to let nothing through, partition the network.");
    }
    bytesPerSecond = bytes;
    return this;
  }

  /**
   * How probably a piece is lost. A lost datagram is gone; a lost piece of a stream is sent again
   * after 200 ms, twice that the second time, and so on.
   *
   * @param probability from 0 to 1
   * @return this link
   * @throws IllegalArgumentException if it is not a probability
   */
  public SimLink loss(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "SimLink.loss: " + probability + " is no probability. Give one from 0 to 1.");
    }
    loss = probability;
    return this;
  }

  private static long nanos(String what, Duration d) {
    Objects.requireNonNull(d, () -> "SimLink." + what + ": the duration is null");
    if (d.isNegative()) {
      throw new IllegalArgumentException(
          "SimLink." + what + ": the duration is negative (" + d + ").");
    }
    return d.toNanos();
  }

  boolean loses(SplittableRandom random) {
    return loss > 0 && random.nextDouble() < loss;
  }

  /** When something that is sent now arrives; takes up its share of the bandwidth. */
  long arrival(long now, int bytes, int direction, SplittableRandom random) {
    long sent = Math.max(now, freeAt[direction]);
    if (bytesPerSecond != Long.MAX_VALUE) {
      sent += (long) Math.ceil(bytes * 1e9 / bytesPerSecond);
    }
    freeAt[direction] = sent;
    return sent + latency + (jitter == 0 ? 0 : random.nextLong(jitter + 1));
  }

  /** Its properties. */
  @Override
  public String toString() {
    return "SimLink[latency="
        + Duration.ofNanos(latency)
        + ", jitter="
        + Duration.ofNanos(jitter)
        + (bytesPerSecond == Long.MAX_VALUE ? "" : ", bandwidth=" + bytesPerSecond)
        + ", loss="
        + loss
        + "]";
  }
}
