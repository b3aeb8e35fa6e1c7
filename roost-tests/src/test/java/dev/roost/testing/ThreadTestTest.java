package dev.roost.testing;

import static dev.roost.testing.RoostAssertions.assertThatGroupThrownBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Portal;
import dev.roost.Roost;
import dev.roost.Task;
import dev.roost.junit.RoostTest;
import dev.roost.sync.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Threads in tests, without sleeping. */
class ThreadTestTest {

  private static final Duration SHORT = Duration.ofMillis(5);

  // @start region="sample"
  @RoostTest
  void a_call_through_a_portal_waits_for_its_task(Portal portal) throws Exception {
    ThreadTest.run(threads -> {
      var ready = new Event();
      var caller =
          threads.call(
              "caller",
              () ->
                  portal.call(() -> {
                    ready.await();
                    return "answer";
                  }));

      caller.awaitBlockedIn(Portal.class, "call"); // no sleeping and hoping
      ready.set();

      assertThat(caller.join()).isEqualTo("answer");
    });
  }

  // @end

  @Test
  void it_knows_what_a_thread_is_at() throws Exception {
    var latch = new CountDownLatch(1);

    ThreadTest.run(threads -> {
      var thread = threads.start("t", latch::await);
      thread.awaitBlocked();
      thread.awaitState(Thread.State.WAITING);
      assertThat(thread.isDone()).isFalse();
      assertThat(thread).hasToString("TestThread[t, WAITING]");
      latch.countDown();
      assertThat(thread.join()).isNull();
      assertThat(thread).hasToString("TestThread[t, ended]");
      assertThat(thread.thread().getName()).isEqualTo("t");
    });
  }

  @RoostTest
  void a_task_that_waits_for_a_thread_does_not_hold_up_the_others(Nursery nursery)
      throws Exception {
    ThreadTest.run(threads -> {
      var latch = new CountDownLatch(1);
      var thread = threads.start("t", latch::await);
      nursery.start(latch::countDown);
      assertThat(thread.join()).isNull();
      assertThat(latch.getCount()).isZero();
    });
  }

  @RoostTest
  void threads_and_tasks_take_turns(Nursery nursery) throws Exception {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    ThreadTest.run(threads -> {
      threads.start(
          "one",
          () -> {
            try (var turn = threads.at(2)) {
              order.add("thread at " + turn);
            }
          });
      threads.start(
          "two",
          () -> {
            try (var _ = threads.at(0)) {
              order.add("other thread");
            }
          });
      nursery.start(() -> {
        var turn = threads.at(1);
        order.add("task");
        turn.close();
        turn.close();
      });
      try (var _ = threads.at(3)) {
        order.add("main");
      }
    });
    assertThat(order).containsExactly("other thread", "task", "thread at Turn[2]", "main");
  }

  @Test
  void a_thread_that_does_not_get_there_is_shown() {
    var latch = new CountDownLatch(1);

    try {
      assertThatThrownBy(() ->
              ThreadTest.run(
                  SHORT,
                  threads -> {
                    var thread = threads.start("t", latch::await);
                    awaitPatiently(thread.thread());
                    assertThatThrownBy(() -> thread.awaitState(Thread.State.BLOCKED))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining(
                            "thread t was expected to be BLOCKED within PT0.005S, and is WAITING")
                        .hasMessageContaining("CountDownLatch.await");
                    thread.join();
                  }))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("was expected to end within PT0.005S");
    } finally {
      latch.countDown();
    }
  }

  /** Waits on a latch, however long it takes to get there: {@link #SHORT} says nothing of this. */
  private static void awaitPatiently(Thread thread) {
    while (thread.getState() != Thread.State.WAITING
        || Arrays.stream(thread.getStackTrace())
            .noneMatch(frame -> frame.getMethodName().equals("acquireSharedInterruptibly"))) {
      Thread.onSpinWait();
    }
  }

