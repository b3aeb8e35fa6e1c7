package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.roost.sync.Event;
import dev.roost.testing.MockClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Runs on a thread of their own. */
class BackgroundRunTest {

  private static final Duration LONG = Duration.ofHours(1);

  private final List<String> log = Collections.synchronizedList(new ArrayList<>());

  private static BackgroundRun autojumping() {
    return Roost.with().name("beans").clock(new MockClock().autojump()).open();
  }

  @Test
  void open_servesCalls_untilClosed() throws Exception {
    Hang.fails(() -> {
      BackgroundRun run = Roost.with().name("beans").open();
      assertThat(run.portal()).isSameAs(run.portal());
      assertThat(run.portal().<String, RuntimeException>call(() -> "served")).isEqualTo("served");
      assertThat(run).hasToString("BackgroundRun[beans]");
      run.close();
      assertThat(run).hasToString("BackgroundRun[beans, ended]");
      assertThatThrownBy(() -> run.portal().call(() -> 1)).isInstanceOf(RunFinishedException.class);
      assertThatThrownBy(() -> run.portal().post(() -> {}))
          .isInstanceOf(RunFinishedException.class);
    });
  }

  @Test
  void open_runsOnADaemonOfItsOwn() throws Exception {
    Hang.fails(() -> {
      try (BackgroundRun run = Roost.with().name("beans").open()) {
        run.portal().run(Roost::checkpoint);
        Thread thread =
            Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().equals("roost-beans"))
                .findFirst()
                .orElseThrow();
        assertThat(thread.isDaemon()).isTrue();
      }
    });
  }

  @Test
  void close_atOnce_isFine_andAgainDoesNothing() throws Exception {
    Hang.fails(() -> {
      BackgroundRun run = Roost.open();
      run.close();
      run.close();
      run.close(Duration.ZERO);
    });
  }

  @Test
  void close_letsCallsEndWithinTheGrace_andTakesNoMore() throws Exception {
    Hang.fails(() -> {
      BackgroundRun run = Roost.open();
      Portal portal = run.portal();
      Foreign<String> foreign =
          Foreign.waiting(
              portal,
              () -> {
                CancelScope.untilStopping().run(Roost::sleepForever);
                Event later = new Event();
                Foreign<Object> refused = Foreign.start(() -> portal.call(() -> "late"));
                log.add(Blocking.call(refused::error).getClass().getSimpleName());
                portal.post(later::set);
                later.await();
                return "done";
              });
      run.close(LONG);
      assertThat(log).containsExactly("RunFinishedException");
      assertThat(foreign.result()).isEqualTo("done");
    });
  }

  @Test
  void close_afterTheGrace_cancelsCalls_andAwaitsThem() throws Exception {
    Hang.fails(() -> {
      BackgroundRun run = autojumping();
      Foreign<Object> foreign =
          Foreign.waiting(
              run.portal(),
              () -> {
                try {
                  Roost.sleepForever();
                } finally {
                  log.add("cancelled after " + World.elapsed());
                }
                return "never";
              });
      run.close();
      assertThat(log).containsExactly("cancelled after 5");
      assertThat(foreign.error())
          .isInstanceOf(RunFinishedException.class)
          .hasMessageContaining(
              "the grace of PT5S after a soft cancel by BackgroundRun.close is over");
    });
  }

  @Test
  void close_graceOfTheOptions_isTheDefault() throws Exception {
    Hang.fails(() -> {
      BackgroundRun run =
          Roost.with()
              .clock(new MockClock().autojump())
              .cancelOnShutdown(Duration.ofSeconds(17))
              .open();
      Foreign<Object> foreign =
          Foreign.waiting(
              run.portal(),
              () -> {
                Roost.sleepForever();
                return "never";
              });
      run.close();
      assertThat(foreign.error()).hasMessageContaining("the grace of PT17S");
    });
  }

  @Test
  void close_interrupted_cancelsAtOnce_waitsAllTheSame_andKeepsTheStatus() throws Exception {
    Hang.fails(() -> {
      BackgroundRun run = Roost.open();
      Foreign<Object> foreign =
          Foreign.waiting(
              run.portal(),
              () -> {
                try {
                  Roost.sleepForever();
                } finally {
                  log.add("cancelled");
                }
                return "never";
              });
      Thread.currentThread().interrupt();
      run.close(LONG);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(log).containsExactly("cancelled");
      assertThat(foreign.error()).hasMessageContaining("the thread that closes it was interrupted");
    });
  }

  @Test
  void close_negativeGrace_isRefused() {
    try (BackgroundRun run = Roost.open()) {
      assertThatThrownBy(() -> run.close(Duration.ofSeconds(-1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void errorsOfTheRun_comeOutOfTheFirstClose() throws Exception {
    IllegalArgumentException error = new IllegalArgumentException("posted");
    Hang.fails(() -> {
      BackgroundRun run = Roost.open();
      Foreign<Object> foreign =
          Foreign.waiting(
              run.portal(),
              () -> {
                Roost.sleepForever();
                return "never";
              });
      run.portal()
          .post(() -> {
            throw error;
          });
      assertThat(foreign.error())
          .isInstanceOf(RunFinishedException.class)
          .hasMessageContaining("an action posted to the run failed");
      assertThatThrownBy(run::close).isSameAs(error);
      run.close();
    });
  }

  @Test
  void errorsOfCalls_goToTheirCallers_notToClose() throws Exception {
    IllegalArgumentException error = new IllegalArgumentException("call");
    Hang.fails(() -> {
      try (BackgroundRun run = Roost.open()) {
        assertThat(
                catchThrowable(() ->
                    run.portal()
                        .run(() -> {
                          throw error;
                        })))
            .isSameAs(error);
      }
    });
  }

  @Test
  void close_byManyThreads_waitsInEach() throws Exception {
    Hang.fails(() -> {
      BackgroundRun run = Roost.open();
      List<Foreign<String>> closers = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        closers.add(
            Foreign.start(() -> {
              run.close();
              return run.toString();
            }));
      }
      for (Foreign<String> closer : closers) {
        assertThat(closer.result()).isEqualTo("BackgroundRun[run, ended]");
      }
    });
  }

  // ---- wrong worlds

  @Test
  void close_insideTheRun_isRefused() throws Exception {
    Hang.fails(() -> {
      try (BackgroundRun run = Roost.open()) {
        run.portal()
            .run(() -> {
              assertInside(run);
              Blocking.run(() -> assertInside(run));
            });
      }
    });
  }

  private static void assertInside(BackgroundRun run) {
    assertThatThrownBy(run::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("which would wait for its own end");
  }

  @Test
  void openAndClose_inATaskOfAnotherRun_belongIntoABlockingSection() throws Exception {
    Hang.fails(() ->
        Roost.run(() -> {
          assertThatThrownBy(Roost::open)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("Roost.open was called inside a task")
              .hasMessageContaining("Blocking.run");
          BackgroundRun run = Blocking.call(Roost::open);
          assertThatThrownBy(run::close)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("Call it inside Blocking.run");
          Blocking.run(run::close);
        }));
  }

  @Test
  void contextOfTheOpener_isCarriedAlong() throws Exception {
    ThreadLocal<String> context = new ThreadLocal<>();
    CountDownLatch seen = new CountDownLatch(1);
    ContextCarrier carrier =
        () -> {
          String captured = context.get();
          return child -> {
            if ("of the opener".equals(captured)) {
              seen.countDown();
            }
            child.run();
          };
        };
    Hang.fails(() -> {
      context.set("of the opener");
      try (BackgroundRun run = Roost.with().contextCarrier(carrier).open()) {
        seen.await();
        assertThat(run.toString()).isEqualTo("BackgroundRun[run]");
      }
    });
  }
}
