package dev.roost.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.BackgroundRun;
import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How programs end when somebody asks them to, with real processes and real signals. */
class ShutdownTest {

  private static final int SIGINT = 130;
  private static final int SIGTERM = 143;

  @SuppressWarnings("SystemOut") // it is what the test reads
  private static void say(String line) {
    System.out.println(line);
  }

  /** Has work at hand that it finishes, and work that waits for more. */
  static final class Orderly {
    public static void main(String... args) throws InterruptedException {
      Roost.with()
          .cancelOnShutdown(Duration.ofMinutes(1))
          .run(() -> {
            Nursery.run(nursery -> {
              nursery.start(() -> {
                try {
                  CancelScope.untilStopping().run(Roost::sleepForever);
                } finally {
                  say("accepts no more");
                }
              });
              nursery.start(() -> {
                while (!CancelScope.stopping()) {
                  Roost.sleep(Duration.ofMillis(1));
                }
                Roost.sleep(Duration.ofMillis(1));
                say("finished its work");
              });
              say("ready");
            });
            say("left the nursery");
          });
    }
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void signal_lets_work_finish_and_runs_finally_blocks(String signal, int status) throws Exception {
    try (var program = Program.start(Orderly.class)) {
      program.awaitLine("ready");
      program.signal(signal);
      var end = program.result();
      assertThat(end.lines())
          .containsExactly("ready", "accepts no more", "finished its work", "left the nursery");
      assertThat(end.complaints()).isEmpty();
      assertThat(end.exitCode()).isEqualTo(status);
    }
  }

  /** Does not stop by itself. */
  static final class Endless {
    public static void main(String... args) throws InterruptedException {
      Roost.with()
          .cancelOnShutdown(Duration.ofMillis(50))
          .run(() -> {
            try {
              say("ready");
              Roost.sleepForever();
            } finally {
              CancelScope.cleanup(Duration.ofSeconds(5)).run(Roost::checkpoint);
              say("unwound");
            }
          });
    }
  }

  @Test
  void end_of_the_grace_cancels_the_rest() throws Exception {
    try (var program = Program.start(Endless.class)) {
      program.awaitLine("ready");
      program.signal("INT");
      var end = program.result();
      assertThat(end.lines()).containsExactly("ready", "unwound");
      assertThat(end.complaints()).isEmpty();
      assertThat(end.exitCode()).isEqualTo(SIGINT);
    }
  }

  /** Takes its time. */
  static final class Slow {
    public static void main(String... args) throws InterruptedException {
      Roost.with()
          .cancelOnShutdown(Duration.ofHours(1))
          .run(() -> {
            say("ready");
            CancelScope.untilStopping().run(Roost::sleepForever);
            say("takes its time");
            Roost.sleep(Duration.ofMinutes(10));
          });
    }
  }

  @Test
  void second_signal_ends_the_program_at_once() throws Exception {
    try (var program = Program.start(Slow.class)) {
      program.awaitLine("ready");
      program.signal("TERM");
      program.awaitLine("takes its time");
      program.signal("INT");
      var end = program.result();
      assertThat(end.complaints()).isEmpty();
      assertThat(end.exitCode()).isEqualTo(SIGINT);
    }
  }

  /** Ends by itself, from inside. */
  static final class Exiting {
    public static void main(String... args) throws InterruptedException {
      Roost.with()
          .cancelOnShutdown(args[0].equals("task") ? Duration.ofHours(1) : Duration.ofMillis(50))
          .run(() ->
              Nursery.run(nursery -> {
                nursery.start(() -> {
                  try {
                    Roost.sleepForever();
                  } finally {
                    say("unwound");
                  }
                });
                Roost.checkpoint();
                if (args[0].equals("task")) {
                  System.exit(3);
                } else {
                  Blocking.run(() -> System.exit(4));
                }
              }));
    }
  }

  @Test
  void exit_inside_a_task_ends_the_program() throws Exception {
    var end = Program.run(Exiting.class, "task");
    assertThat(end.complaints()).isEmpty();
    assertThat(end.exitCode()).isEqualTo(3);
  }

  @Test
  void exit_inside_a_blocking_section_lets_the_other_tasks_unwind() throws Exception {
    var end = Program.run(Exiting.class, "section");
    assertThat(end.lines()).containsExactly("unwound");
    assertThat(end.exitCode()).isEqualTo(4);
  }

  /** A run in the background, of a program that does something else. */
  static final class Background {
    public static void main(String... args) throws InterruptedException {
      BackgroundRun run = Roost.with().cancelOnShutdown(Duration.ofMinutes(1)).open();
      var calling = new CountDownLatch(1);
      Thread.ofPlatform()
          .start(() -> {
            try {
              run.portal()
                  .run(() -> {
                    calling.countDown();
                    while (!CancelScope.stopping()) {
                      Roost.sleep(Duration.ofMillis(1));
                    }
                    say("finished its work");
                  });
              say("returned");
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      calling.await();
      say("ready");
    }
  }

  @Test
  void run_in_the_background_finishes_its_calls() throws Exception {
    try (var program = Program.start(Background.class)) {
      program.awaitLine("ready");
      program.signal("TERM");
      var end = program.result();
      assertThat(end.lines()).contains("ready", "finished its work");
      assertThat(end.complaints()).isEmpty();
      assertThat(end.exitCode()).isEqualTo(SIGTERM);
    }
  }
}
