package dev.roost.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncRunnable;
import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Portal;
import dev.roost.Roost;
import dev.roost.junit.RoostTest;
import dev.roost.lowlevel.OutsideWakeup;
import dev.roost.lowlevel.Readiness;
import dev.roost.sync.Event;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The virtual clock beside real descriptors and threads, and where nothing is left to wait for. */
class MockClockWithTheWorldTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private static void run(AsyncRunnable<Exception> main) throws Exception {
    Roost.with().name("r").clock(new MockClock().autojump()).run(main);
  }

  // ---- descriptors

  /** Has a body use a pipe whose reading end does not block. */
  private static void withPipe(PipeBody body) throws Exception {
    Pipe pipe = Pipe.open();
    try (var source = pipe.source();
        var sink = pipe.sink()) {
      source.configureBlocking(false);
      body.use(source, sink);
    }
  }

  private interface PipeBody {
    void use(Pipe.SourceChannel source, Pipe.SinkChannel sink) throws Exception;
  }

  private static final ByteBuffer BYTE = ByteBuffer.wrap(new byte[1]);

  @RoostTest(autojump = true)
  void what_is_in_the_kernel_comes_before_the_next_deadline() throws Exception {
    withPipe((source, sink) -> {
      sink.write(BYTE.duplicate());

      boolean readable = CancelScope.moveOnAfter(SECOND).run(() -> Readiness.waitReadable(source));

      assertThat(readable).isTrue();
      assertThat(Roost.now()).isEqualTo(Instant.EPOCH);
    });
  }

  @RoostTest(autojump = true)
  void a_conversation_through_the_kernel_takes_no_virtual_time() throws Exception {
    withPipe((there, toThere) ->
        withPipe((back, toBack) ->
            Nursery.run(nursery -> {
              nursery.start("patience", () -> Roost.sleep(SECOND));
              nursery.start(
                  "echo",
                  () -> {
                    for (int i = 0; i < 100; i++) {
                      Readiness.waitReadable(there);
                      there.read(ByteBuffer.allocate(1));
                      toBack.write(BYTE.duplicate());
                    }
                  });
              for (int i = 0; i < 100; i++) {
                toThere.write(BYTE.duplicate());
                Readiness.waitReadable(back);
                back.read(ByteBuffer.allocate(1));
              }
              assertThat(Roost.now()).isEqualTo(Instant.EPOCH);
            })));
  }

  @RoostTest(autojump = true)
  void it_jumps_when_nothing_comes() throws Exception {
    withPipe((source, sink) -> {
      boolean readable = CancelScope.moveOnAfter(SECOND).run(() -> Readiness.waitReadable(source));

      assertThat(readable).isFalse();
      assertThat(Roost.now()).isEqualTo(Instant.EPOCH.plus(SECOND));
    });
  }

  // ---- nothing left to wait for

  @Test
  void a_run_that_nothing_can_wake_fails_at_once_with_its_tasks() {
    var unwound = new ArrayList<String>();

    assertThatThrownBy(() ->
            run(() ->
                Nursery.run(nursery -> {
                  nursery.start(
                      "child",
                      () -> {
                        try {
                          new Event().await();
                        } finally {
                          unwound.add("child");
                        }
                      });
                  Roost.sleep(SECOND);
                })))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("MockClock: nothing can ever wake this run: the run r stands still")
        .hasMessageContaining("child waits for an event")
        .hasMessageContaining("└─ child: waiting for an event");
    assertThat(unwound).containsExactly("child");
  }

  @Test
  void a_clock_that_stands_still_or_waits_for_silence_does_so_too() {
    for (var clock : List.of(new MockClock(), new MockClock().autojump(SECOND))) {
      assertThatThrownBy(() -> Roost.with().clock(clock).run(() -> new Event().await()))
          .hasMessageContaining("nothing can ever wake this run");
    }
  }

  @Test
  void a_task_that_sleeps_for_ever_is_no_hope() {
    var clock = new MockClock().autojump();

    assertThatThrownBy(() ->
            Roost.with()
                .clock(clock)
                .run(() ->
                    Nursery.run(nursery -> {
                      nursery.start("child", Roost::sleepForever);
                      Roost.sleep(SECOND);
                    })))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("nothing can ever wake this run")
        .hasMessageContaining("child waits for ever (sleepForever)");
    assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plus(SECOND));
  }

  @Test
  void a_run_in_the_background_rests_until_it_is_closed() throws Exception {
    var clock = new MockClock().autojump();
    try (var background = Roost.with().clock(clock).open()) {
      background
          .portal()
          .run(() -> {
            var reached = CancelScope.moveOnAfter(SECOND).run(Roost::sleepForever);
            assertThat(reached).isFalse();
          });
      background.portal().run(Roost::checkpoint); // between the two the run had nothing to do
    }
    assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plus(SECOND));
  }

  @Test
  void an_interrupt_that_is_expected_is_hope() {
    var clock = new MockClock().autojump();
    Thread caller = Thread.currentThread();

    assertThatThrownBy(() ->
            Roost.with()
                .clock(clock)
                .run(() -> {
                  var _ = OutsideWakeup.expect();
                  var _ = ThreadWhen.blocked(Thread.currentThread(), caller::interrupt);
                  Roost.sleepForever();
                }))
        .isExactlyInstanceOf(InterruptedException.class);
  }

  @Test
  void what_goes_wrong_meanwhile_hangs_on_the_failure() {
    assertThatThrownBy(() ->
            run(() -> {
              try {
                new Event().await();
              } finally {
                cleanUp();
              }
            }))
        .hasMessageContaining("nothing can ever wake this run")
        .satisfies(failure ->
            assertThat(failure.getSuppressed()).extracting(Throwable::getMessage).contains("bad"));
  }

  private static void cleanUp() {
    throw new IllegalStateException("bad");
  }

  @Test
  void a_blocking_section_may_wake_it() throws Exception {
    run(() ->
        Nursery.run(nursery -> {
          var done = new Event();
          var go = new CountDownLatch(1);
          nursery.start(() -> {
            Blocking.run(go::await);
            done.set();
          });
          nursery.start(() -> {
            Testing.waitAllTasksBlocked();
            go.countDown();
          });
          done.await();
        }));
  }

  @Test
  void a_portal_that_was_handed_out_may_wake_it() throws Exception {
    run(() -> {
      var done = new Event();
      Portal portal = Portal.current();
      Thread other = ThreadWhen.blocked(Thread.currentThread(), () -> portal.post(done::set));
      done.await();
      Blocking.run(other::join);
    });
  }

  @Test
  void an_announced_wakeup_may_wake_it() throws Exception {
    run(() -> {
      var done = new Event();
      try (var _ = OutsideWakeup.expect()) {
        var portal = new AtomicReference<>(Portal.current());
        Thread other =
            ThreadWhen.blocked(Thread.currentThread(), () -> portal.get().post(done::set));
        done.await();
        Blocking.run(other::join);
      }
    });
  }

  @RoostTest
  void a_clock_that_others_may_move_may_wake_it(MockClock clock) throws Exception {
    Thread other = ThreadWhen.blocked(Thread.currentThread(), () -> clock.jump(SECOND));

    Roost.sleep(SECOND);

    Blocking.run(other::join);
  }

  /** Threads that do something when another one waits. */
  private static final class ThreadWhen {

    static Thread blocked(Thread watched, Runnable then) {
      return Thread.ofPlatform()
          .start(() -> {
            while (watched.getState() != Thread.State.WAITING) {
              Thread.yield();
            }
            then.run();
          });
    }
  }
}
