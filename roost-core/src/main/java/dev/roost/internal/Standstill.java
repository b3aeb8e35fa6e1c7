package dev.roost.internal;

/**
 * Hears that nothing inside a run can wake it any more: nobody is ready, and no timer, descriptor,
 * blocking section or expected wake-up is pending. Called with the baton held, when the run is
 * about to wait, so that it costs nothing as long as there is something to do.
 */
public interface Standstill {

  /**
   * Whether this is to be told. Asked each time, so it must be quick when the answer is no again.
   */
  boolean isNews();

  /** Tells it, as the run's steward: may wake whom it likes, and may not wait. */
  void tell();
}
