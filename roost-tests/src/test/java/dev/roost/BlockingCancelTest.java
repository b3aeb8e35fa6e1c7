package dev.roost;

import static dev.roost.Sections.PLAIN;
import static dev.roost.Sections.cancelInside;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.sync.CapacityLimiter;
import dev.roost.testing.Testing;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What becomes of a blocking section that is cancelled while it is inside. */
class BlockingCancelTest {

  /** Blocks until interrupted; then throws what it is given. */
  private static <X extends Exception> void blockThenThrow(CountDownLatch inside, X error)
      throws X {
    inside.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw error;
    }
  }

  @Test
  void interruption_becomesCancelled_howeverItIsDressed() throws Exception {
    List<Exception> dresses =
        List.of(
            new InterruptedException("x"),
            new ClosedByInterruptException(),
            new FileLockInterruptionException(),
            new InterruptedIOException("x"),
            new SocketException("Closed by interrupt"),
            new SQLException("driver", new IOException(new SocketException("Closed by interrupt"))),
            new IllegalStateException(new RuntimeException(new InterruptedException())));
    for (Exception dress : dresses) {
      Throwable thrown = cancelInside(PLAIN, inside -> blockThenThrow(inside, dress));
      assertThat(thrown).as(dress.toString()).isInstanceOf(Cancelled.class);
      assertThat(thrown.getCause()).isSameAs(dress);
      assertThat(((Cancelled) thrown).reason()).contains("for the test");
    }
  }

  @Test
  void otherErrorsOfACancelledSection_areKept() throws Exception {
    IOException circular = new IOException("a");
    circular.initCause(new IOException("b", circular));
    for (Exception other :
        List.of(
            new SocketTimeoutException("x"),
            new SocketException("Connection reset"),
            new IOException("disk full"),
            circular)) {
      assertThat(cancelInside(PLAIN, inside -> blockThenThrow(inside, other))).isSameAs(other);
    }
  }

  @Test
  void valueOfACancelledSection_isKept() throws Exception {
    assertThat(
            cancelInside(
                PLAIN,
                inside -> {
                  inside.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt(); // and a result all the same
                  }
                }))
        .isNull();
  }

  @Test
  void onCancel_runsTheActionInstead_andTakesAnyErrorForItsOwn() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    Thread[] threads = new Thread[2];
    SQLException failure = new SQLException("statement cancelled");
    Throwable thrown =
        cancelInside(
            Blocking.onCancel(() -> {
              threads[1] = Thread.currentThread();
              cancelled.countDown();
            }),
            inside -> {
              threads[0] = Thread.currentThread();
              inside.countDown();
              cancelled.await();
              assertThat(Thread.currentThread().isInterrupted()).isFalse();
              throw failure;
            });
    assertThat(thrown).isInstanceOf(Cancelled.class).hasCause(failure);
    assertThat(threads[1]).isNotNull().isNotSameAs(threads[0]);
  }

  @Test
  void actionThatIsSlow_isAwaited_soThatItHitsNobodyElse() throws Exception {
    boolean[] acted = {false};
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch sectionOver = new CountDownLatch(1);
    cancelInside(
        Blocking.onCancel(() -> {
          started.countDown();
          sectionOver.await();
          acted[0] = true;
        }),
        inside -> {
          inside.countDown();
          started.await();
          Thread.startVirtualThread(sectionOver::countDown);
        });
    assertThat(acted[0]).isTrue();
  }

  @Test
  void errorOfTheAction_isReported_notLost() throws Exception {
    List<String> dropped = new ArrayList<>();
    Instrument instrument =
        new Instrument() {
          @Override
          public void errorDropped(Throwable error, String where) {
            dropped.add(error.getMessage() + " from " + where);
          }
        };
    InstrumentTest.quietly(() ->
        Roost.with()
            .instrument(instrument)
            .run(() -> {
              CountDownLatch inside = new CountDownLatch(1);
              CountDownLatch acting = new CountDownLatch(1);
              Nursery.run(nursery -> {
                nursery.start(
                    "section",
                    () ->
                        Blocking.onCancel(
                                () -> {
                                  acting.countDown();
                                  throw new IOException("cancel failed");
                                })
                            .run(() -> {
                              inside.countDown();
                              acting.await();
                            }));
                Roost.checkpoint();
                Blocking.run(inside::await);
                nursery.cancel();
              });
            }));
    assertThat(dropped).singleElement().asString().contains("cancel failed", "onCancel", "section");
  }

  @Test
  void uninterrupted_defersTheCancellation() throws Exception {
    Throwable thrown =
        cancelInside(
            Blocking.uninterrupted(),
            (inside, cancelled) -> {
              inside.countDown();
              cancelled.await();
              assertThat(Thread.currentThread().isInterrupted()).isFalse();
            });
    assertThat(thrown).isNull();
    IOException failure = new IOException("commit failed");
    assertThat(
            cancelInside(
                Blocking.uninterrupted(),
                (inside, cancelled) -> {
                  inside.countDown();
                  cancelled.await();
                  throw failure;
                }))
        .isSameAs(failure);
  }

  /** The limiter hands the permit over, and the task is cancelled before it goes on. */
  @Test
  void cancelledWhileItGetsItsPermit_doesNotEnter_andGivesThePermitBack() throws Exception {
    for (boolean abandoning : List.of(false, true)) {
      boolean[] entered = {false};
      CapacityLimiter limiter = new CapacityLimiter(1);
      World.run(() -> {
        Limiter.Permit taken = limiter.acquireFor("somebody else");
        CancelScope scope = CancelScope.create();
        Blocking.Section section = Blocking.limitedBy(limiter);
        Nursery.run(nursery -> {
          nursery.start(() ->
              assertThat(
                      scope.run(() ->
                          (abandoning ? section.abandoning() : section)
                              .run(() -> entered[0] = true)))
                  .isFalse());
          Testing.waitAllTasksBlocked();
          taken.close();
          scope.cancel();
        });
      });
      assertThat(entered[0]).as("abandoning: %s", abandoning).isFalse();
      assertThat(limiter.borrowedTokens()).isZero();
    }
  }
}
