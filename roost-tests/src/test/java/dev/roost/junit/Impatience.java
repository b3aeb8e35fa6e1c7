package dev.roost.junit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Loses patience with a test when that says so, rather than after some time: for tests of the
 * timeouts. One test at a time.
 */
final class Impatience implements Patience, BeforeAllCallback {

  private static CountDownLatch timeUp = new CountDownLatch(1);
  private static boolean stuck;
  private static CountDownLatch givenUp = new CountDownLatch(1);
  private static boolean firstGraceOver;
  private static volatile Thread junit;

  /** Before each test: all that is cancelled unwinds in time. */
  static void reset() {
    timeUp = new CountDownLatch(1);
    stuck = false;
    junit = null;
    firstGraceOver = true;
  }

  /** The test does not react to the cancellation of its run, and no more after that. */
  static CountDownLatch expectStuck() {
    firstGraceOver = false;
    stuck = true;
    givenUp = new CountDownLatch(1);
    return givenUp;
  }

  /** The test does not react to the cancellation of its run, but to an interrupt. */
  static void expectHog() {
    firstGraceOver = false;
  }

  /** The time of the test is up. */
  static void timeUp() {
    timeUp.countDown();
  }

  /** JUnit interrupts the thread that it runs the test on. */
  static void interruptJUnit() {
    while (junit == null) {
      Thread.yield();
    }
    junit.interrupt();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    context.getStore(RoostExtension.NAMESPACE).put(Patience.class, this);
  }

  @Override
  public Duration threadGrace() {
    return Duration.ofMillis(1);
  }

  @Override
  public boolean await(Job job, Duration limit) throws InterruptedException {
    if (job.kind == Job.Kind.TEST) {
      junit = Thread.currentThread();
    }
    while (!job.await(Duration.ofMillis(1))) {
      if (job.kind == Job.Kind.TEST && timeUp.getCount() == 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean awaitUnwound(Job job, Duration grace) throws InterruptedException {
    if (!firstGraceOver) {
      firstGraceOver = true;
      return false;
    }
    if (stuck) {
      givenUp.await();
      return false;
    }
    return job.await(Duration.ofMinutes(1));
  }
}
