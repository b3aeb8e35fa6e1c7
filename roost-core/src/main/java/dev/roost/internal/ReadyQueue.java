package dev.roost.internal;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The fibers that can run, in rounds: those that are ready when a round begins get their turn in
 * it, those that become ready meanwhile wait for the next one. First in, first out, or in an order
 * that somebody else decides on.
 *
 * <p>A ring of a power of two; touched only by the holder of the baton.
 */
final class ReadyQueue implements Order.Ready {

  private static final int SMALLEST = 16;

  /** From how many on it is too dear to move all that stand before the one whose turn it is. */
  private static final int CROWD = 1_000;

  private @Nullable Fiber[] ring = new Fiber[SMALLEST];
  private int head;
  private int size;

  /**
   * How many of the first fibers belong to the round under way; counted only where there is an
   * order.
   */
  private int leftInRound;

  private final @Nullable Order order;

  ReadyQueue(@Nullable Order order) {
    this.order = order;
  }

  boolean isEmpty() {
    return size == 0;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int inRound() {
    return leftInRound;
  }

  @Override
  public Fiber get(int index) {
    return Objects.requireNonNull(
        ring[(head + Objects.checkIndex(index, size)) & (ring.length - 1)]);
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
    if (order != null) {
      choose(order);
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

  /** Moves the one whose turn it is to the head. */
  private void choose(Order decides) {
    if (leftInRound == 0) {
      leftInRound = size;
    }
    int chosen = size == 1 ? 0 : decides.next(this);
    if (chosen < leftInRound) {
      leftInRound--;
    }
    int mask = ring.length - 1;
    int at = (head + chosen) & mask;
    Fiber next = ring[at];
    if (size <= CROWD || decides.keepsOrderInCrowds()) {
      for (; at != head; at = (at - 1) & mask) {
        ring[at] = ring[(at - 1) & mask];
      }
    } else {
      ring[at] = ring[head];
    }
    ring[head] = next;
  }

  private void grow() {
    @Nullable Fiber[] bigger = Arrays.copyOfRange(ring, head, head + (ring.length << 1));
    System.arraycopy(ring, 0, bigger, ring.length - head, head);
    ring = bigger;
    head = 0;
  }
}
