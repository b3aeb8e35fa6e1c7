package dev.roost.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.testing.Testing;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Running programs to their end. */
@Timeout(60)
class ProcessesTest {

  @TempDir Path folder;

  static Command sh(String script) {
    return Processes.command("sh", "-c", script);
  }

  @Test
  void run_gives_exit_code_and_both_outputs() throws Exception {
    Roost.run(() -> {
      var result = Processes.run("sh", "-c", "echo out; echo err >&2; exit 3");
      assertThat(result.exitCode()).isEqualTo(3);
      assertThat(result.stdout()).isEqualTo("out\n");
      assertThat(result.stderr()).isEqualTo("err\n");
      assertThat(result.stdoutBytes()).containsExactly("out\n".getBytes(StandardCharsets.UTF_8));
      assertThat(result.stderrBytes()).containsExactly("err\n".getBytes(StandardCharsets.UTF_8));
      assertThat(result.command()).containsExactly("sh", "-c", "echo out; echo err >&2; exit 3");
      assertThat(result)
          .hasToString(
              "Result[sh -c 'echo out; echo err >&2; exit 3': exit code 3, 4 bytes of output, 4 of"
                  + " errors]");
    });
  }

  @Test
  void run_of_a_list_is_the_same() throws Exception {
    Roost.run(() -> assertThat(Processes.run(List.of("echo", "a b")).stdout()).isEqualTo("a b\n"));
  }

  @Test
  void run_has_nothing_to_read_by_default() throws Exception {
    Roost.run(() -> assertThat(Processes.run("cat").stdout()).isEmpty());
  }

  @Test
  void run_is_a_checkpoint() throws Exception {
    Roost.run(() ->
        Testing.assertCheckpoints(() -> {
          var _ = Processes.run("true");
        }));
  }

  @Test
  void command_that_does_not_exist_is_a_clear_error() throws Exception {
    Roost.run(() -> {
      assertThatIOException()
          .isThrownBy(() -> Processes.run("no-such-program", "it's"))
          .withMessageStartingWith("The command `no-such-program 'it'\\''s'` cannot be started: ")
          .withMessageEndingWith("Is it installed and on the PATH?");
      assertThatIOException()
          .isThrownBy(() -> Processes.command("true").directory(folder.resolve("none")).run())
          .withMessageContaining("cannot be started in " + folder.resolve("none"))
          .withMessageEndingWith("Is it installed and on the PATH, and does that folder exist?");
    });
  }

