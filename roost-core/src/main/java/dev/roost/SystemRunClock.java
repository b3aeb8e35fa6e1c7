package dev.roost;

import java.time.Instant;

/** The system's clock. */
enum SystemRunClock implements RunClock {
  INSTANCE;

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public String toString() {
    return "RunClock.system()";
  }
}
