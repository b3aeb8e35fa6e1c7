package dev.roost.internal;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The fibers that can run, in rounds: those that are ready when a round begins get their turn in
 * it, those that become ready meanwhile wait for the next one. First in, first out, or in an order
 * drawn from a seed within each round.
 *
 * <p>A ring of a power of two; touched only by the holder of the baton.
 */
final class ReadyQueue {

  private static final int SMALLEST = 16;

  private @Nullable Fiber[] ring = new Fiber[SMALLEST];
  private int head;
  private int size;

  /**
   * How many of the first fibers belong to the round under way; counted only where there is a seed.
   */
  private int leftInRound;

  private final @Nullable SplittableRandom random;

  ReadyQueue(@Nullable SplittableRandom random) {
    this.random = random;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  void add(Fiber fiber) {
    if (size == ring.length) {
      grow();
    }
    ring[(head + size++) & (ring.length - 1)] = fiber;
  }

  @Nullable Fiber poll() {
    if (size == 0) {
      return null;
    }
    if (random != null) {
      draw(random);
    }
    Fiber next = ring[head];
    ring[head] = null;
    head = (head + 1) & (ring.length - 1);
    if (--size == 0 && ring.length > 1 << 12) {
      ring = new Fiber[SMALLEST]; // a burst of children leaves no big array behind
      head = 0;
    }
    return next;
  }

  private void draw(SplittableRandom random) {
    if (leftInRound == 0) {
      leftInRound = size;
    }
    int other = (head + random.nextInt(leftInRound--)) & (ring.length - 1);
    Fiber swapped = ring[head];
    ring[head] = ring[other];
    ring[other] = swapped;
  }

  private void grow() {
    @Nullable Fiber[] bigger = Arrays.copyOfRange(ring, head, head + (ring.length << 1));
    System.arraycopy(ring, 0, bigger, ring.length - head, head);
    ring = bigger;
    head = 0;
  }
}