  @Test
  void empty_command_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(Processes::command)
        .withMessageContaining("the command is empty");
  }

  @Test
  void run_outside_a_run_is_refused() {
    assertThatIllegalStateException().isThrownBy(() -> Processes.run("true"));
  }

  @Test
  void check_throws_with_command_code_and_the_end_of_the_errors() throws Exception {
    Roost.run(() -> {
      assertThatExceptionOfType(ProcessFailedException.class)
          .isThrownBy(() -> sh("seq 1 2000 >&2; echo last words >&2; exit 7").check().run())
          .withMessageStartingWith("The command `sh -c 'seq 1 2000 >&2; echo last")
          .withMessageContaining("` failed: exit code 7. The end of its standard error:\n… ")
          .withMessageEndingWith("\n2000\nlast words")
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2300))
          .satisfies(e -> assertThat(e.exitCode()).isEqualTo(7))
          .satisfies(e -> assertThat(e.result().stderr()).startsWith("1\n2\n"));
      assertThatExceptionOfType(ProcessFailedException.class)
          .isThrownBy(() -> sh("echo why; exit 1").mergeErrors().run().check())
          .withMessageEndingWith("The end of its output:\nwhy");
      assertThatExceptionOfType(ProcessFailedException.class)
          .isThrownBy(() -> Processes.command("false").check().run())
          .withMessage(
              "The command `false` failed: exit code 1. It wrote nothing that was captured.");
      assertThatExceptionOfType(ProcessFailedException.class)
          .isThrownBy(() -> sh("kill -9 $$").check().run())
          .withMessageContaining("exit code 137 (killed by signal 9, by the look of it)");
      assertThat(Processes.command("true").check().run().check().exitCode()).isZero();
    });
  }

  @Test
  void very_long_command_is_cut_in_messages() {
    assertThat(Processes.command("echo", "x".repeat(1000), "").toString())
        .hasSizeLessThan(250)
        .endsWith(" …]");
    assertThat(Processes.command("echo", "")).hasToString("Command[echo '']");
  }

  @Test
  void input_is_text_bytes_or_a_file() throws Exception {
    Roost.run(() -> {
      var cat = Processes.command("cat");
      assertThat(cat.input("Grüße").run().stdout()).isEqualTo("Grüße");
      assertThat(cat.input("").run().stdout()).isEmpty();
      assertThat(cat.input(new byte[] {0, -1, 7}).run().stdoutBytes()).containsExactly(0, -1, 7);
      var file = Files.writeString(folder.resolve("in"), "from a file");
      assertThat(cat.inputFrom(file).run().stdout()).isEqualTo("from a file");
      assertThat(cat.charset(StandardCharsets.UTF_16BE).input("é").run())
          .satisfies(r -> assertThat(r.stdoutBytes()).containsExactly(0, 0xE9 - 256))
          .satisfies(r -> assertThat(r.stdout()).isEqualTo("é"));
    });
  }

  @Test
  void big_input_and_output_pass_at_the_same_time() throws Exception {
    Roost.run(() -> {
      byte[] big = new byte[1_000_000];
      big[999_999] = 1;
      assertThat(Processes.command("cat").input(big).run().stdoutBytes()).isEqualTo(big);
    });
  }

  @Test
  void process_that_does_not_read_its_input_is_no_error() throws Exception {
    Roost.run(() -> {
      byte[] big = new byte[1_000_000];
      assertThat(Processes.command("true").input(big).run().exitCode()).isZero();
      try (var zeros = Processes.open("cat", "/dev/zero")) {
        assertThat(Processes.command("true").input(zeros.stdout()).run().exitCode()).isZero();
      }
    });
  }

  @Test
  void input_comes_from_a_stream_and_output_goes_to_one() throws Exception {
    Roost.run(() -> {
      try (var upper = Processes.open("tr", "a-z", "A-Z")) {
        try (var source = Processes.open("echo", "abc")) {
          var result = sh("cat; echo err >&2").input(source.stdout()).outputTo(upper.stdin()).run();
          assertThat(result.stdout()).isEmpty();
          assertThat(result.stderr()).isEqualTo("err\n");
        }
        upper.stdin().close();
        assertThat(text(upper)).isEqualTo("ABC\n");
      }
      try (var upper = Processes.open("tr", "a-z", "A-Z")) {
        assertThat(sh("echo x >&2; echo y").errorsTo(upper.stdin()).run().stdout())
            .isEqualTo("y\n");
        upper.stdin().close();
        assertThat(text(upper)).isEqualTo("X\n");
      }
    });
  }

  private static String text(RunningProcess process) throws Exception {
    var all = new ByteArrayOutputStream();
    for (byte[] some; (some = process.stdout().receiveSome(1000)).length > 0; ) {
      all.writeBytes(some);
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  @Test
  void outputs_are_merged_in_order() throws Exception {
    Roost.run(() -> {
      var result = sh("echo 1; echo 2 >&2; echo 3").mergeErrors().run();
      assertThat(result.stdout()).isEqualTo("1\n2\n3\n");
      assertThat(result.stderr()).isEmpty();
    });
  }

  @Test
  void outputs_go_to_files_or_nowhere() throws Exception {
    Roost.run(() -> {
      var out = folder.resolve("out");
      var err = folder.resolve("err");
      var both = sh("echo out; echo err >&2");
      assertThat(both.outputTo(out).errorsTo(err).run().stdout()).isEmpty();
      assertThat(out).hasContent("out");
      assertThat(err).hasContent("err");
      assertThat(both.appendOutputTo(out).appendErrorsTo(err).run().stderr()).isEmpty();
      assertThat(out).hasContent("out\nout");
      assertThat(err).hasContent("err\nerr");
      assertThat(both.discardOutput().run().stderr()).isEqualTo("err\n");
      assertThat(both.discardErrors().run().stdout()).isEqualTo("out\n");
      var inherited = sh("true").inheritInput().inheritOutput().inheritErrors().run();
      assertThat(inherited.exitCode()).isZero();
    });
  }

  @Test
  void environment_is_changed_in_order() throws Exception {
    Roost.run(() -> {
      var env = Processes.command("/usr/bin/env").env("A", "1").env(Map.of("B", "2"));
      assertThat(env.run().stdout()).contains("A=1\n", "B=2\n", "PATH=");
      assertThat(env.withoutEnv("A", "none").run().stdout())
          .contains("B=2\n")
          .doesNotContain("A=1\n");
      assertThat(env.clearEnv().env("C", "3").run().stdout()).isEqualTo("C=3\n");
      assertThat(env.run().stdout()).doesNotContain("C=3\n"); // unchanged
    });
  }

  @Test
  void directory_is_the_working_folder() throws Exception {
    Roost.run(() -> {
      var result = Processes.command("pwd").directory(folder.toRealPath()).run();
      assertThat(result.stdout()).isEqualTo(folder.toRealPath() + "\n");
    });
  }

  @Test
  void other_tasks_go_on_while_a_process_runs() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            for (int i = 0; i < 100; i++) {
              Roost.checkpoint();
            }
            Files.writeString(folder.resolve("go"), "");
          });
          var wait = sh("while [ ! -e go ]; do sleep 0.01; done").directory(folder);
          assertThat(wait.run().exitCode()).isZero();
        }));
  }

  @Test
  void descendant_that_goes_on_writing_is_waited_for() throws Exception {
    Roost.run(() -> {
      var result =
          sh("(while [ ! -e go ]; do sleep 0.01; done; echo late) & echo early; read line")
              .directory(folder)
              .run(process -> {
                assertThat(process.stdout().receiveSome(100)).hasSize(6);
                process.stdin().close();
                process.waitFor();
                Files.writeString(folder.resolve("go"), "");
              });
      assertThat(result.stdout()).isEqualTo("late\n");
    });
  }

  @Test
  void many_processes_leave_nothing_behind() throws Exception {
    int runs = Integer.getInteger("roost.process.runs", 1_000);
    Roost.run(() -> {
      var _ = Processes.run("true"); // what the JDK opens once
      long before = Descriptors.pipes();
      var pids = new HashSet<Long>();
      Nursery.run(nursery -> {
        for (int lane = 0; lane < 2; lane++) {
          nursery.start(() -> {
            for (int i = 0; i < runs / 2; i++) {
              var _ = Processes.command("true").run(process -> pids.add(process.pid()));
            }
          });
        }
      });
      assertThat(Descriptors.pipes()).isLessThanOrEqualTo(before);
      assertThat(pids.stream().filter(Descriptors::isThere)).as("zombies").isEmpty();
    });
  }

  @Test
  void real_processes_work_on_a_virtual_clock() throws Exception {
    dev.roost.World.run(() ->
        CancelScope.failAfter(Duration.ofSeconds(30))
            .run(() -> {
              var result = sh("sleep 0.05; echo done").run();
              assertThat(result.stdout()).isEqualTo("done\n");
              try (var process = sh("sleep 0.05; echo a; sleep 0.05; echo b").open()) {
                assertThat(new String(process.stdout().receiveSome(10))).isEqualTo("a\n");
                assertThat(new String(process.stdout().receiveSome(10))).isEqualTo("b\n");
              }
              assertThat(dev.roost.World.elapsed()).isZero();
            }));
  }
}
