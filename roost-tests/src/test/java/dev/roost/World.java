package dev.roost;

import dev.roost.sync.Event;
import dev.roost.testing.MockClock;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * Runs on a virtual clock that jumps, giving way at every checkpoint: first in, first out, or in
 * the order of the seed that the system property {@code roost.seed} names, as for a
 * {@code @RoostTest}.
 */
public final class World {

  private World() {}

  /** The seed of the suite, if it is run with one. */
  public static OptionalLong seed() {
    String text = System.getProperty("roost.seed");
    if (text == null) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(text.equals("random") ? Drawn.SEED : Long.parseLong(text));
  }

  /** Drawn once for all tests of this JVM. */
  private static final class Drawn {

    static final long SEED = new SplittableRandom().nextLong(1L << 40);

    static {
      System.Logger log = System.getLogger("roost.tests"); // not dev.roost: tests listen there
      log.log(Level.INFO, "The orders of these tests come back with -Droost.seed=" + SEED);
    }
  }

  /**
   * How many rounds a test of luck plays: this many, times the system property {@code
   * roost.effort}.
   */
  public static int rounds(int usual) {
    return usual * Integer.getInteger("roost.effort", 1);
  }

  public static RunOptions options() {
    OptionalLong seed = seed();
    return seed.isPresent() ? inOrder().seed(seed.getAsLong()) : inOrder();
  }

  /** Without any seed: for tests of the order itself. */
  public static RunOptions inOrder() {
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
