package dev.roost.internal;

/** Hears what the scheduler does. Called by the holder of the baton; must not throw. */
public interface Observer {
  void scheduled(Fiber fiber);

  void beforeStep(Fiber fiber);

  void afterStep(Fiber fiber);

  /** {@code nanos} is how long the wait may last, {@link Timer#NEVER} without limit. */
  void beforeIoWait(long nanos);

  void afterIoWait(long nanos);
}
