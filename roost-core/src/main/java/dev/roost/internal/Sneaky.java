package dev.roost.internal;

/**
 * Throws what the compiler would not let through: the wait of one task may throw what another one
 * gave it.
 */
public final class Sneaky {

  private Sneaky() {}

  /** Never returns; declared with a result so that callers can write {@code throw}. */
  public static InterruptedException asInterrupted(Throwable error) throws InterruptedException {
    if (error instanceof InterruptedException interrupted) {
      throw interrupted;
    }
    throw Sneaky.<RuntimeException>hide(error);
  }

  /** Throws {@code error} as it is, checked or not. */
  @SuppressWarnings("unchecked")
  public static <X extends Throwable> RuntimeException hide(Throwable error) throws X {
    throw (X) error;
  }
}
