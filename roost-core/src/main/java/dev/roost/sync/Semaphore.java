package dev.roost.sync;

import dev.roost.CheckReturnValue;
import dev.roost.Limiter;
import dev.roost.lowlevel.ParkingLot;
import dev.roost.lowlevel.RunBinding;
import java.util.Optional;

/**
 * A number of permits that belong to nobody: any task may take one and any task may give one back.
 * First come, first served: a permit that is given back while tasks wait goes to the one that has
 * waited longest.
 *
 * {@snippet file="dev/roost/sync/SyncSamplesTest.java" region="semaphore"}
 *
 * <p>To bound how many do something at once, {@link CapacityLimiter} is the better choice: it knows
 * who has what, and can be resized. Made anywhere, bound to the first run that uses it.
 */
public final class Semaphore {

  private final RunBinding binding = new RunBinding();
  private final ParkingLot waiting = new ParkingLot(this);
  private final int maximum;

  /** How many permits are free. Zero while a task waits. */
  private int available;

  /**
   * A semaphore whose permits may grow in number: each release without an acquire adds one.
   *
   * @param permits how many are free at first
   * @throws IllegalArgumentException if it is negative
   */
  public Semaphore(int permits) {
    this(permits, Integer.MAX_VALUE);
  }

  /**
   * A semaphore with no more than so many permits.
   *
   * @param permits how many are free at first
   * @param maximum how many may be free at most; one release too many is an error
   * @throws IllegalArgumentException if the permits are negative, or more than the maximum
   */
  public Semaphore(int permits, int maximum) {
    if (permits < 0) {
      throw new IllegalArgumentException(
          "Semaphore: the number of permits is negative (" + permits + ").");
    }
    if (permits > maximum) {
      throw new IllegalArgumentException(
          "Semaphore: there are more permits ("
              + permits
              + ") than the maximum ("
              + maximum
              + ").");
    }
    this.available = permits;
    this.maximum = maximum;
  }

  /**
   * Takes a permit, and waits until there is one. A checkpoint.
   *
   * @return the permit; closing it releases it, never waits, and does nothing the second time
   * @throws InterruptedException if cancelled; no permit was taken then
   * @throws IllegalStateException outside a run
   */
  @CheckReturnValue
  public Limiter.Permit acquire() throws InterruptedException {
    binding.startCheckpoint("Semaphore.acquire");
    if (available > 0) {
      available--;
      binding.endCheckpoint();
    } else {
      waiting.park();
    }
    return new Held(this);
  }

  /**
   * Takes a permit if one is free. Not a checkpoint.
   *
   * @return the permit, empty if there is none
   * @throws IllegalStateException outside a run
   */
  @CheckReturnValue
  public Optional<Limiter.Permit> tryAcquire() {
    binding.check("Semaphore.tryAcquire");
    if (available == 0) {
      return Optional.empty();
    }
    available--;
    return Optional.of(new Held(this));
  }

  /**
   * Gives a permit back, or adds one: to the task that has waited longest, else it is free. Closing
   * a permit does the same, once. Not a checkpoint.
   *
   * @throws IllegalStateException if the maximum is free already, or outside a run
   */
  public void release() {
    binding.check("Semaphore.release");
    if (waiting.unpark()) {
      return;
    }
    if (available == maximum) {
      throw new IllegalStateException(
          "Semaphore.release: all "
              + maximum
              + " permits are free already. Something was released that was not acquired, or was released twice.");
    }
    available++;
  }

  /**
   * How many permits are free. Not a checkpoint.
   *
   * @return the number; zero while a task waits
   */
  public int available() {
    return available;
  }

  /**
   * How it stands. Not a checkpoint.
   *
   * @return a snapshot
   */
  public Statistics statistics() {
    return new Statistics(available, waiting.size());
  }

  /**
   * How a semaphore stands.
   *
   * @param available how many permits are free
   * @param tasksWaiting how many tasks wait for one
   */
  public record Statistics(int available, int tasksWaiting) {}

  /** How many permits are free, and how many tasks wait. */
  @Override
  public String toString() {
    return "Semaphore["
        + available
        + (maximum == Integer.MAX_VALUE ? "" : " of " + maximum)
        + " free"
        + (waiting.size() == 0 ? "" : ", " + waiting.size() + " waiting")
        + "]";
  }

  private static final class Held implements Limiter.Permit {
    private final Semaphore semaphore;
    private boolean closed;

    Held(Semaphore semaphore) {
      this.semaphore = semaphore;
    }

    @Override
    public void close() {
      if (!closed) {
        semaphore.release();
        closed = true;
      }
    }

    @Override
    public String toString() {
      return closed ? "Permit[closed]" : "Permit[" + semaphore + "]";
    }
  }
}
