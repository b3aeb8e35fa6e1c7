package dev.roost.testing;

import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.RunBinding;
import dev.roost.sync.Event;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Forces an order on blocks of code in several tasks: the block at 0 runs first, and each other one
 * when the block before it has ended.
 *
 * {@snippet file="dev/roost/testing/TestingSamples.java" region="sequencer"}
 *
 * <p>Each position is used once. If a task is cancelled while it waits for its turn, that turn
 * never comes, and neither do those after it: the sequencer is broken, and all others who wait or
 * come get an {@code IllegalStateException} instead of waiting forever.
 *
 * <p>Made anywhere, bound to the first run that uses it.
 */
public final class Sequencer {

  /** Set when the turn of the position has come. Only where somebody has asked for it. */
  private final Map<Integer, Event> turns = new HashMap<>();

  private final Set<Integer> claimed = new TreeSet<>();
  private final RunBinding binding = new RunBinding();

  /** Where the sequence broke, or -1. */
  private int brokenAt = -1;

  /** A sequence that begins at position 0. */
  public Sequencer() {}

  /**
   * Waits for the turn of a position, which lasts until the result is closed. A checkpoint.
   *
   * @param position 0 for the first block, and so on
   * @return the turn, for a try-with-resources block
   * @throws InterruptedException if cancelled, which breaks the sequencer
   * @throws IllegalArgumentException if the position is negative
   * @throws IllegalStateException if the position was used before, or if the sequencer is broken,
   *     or outside its run
   */
  public Turn at(int position) throws InterruptedException {
    if (position < 0) {
      throw new IllegalArgumentException(
          "Sequencer.at: the position is " + position + ". Positions count from 0.");
    }
    binding.check("Sequencer.at");
    if (claimed.contains(position)) {
      throw new IllegalStateException(
          "Sequencer.at: position "
              + position
              + " was used before. Each position is for one block, once.");
    }
    ensureUnbroken(position);
    claimed.add(position);
    try {
      if (position == 0) {
        Checkpoints.throwIfCancelled();
        Checkpoints.letOthersRun();
      } else {
        turn(position).await();
      }
    } catch (Throwable cancelled) { // a SwallowedCancellationError too
      breakAt(position);
      throw cancelled;
    }
    ensureUnbroken(position);
    return new Turn(position);
  }

  private Event turn(int position) {
    return turns.computeIfAbsent(position, p -> new Event());
  }

  private void breakAt(int position) {
    if (brokenAt < 0) {
      brokenAt = position;
      turns.values().forEach(Event::set);
    }
  }

  private void ensureUnbroken(int position) {
    if (brokenAt >= 0) {
      throw new IllegalStateException(
          "Sequencer.at("
              + position
              + "): a task was cancelled while it waited for position "
              + brokenAt
              + ", so that its turn and those after it never come: the sequencer is broken. Take a new"
              + " one for what comes after the cancellation.");
    }
  }

  /** Which positions have been asked for. */
  @Override
  public String toString() {
    return "Sequencer[positions used: "
        + claimed
        + (brokenAt < 0 ? "" : ", broken at " + brokenAt)
        + "]";
  }

  /** The time during which a block of the sequence runs. */
  public final class Turn implements AutoCloseable {

    private final int position;
    private boolean closed;

    private Turn(int position) {
      this.position = position;
    }

    /**
     * Ends the turn; the next position's begins. Nothing happens the second time. Not a checkpoint.
     *
     * @throws IllegalStateException outside the run
     */
    @Override
    public void close() {
      if (!closed) {
        closed = true;
        turn(position + 1).set();
      }
    }

    /** The position. */
    @Override
    public String toString() {
      return "Turn[" + position + "]";
    }
  }
}
