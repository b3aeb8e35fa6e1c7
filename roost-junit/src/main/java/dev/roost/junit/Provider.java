package dev.roost.junit;

/**
 * Gives the value of a {@link Fixture} whose method is a block around the test: see there.
 *
 * @param <T> the value
 */
public sealed interface Provider<T> permits LiveFixture.Provision {

  /**
   * Gives the value to those who wait for it, and returns when the test is over and nobody uses the
   * value any more. A checkpoint.
   *
   * @param value the value, not null
   * @throws InterruptedException if the block is cancelled meanwhile, by a background task that
   *     failed for example; if no error comes of that, the fixture has failed all the same
   * @throws IllegalStateException the second time, or outside the run
   */
  void provide(T value) throws InterruptedException;
}
