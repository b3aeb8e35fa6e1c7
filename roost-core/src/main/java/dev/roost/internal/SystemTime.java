package dev.roost.internal;

/** The JVM's monotonic clock. */
public final class SystemTime implements TimeSource {

  public static final SystemTime INSTANCE = new SystemTime();

  private SystemTime() {}

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public long realNanosUntil(long moment) {
    return moment - System.nanoTime();
  }

  @Override
  public long quietNanos() {
    return Timer.NEVER;
  }

  @Override
  public void quiet(long earliest) {
    throw new AssertionError("The system's clock does not jump.");
  }
}
