package dev.roost;

import java.util.List;

/**
 * Something that tasks hold while others wait for it, such as a lock. A {@link Deadlock} is told
 * with who waits for whom, as far as what they wait for is one of these. Locks of your own can
 * implement it: give them to {@code Suspension.create} or {@code ParkingLot} as what is waited for.
 */
public interface Held {

  /**
   * Who holds it. Not a checkpoint.
   *
   * @return a snapshot, empty if nobody does
   */
  List<Task> holders();
}
