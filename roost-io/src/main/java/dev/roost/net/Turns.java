package dev.roost.net;

import dev.roost.lowlevel.ParkingLot;

/**
 * Something that one task uses at a time, and the others in the order in which they came.
 *
 * <pre>
 *   FREE --- enter ---&gt; TAKEN --- leave, nobody waits ---&gt; FREE
 *                        | ^
 *                        +-+  leave, somebody waits: it is theirs from that moment
 * </pre>
 */
final class Turns {

  private final ParkingLot waiting;
  private boolean taken;

  /** {@code what} is what tasks wait for, for the task tree. */
  Turns(String what) {
    this.waiting = new ParkingLot(what);
  }

  /** Waits until it is free. A checkpoint only if it is not. */
  void enter() throws InterruptedException {
    if (taken) {
      waiting.park(); // whoever leaves hands it over: it stays taken
    } else {
      taken = true;
    }
  }

  void leave() {
    if (!waiting.unpark()) {
      taken = false;
    }
  }
}
