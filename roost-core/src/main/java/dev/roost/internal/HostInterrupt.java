package dev.roost.internal;

import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * Hears of an interrupt of the host's thread at once. Mounting a virtual thread clears the
 * interrupt status of the thread below it, so that looking at the status now and then would miss
 * interrupts; the JDK tells the channel that a thread is busy with, which is what this pretends to
 * be. Hears of one interrupt, which is all that matters: it cancels the run.
 */
final class HostInterrupt extends AbstractInterruptibleChannel {

  private final Runnable onInterrupt;

  HostInterrupt(Runnable onInterrupt) {
    this.onInterrupt = onInterrupt;
  }

  /**
   * To be called on the host's thread, and again after anything else it was busy with, such as a
   * selector.
   */
  void arm() {
    if (isOpen()) {
      begin();
    }
  }

  /** To be called on the host's thread when the run is over. */
  void disarm() {
    try {
      end(true);
    } catch (java.nio.channels.ClosedByInterruptException e) {
      Thread.interrupted(); // it was heard; the host sets the status again where that is due
    } catch (java.nio.channels.AsynchronousCloseException e) {
      throw new AssertionError("Roost: nobody but an interrupt closes this.", e);
    }
  }

  @Override
  protected void implCloseChannel() {
    onInterrupt.run();
  }
}
