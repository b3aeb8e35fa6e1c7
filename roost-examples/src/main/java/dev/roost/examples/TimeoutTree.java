package dev.roost.examples;

import dev.roost.AsyncRunnable;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskLocal;
import java.time.Duration;
import java.time.Instant;

/**
 * Timeouts inside timeouts, around tasks inside tasks. None of the code that does the work knows of
 * any of them.
 *
 * <p>A page is made of four parts at the same time. The page may take 600 ms, and each part has a
 * timeout of its own. Which one fires is never in doubt: {@link CancelScope#run} returns false for
 * the scope that cut its block short, and for no other one.
 */
public final class TimeoutTree {

  private static final TaskLocal<String> INDENT = TaskLocal.withDefault("");

  private final Instant begin = Roost.now();

  public static void main(String[] args) throws InterruptedException {
    Roost.run(() -> new TimeoutTree().page());
  }

  void page() throws InterruptedException {
    within("page", 600, () -> Nursery.run(this::parts));
  }

  private void parts(Nursery nursery) {
    nursery.start(() -> within("header", 400, () -> fetch("logo", 100)));
    nursery.start(() ->
        within(
            "news",
            300,
            () -> {
              fetch("headlines", 150);
              fetch("pictures", 500); // too slow for the news, which do without
            }));
    nursery.start(
        () -> within("weather", 5_000, () -> fetch("satellite", 2_000))); // too slow for the page
    nursery.start(() ->
        within(
            "prices",
            500,
            () -> {
              within(
                  "exchange", 200, () -> fetch("rates", 1_000)); // gives up, and the prices go on
              fetch("yesterday's rates", 200);
            }));
  }

  /** A block with a timeout, and what became of it. */
  private void within(String name, int millis, AsyncRunnable<RuntimeException> body)
      throws InterruptedException {
    say(name + ": has " + millis + " ms");
    CancelScope timeout = CancelScope.moveOnAfter(Duration.ofMillis(millis));
    try {
      boolean inTime = timeout.run(() -> INDENT.where(INDENT.get() + "  ").run(body));
      say(name + (inTime ? ": done" : ": OUT OF TIME after its " + millis + " ms"));
    } catch (InterruptedException e) {
      say(name + ": stopped from outside");
      throw e;
    }
  }

  private void fetch(String what, int millis) throws InterruptedException {
    try {
      Roost.sleep(Duration.ofMillis(millis));
      say(what + ": fetched in " + millis + " ms");
    } catch (InterruptedException e) {
      say(what + ": given up, it needs " + millis + " ms");
      throw e;
    }
  }

  private void say(String line) {
    long tenths = Duration.between(begin, Roost.now()).toMillis() / 100;
    System.out.println("0." + tenths + " s  " + INDENT.get() + line);
  }
}
