package dev.roost.internal;

/**
 * Throws what the compiler would not let through: the wait of one task may throw what another one
 * gave it.
 */
public final class Sneaky {

  private Sneaky() {}

  /** The error to throw, if it is an interruption; anything else is thrown here. */
  public static InterruptedException asInterrupted(Throwable error) {
    if (error instanceof InterruptedException interrupted) {
      return interrupted;
    }
    throw Sneaky.<RuntimeException>hide(error);
  }

  /** Throws {@code error} as it is, checked or not. */
  @SuppressWarnings("unchecked")
  public static <X extends Throwable> RuntimeException hide(Throwable error) throws X {
    throw (X) error;
  }
}
