package dev.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.lowlevel.Readiness;
import dev.roost.net.TcpListener;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a test leaves behind fails it, and the place where it comes from is named. */
class LeakCheckTest {

  private static final List<AutoCloseable> left = new ArrayList<>();

  @BeforeEach
  void forget() {
    Impatience.reset();
    left.clear();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : left) {
      each.close();
    }
  }

  @RoostTest
  static class ListenerCases {
    @Test
    void forgets(Nursery nursery) throws Exception {
      open();
      Roost.checkpoint();
    }

    private static void open() throws IOException {
      TcpListener.open(0);
    }
  }

  @Test
  void a_listener_that_is_open_is_named_with_the_place_where_it_was_opened() {
    Throwable failure = Cases.failure(ListenerCases.class);

    assertThat(failure)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the test has left something behind:\n  TcpListener[")
        .hasMessageContaining(
            " is open, opened at dev.roost.junit.LeakCheckTest$ListenerCases.open(LeakCheckTest")
        .hasMessageContaining("@RoostTest(leakChecks = false)");
    assertThat(failure.getSuppressed()).extracting(Throwable::getMessage).contains("opened here");
  }

  @RoostTest
  static class ChannelCases {
    @Test
    void forgets() throws Exception {
      Pipe pipe = Pipe.open();
      left.add(pipe.source());
      left.add(pipe.sink());
      pipe.source().configureBlocking(false);
      CancelScope.moveOnAfter(Duration.ZERO).run(() -> Readiness.waitReadable(pipe.source()));
      pipe.sink().write(java.nio.ByteBuffer.allocate(1));
      Readiness.waitReadable(pipe.source());
    }
  }

  @Test
  void a_channel_that_was_waited_for_is_named_with_the_place_of_the_wait() {
    assertThat(Cases.failure(ChannelCases.class))
        .hasMessageContaining("the channel ")
        .hasMessageContaining("is open, first waited for at dev.roost.junit.LeakCheckTest$Channel");
  }

  @RoostTest
  @ExtendWith(Impatience.class)
  static class ThreadCases {
    @Test
    void forgets(Nursery nursery) throws InterruptedException {
      var latch = new CountDownLatch(1);
      left.add(latch::countDown);
      nursery.start(() -> start(latch));
      Roost.checkpoint();
      Thread.ofPlatform().name("ends").start(() -> {}).join();
    }

    private static void start(CountDownLatch latch) {
      Thread.ofPlatform()
          .name("forgotten")
          .start(() -> {
            try {
              latch.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
    }
  }

  @Test
  void a_thread_that_is_alive_is_named_with_the_place_where_it_was_started() {
    assertThat(Cases.failure(ThreadCases.class))
        .hasMessageContaining("the thread forgotten is alive, started at ")
        .hasMessageContaining("LeakCheckTest$ThreadCases.start(")
        .hasMessageNotContaining("thread ends");
  }

  @RoostTest
  static class ThreadsOfOthersCases {
    @Test
    void startsSomeThatEnd() throws Exception {
      // As if another thread had made this one: it inherits nothing, and nothing says whose it is.
      Thread.Builder others = Thread.ofPlatform().inheritInheritableThreadLocals(false);
      CountDownLatch latch = new CountDownLatch(1);
      left.add(latch::countDown);

      Thread running = others.start(() -> awaitUninterruptibly(latch));
      left.add(running::join);
      Thread.ofPlatform().start(() -> {}).join();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void threads_that_others_started_at_the_same_time_are_not_taken_for_those_of_the_test() {
    Cases.runWell(ThreadsOfOthersCases.class, 1);
  }

  @RoostTest(schedules = 2)
  static class LaterScheduleCases {
    private static int runs;

    @Test
    void forgets() throws Exception {
      if (++runs == 2) {
        TcpListener.open(0);
      }
    }
  }

  @Test
  void each_schedule_is_checked() {
    LaterScheduleCases.runs = 0;
    assertThat(Cases.failure(LaterScheduleCases.class))
        .hasMessageContaining("with seed 1")
        .hasMessageContaining("left something behind");
  }

  @RoostTest(leakChecks = false)
  static class OffCases {
    @Test
    void forgets() throws Exception {
      TcpListener.open(0);
    }
  }

  @RoostTest
  static class CarelessCases {
    @Test
    void forgets() throws Exception {
      TcpListener.open(0);
    }
  }

  @Test
  void the_check_can_be_turned_off() {
    Cases.runWell(OffCases.class, 1);
    Cases.runWell(CarelessCases.class, 1, "roost.leakChecks", "false");
  }

  @RoostTest
  static class FailingCases {
    @Test
    void fails() throws Exception {
      TcpListener.open(0);
      throw new IllegalStateException("the test");
    }
  }

  @Test
  void a_test_that_failed_is_not_blamed_for_what_it_did_not_get_to_close() {
    Throwable failure = Cases.failure(FailingCases.class);

    assertThat(failure).hasMessage("the test");
    assertThat(Cases.stackTrace(failure)).doesNotContain("left something behind");
  }
}