  @Test
  void a_thread_that_ends_instead_is_shown() throws Exception {
    ThreadTest.run(threads -> {
      var thread =
          threads.start(
              "t",
              () -> {
                throw new IOException("gone");
              });
      assertThatThrownBy(thread::join).isInstanceOf(IOException.class).hasMessage("gone");
      assertThatThrownBy(thread::awaitBlocked)
          .hasMessageContaining("has ended, and was expected to be blocked")
          .hasRootCauseMessage("gone");
      var fatal =
          threads.start(
              "f",
              () -> {
                throw new AssertionError("fatal");
              });
      assertThatThrownBy(fatal::join).hasMessage("fatal");
    });
  }

  @Test
  void what_nobody_joined_is_thrown_at_the_end() {
    assertThatGroupThrownBy(() ->
            ThreadTest.run(threads ->
                threads.start(
                    "t",
                    () -> {
                      throw new IOException("unseen");
                    })))
        .hasLeaf(IOException.class, "unseen");
  }

  @Test
  void a_body_that_fails_interrupts_its_threads() {
    assertThatThrownBy(() ->
            ThreadTest.run(threads -> {
              threads.start("waits", () -> new CountDownLatch(1).await());
              threads.start(
                  "fails",
                  () -> {
                    throw new IOException("thread");
                  });
              throw new IllegalStateException("body");
            }))
        .hasMessage("body")
        .satisfies(error ->
            assertThat(error.getSuppressed())
                .extracting(Throwable::getMessage)
                .containsExactly("thread"));
  }

  @Test
  void a_thread_that_never_ends_is_not_waited_for_for_ever() {
    var latch = new CountDownLatch(1);
    try {
      assertThatThrownBy(() ->
              ThreadTest.run(
                  SHORT,
                  threads ->
                      threads.start(
                          "stubborn",
                          () -> {
                            while (latch.getCount() > 0) {
                              LockSupport.parkNanos(1_000_000);
                            }
                          })))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("thread stubborn was expected to end");
    } finally {
      latch.countDown();
    }
  }

  @Test
  void a_turn_that_does_not_come_says_which_one_is_missing() throws Exception {
    ThreadTest.run(
        SHORT,
        threads -> {
          assertThatThrownBy(() -> threads.at(1))
              .isInstanceOf(AssertionError.class)
              .hasMessageContaining("Position 0 was never taken");
          var first = threads.at(0);
          assertThatThrownBy(() -> threads.at(2)).hasMessageContaining("taken and not closed");
          first.close();
        });
  }

  @Test
  void mistakes_are_explained() throws Exception {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ThreadTest.run(Duration.ZERO, threads -> {}))
        .withMessageContaining("the limit is PT0S");
    ThreadTest.run(threads -> {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> threads.at(-1))
          .withMessageContaining("the position is -1");
      try (var _ = threads.at(0)) {
        assertThatIllegalStateException()
            .isThrownBy(() -> threads.at(0))
            .withMessageContaining("position 0 was used before");
      }
    });
  }

  @RoostTest
  void a_cancelled_wait_ends_and_the_threads_are_interrupted() throws Exception {
    var scope = CancelScope.create();
    boolean finished =
        scope.run(() ->
            ThreadTest.run(threads -> {
              var thread = threads.start("t", () -> new CountDownLatch(1).await());
              thread.awaitBlocked();
              scope.cancel();
              thread.join();
            }));

    assertThat(finished).isFalse();
    assertThat(Task.current().childNurseries()).isEmpty();
    Roost.checkpoint();
  }

  @Test
  void an_interrupted_wait_ends() throws Exception {
    ThreadTest.run(threads -> {
      var thread = threads.start("t", () -> new CountDownLatch(1).await());
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> thread.awaitState(Thread.State.BLOCKED))
          .isInstanceOf(InterruptedException.class)
          .hasMessageContaining("interrupted while waiting for t");
      thread.interrupt();
      assertThatThrownBy(thread::join).isInstanceOf(InterruptedException.class);
    });
  }
}
