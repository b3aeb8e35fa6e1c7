package dev.roost.sync;

import dev.roost.lowlevel.Line;
import dev.roost.lowlevel.ParkingLot;
import dev.roost.lowlevel.RunBinding;
import dev.roost.lowlevel.Selectable;
import org.jspecify.annotations.Nullable;

/**
 * Something that happens once: tasks wait for it, and none waits any more from then on.
 *
 * {@snippet file="dev/roost/CoreSamplesTest.java" region="event"}
 *
 * <p>Made anywhere, bound to the first run that uses it. An event cannot be unset: make a new one.
 */
public final class Event implements Selectable<Event> {

  private final RunBinding binding = new RunBinding();
  private final ParkingLot waiting = new ParkingLot("an event");
  private final Line<Selecting> selecting = new Line<>();
  private boolean set;

  /** An event that has not happened. */
  public Event() {}

  /**
   * Says that it has happened, and wakes all who wait. Idempotent. Not a checkpoint.
   *
   * @throws IllegalStateException outside a run, in another run, or in a blocking section
   */
  public void set() {
    binding.check("Event.set");
    if (!set) {
      set = true;
      waiting.unparkAll();
      for (Selecting chooser; (chooser = selecting.poll()) != null; ) {
        var _ = chooser.slot.complete(this); // it stays set for whoever asks next
      }
    }
  }

  /**
   * Whether it has happened. Not a checkpoint.
   *
   * @return true from {@link #set()} on
   */
  public boolean isSet() {
    return set;
  }

  /**
   * Waits until it happens. A checkpoint, also if it has happened.
   *
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run, in another run, or in a blocking section
   */
  public void await() throws InterruptedException {
    binding.startCheckpoint("Event.await");
    if (set) {
      binding.endCheckpoint();
    } else {
      waiting.park();
    }
  }

  /**
   * For {@code Select}: whether it has happened. Not a checkpoint.
   *
   * @return this event, null if it has not happened
   * @throws IllegalStateException outside a run, in another run, or in a blocking section
   */
  @Override
  public @Nullable Event poll() {
    binding.check("Event.poll");
    return set ? this : null;
  }

  /**
   * For {@code Select}: waits until it happens, among other things. Not a checkpoint.
   *
   * @throws IllegalStateException outside a run, in another run, or in a blocking section
   */
  @Override
  public Runnable enlist(Slot<? super Event> slot) {
    binding.check("Event.enlist");
    Selecting chooser = new Selecting(slot);
    selecting.add(chooser);
    return () -> selecting.remove(chooser);
  }

  private int tasksWaiting() {
    return waiting.size() + selecting.size();
  }

  private static final class Selecting extends Line.Place {
    final Slot<? super Event> slot;

    Selecting(Slot<? super Event> slot) {
      this.slot = slot;
    }
  }

  /**
   * How it stands. Not a checkpoint.
   *
   * @return the number of tasks that wait
   */
  public Statistics statistics() {
    return new Statistics(tasksWaiting());
  }

  /**
   * How an event stands.
   *
   * @param tasksWaiting how many tasks wait for it
   */
  public record Statistics(int tasksWaiting) {}

  /** Whether it has happened, and how many wait. */
  @Override
  public String toString() {
    return "Event[" + (set ? "set" : "not set, " + tasksWaiting() + " waiting") + "]";
  }
}
