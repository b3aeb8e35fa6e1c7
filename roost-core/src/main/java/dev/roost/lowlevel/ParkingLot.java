package dev.roost.lowlevel;

import dev.roost.internal.Abort;
import dev.roost.internal.Fiber;
import dev.roost.internal.StackRoom;
import org.jspecify.annotations.Nullable;

/**
 * A queue of tasks that wait for something: what locks, events and the like are built of. First
 * come, first served; a cancelled task leaves it in constant time.
 *
 * {@snippet file="dev/roost/CoreSamplesTest.java" region="parking-lot"}
 *
 * <p>Bound to the first run that uses it. After Trio's {@code ParkingLot}.
 */
public final class ParkingLot {

  private final RunBinding binding = new RunBinding();
  private final Object what;
  private @Nullable Parked first;
  private @Nullable Parked last;
  private int size;

  /**
   * An empty lot.
   *
   * @param what what tasks wait for here; the task tree prints its {@code toString}
   */
  public ParkingLot(Object what) {
    this.what = java.util.Objects.requireNonNull(what, "ParkingLot: the description is null");
  }

  /**
   * Waits until unparked. A checkpoint.
   *
   * @throws InterruptedException if cancelled; the task has left the lot then
   * @throws IllegalStateException outside a run, or in another run
   */
  public void park() throws InterruptedException {
    binding.check("ParkingLot.park");
    Fiber me = Fiber.currentFiber();
    me.checkCancelled();
    StackRoom.forAWait(me);
    Parked parked = new Parked(me, this);
    add(parked);
    me.suspend(parked);
  }

  /**
   * Wakes the task that has waited longest. Not a checkpoint.
   *
   * @return true if there was one
   * @throws IllegalStateException outside a run, or in another run
   */
  public boolean unpark() {
    binding.check("ParkingLot.unpark");
    Parked longest = first;
    if (longest == null) {
      return false;
    }
    StackRoom.forAChange(longest.fiber);
    remove(longest);
    longest.fiber.resume(null);
    return true;
  }

  /**
   * Wakes several tasks, those first that have waited longest. Not a checkpoint.
   *
   * @param atMost how many at most
   * @return how many there were
   * @throws IllegalStateException outside a run, or in another run
   */
  public int unpark(int atMost) {
    int woken = 0;
    while (woken < atMost && unpark()) {
      woken++;
    }
    return woken;
  }

  /**
   * Wakes all. Not a checkpoint.
   *
   * @return how many there were
   * @throws IllegalStateException outside a run, or in another run
   */
  public int unparkAll() {
    return unpark(Integer.MAX_VALUE);
  }

  /**
   * Ends the waits of all with an error. Not a checkpoint.
   *
   * @param error makes what each of them throws
   * @return how many there were
   * @throws IllegalStateException outside a run, or in another run
   */
  public int failAll(java.util.function.Supplier<? extends RuntimeException> error) {
    binding.check("ParkingLot.failAll");
    int failed = 0;
    for (Parked parked; (parked = first) != null; failed++) {
      remove(parked);
      parked.fiber.fail(error.get());
    }
    return failed;
  }

  /**
   * Moves tasks to the end of another lot without waking them, in their order. Not a checkpoint.
   *
   * @param other where they wait from now on
   * @param atMost how many at most, those that have waited longest
   * @return how many were moved
   * @throws IllegalStateException outside a run, or if either lot belongs to another run
   */
  public int repark(ParkingLot other, int atMost) {
    binding.check("ParkingLot.repark");
    other.binding.check("ParkingLot.repark");
    if (other == this) {
      return 0;
    }
    int moved = 0;
    for (Parked parked; moved < atMost && (parked = first) != null; moved++) {
      remove(parked);
      other.add(parked);
    }
    return moved;
  }

  /**
   * How many wait.
   *
   * @return the number
   */
  public int size() {
    return size;
  }

  private void add(Parked parked) {
    parked.lot = this;
    Parked before = last;
    parked.previous = before;
    if (before == null) {
      first = parked;
    } else {
      before.next = parked;
    }
    last = parked;
    size++;
  }

  private void remove(Parked parked) {
    Parked before = parked.previous;
    Parked after = parked.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    parked.previous = null;
    parked.next = null;
    size--;
  }

  /** What it is for, and how many wait. */
  @Override
  public String toString() {
    return "ParkingLot[" + what + ", " + size + " waiting]";
  }

  private static final class Parked implements Abort {
    final Fiber fiber;
    ParkingLot lot;
    @Nullable Parked next;
    @Nullable Parked previous;

    Parked(Fiber fiber, ParkingLot lot) {
      this.fiber = fiber;
      this.lot = lot;
    }

    @Override
    public boolean abort(Fiber aborted, Throwable cancellation) {
      lot.remove(this);
      return true;
    }

    @Override
    public Object awaited() {
      return lot.what;
    }

    @Override
    public String toString() {
      return lot.what.toString();
    }
  }
}
