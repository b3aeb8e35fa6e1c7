package dev.roost.junit;

import dev.roost.Deadlock;
import dev.roost.RunClock;
import java.time.Instant;

/**
 * The system's clock, for a test. {@link Witness} ends a test that stands still; if that wakes
 * nobody, because all wait behind a shield, this clock fails the run, as a {@code MockClock} does.
 */
enum RealClock implements RunClock {
  INSTANCE;

  @Override
  public Instant instant() {
    return RunClock.system().instant();
  }

  @Override
  public long nanoTime() {
    return RunClock.system().nanoTime();
  }

  @Override
  public void deadlocked(Deadlock deadlock) {
    throw new AssertionError("@RoostTest: nothing can ever wake this run: " + deadlock);
  }
}
