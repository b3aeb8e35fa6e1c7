package dev.roost;

import dev.roost.sync.Event;
import dev.roost.testing.MockClock;
import java.time.Duration;
import java.time.Instant;

/** Runs on a virtual clock that jumps, giving way at every checkpoint. */
public final class World {

  private World() {}

  public static RunOptions options() {
    return Roost.with().clock(new MockClock().autojump()).checkpointBudget(1);
  }

  public static <X extends Exception> void run(AsyncRunnable<X> main)
      throws X, InterruptedException {
    options().run(main);
  }

  public static <T, X extends Exception> T call(AsyncCallable<T, X> main)
      throws X, InterruptedException {
    return options().call(main);
  }

  public static Duration seconds(long n) {
    return Duration.ofSeconds(n);
  }

  /** Lets that many seconds of the clock pass. */
  public static void sleep(long seconds) throws InterruptedException {
    Roost.sleep(seconds(seconds));
  }

  /** How many seconds of the clock have passed in this run. */
  public static long elapsed() {
    return Duration.between(Instant.EPOCH, Roost.now()).toSeconds();
  }

  /** Waits without noticing the cancellation of any scope around. */
  public static void sleepShielded(long seconds) throws InterruptedException {
    CancelScope.create().shielded().run(() -> sleep(seconds));
  }

  /** Waits for ever on an event that never comes. */
  public static void hang() throws InterruptedException {
    new Event().await();
  }
}
