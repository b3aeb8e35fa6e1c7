package dev.roost.process;

import static dev.roost.process.ProcessesTest.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.roost.CancelScope;
import dev.roost.Cancelled;
import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.World;
import dev.roost.io.ReceiveStream;
import dev.roost.sync.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How processes are stopped. */
@Timeout(60)
class CancelPolicyTest {

  private static final String STUBBORN = "trap '' TERM; echo ready; while :; do sleep 0.01; done";

  @TempDir Path folder;

  /**
   * Runs a command that says when it is ready, and cancels it then. Gives it, when it has ended.
   */
  private static RunningProcess cancelled(Command command) throws Exception {
    var seen = new RunningProcess[1];
    var scope = CancelScope.create();
    boolean finished =
        scope.run(() -> {
          var _ =
              command.run(process -> {
                seen[0] = process;
                assertThat(new String(process.stdout().receiveSome(6))).isEqualTo("ready\n");
                scope.cancel();
              });
        });
    assertThat(finished).isFalse();
    assertThat(seen[0].isAlive()).isFalse();
    assertThat(Descriptors.isThere(seen[0].pid())).as("a zombie").isFalse();
    return seen[0];
  }

  @Test
  void cancelled_run_terminates() throws Exception {
    Roost.run(() -> {
      var script = "trap 'echo bye > last; exit 3' TERM; echo ready; while :; do sleep 0.01; done";
      long before = Descriptors.pipes();
      assertThat(cancelled(sh(script).directory(folder)).exitCode()).hasValue(3);
      assertThat(folder.resolve("last")).hasContent("bye");
      assertThat(Descriptors.pipes()).isLessThanOrEqualTo(before);
    });
  }

  @Test
  void process_that_ignores_it_is_killed_after_the_grace() throws Exception {
    Roost.run(() -> {
      var policy = CancelPolicy.terminate(Duration.ofMillis(50));
      assertThat(cancelled(sh(STUBBORN).onCancel(policy)).exitCode()).hasValue(128 + 9);
    });
  }

  @Test
  void process_has_its_grace_in_real_time_on_a_virtual_clock() throws Exception {
    var script = "trap 'sleep 0.05; exit 3' TERM; echo ready; while :; do sleep 0.01; done";
    World.run(() -> {
      assertThat(cancelled(sh(script)).exitCode()).hasValue(3);
      assertThat(World.elapsed()).isZero();
      var policy = CancelPolicy.terminate(Duration.ofMillis(50));
      assertThat(cancelled(sh(STUBBORN).onCancel(policy)).exitCode()).hasValue(128 + 9);
    });
  }

  @Test
  void kill_kills_at_once() throws Exception {
    Roost.run(() ->
        assertThat(cancelled(sh(STUBBORN).onCancel(CancelPolicy.kill())).exitCode())
            .hasValue(128 + 9));
  }

  @Test
  void process_that_is_stuck_on_a_full_pipe_can_still_end() throws Exception {
    Roost.run(() -> {
      var script =
          "trap 'head -c 1000000 /dev/zero; exit 3' TERM; echo ready; while :; do head -c 99999 /dev/zero; done";
      assertThat(cancelled(sh(script)).exitCode()).hasValue(3);
    });
  }

  @Test
  void whole_tree_is_stopped_if_asked() throws Exception {
    Roost.run(() -> {
      var script = "sleep 1000 & echo $! > child; echo ready; wait";
      var process =
          cancelled(
              sh(script)
                  .directory(folder)
                  .onCancel(CancelPolicy.terminate(Duration.ofSeconds(5)).wholeTree()));
      assertThat(process.exitCode()).hasValue(128 + 15);
      var child = Long.parseLong(Files.readString(folder.resolve("child")).strip());
      assertThat(ProcessHandle.of(child).filter(Liveness::goesOn)).isEmpty();
    });
  }

  @Test
  void stubborn_tree_is_killed() throws Exception {
    Roost.run(() -> {
      var writtenDown = "until [ -s child ]; do sleep 0.01; done; ";
      var script = "sh -c \"" + writtenDown + STUBBORN + "\" & echo $! > child; wait";
      var process =
          cancelled(
              sh(script)
                  .directory(folder)
                  .onCancel(CancelPolicy.terminate(Duration.ofMillis(50)).wholeTree()));
      assertThat(process.exitCode()).hasValue(128 + 15);
      var child = Long.parseLong(Files.readString(folder.resolve("child")).strip());
      Descriptors.await(() -> ProcessHandle.of(child).stream().filter(Liveness::goesOn).count(), 0);
    });
  }

  @Test
  void closing_kills_the_whole_tree_if_asked() throws Exception {
    Roost.run(() -> {
      var script = "sleep 1000 & echo $!; wait";
      long child;
      try (var process = sh(script).onCancel(CancelPolicy.kill().wholeTree()).open()) {
        child = Long.parseLong(new String(process.stdout().receiveSome(100)).strip());
      }
      Descriptors.await(() -> ProcessHandle.of(child).stream().filter(Liveness::goesOn).count(), 0);
    });
  }

  @Test
  void custom_policy_is_cancelled_when_the_process_has_ended() throws Exception {
    Roost.run(() -> {
      var log = new ArrayList<String>();
      var policy =
          CancelPolicy.custom(process -> {
            log.add("asked");
            process.kill();
            try {
              Roost.sleepForever();
            } catch (Cancelled e) {
              log.add("cancelled");
              throw e;
            }
          });
      cancelled(sh(STUBBORN).onCancel(policy));
      assertThat(log).containsExactly("asked", "cancelled");
    });
  }

  @Test
  void custom_policy_that_fails_kills_and_is_not_lost() throws Exception {
    Roost.run(() -> {
      var policy =
          CancelPolicy.custom(_ -> {
            throw new IOException("no way");
          });
      assertThatExceptionOfType(ExceptionGroup.class)
          .isThrownBy(() -> cancelled(sh(STUBBORN).onCancel(policy)))
          .satisfies(group ->
              assertThat(group.find(IOException.class))
                  .get()
                  .hasToString("java.io.IOException: no way"));
    });
  }

  @Test
  void body_that_fails_stops_the_process() throws Exception {
    Roost.run(() -> {
      var seen = new RunningProcess[1];
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() ->
              sh("exec sleep 1000")
                  .run(process -> {
                    seen[0] = process;
                    throw new IOException("mine");
                  }))
          .withMessage("mine");
      assertThat(seen[0].exitCode()).hasValue(128 + 15);
    });
  }

  @Test
  void stream_that_fails_stops_the_process() throws Exception {
    Roost.run(() -> {
      var failing =
          new ReceiveStream() {
            @Override
            public int receiveSome(ByteBuffer dst) throws IOException {
              throw new IOException("no more");
            }

            @Override
            public void close() {}
          };
      assertThatExceptionOfType(ExceptionGroup.class)
          .isThrownBy(() -> sh("exec sleep 1000").input(failing).run())
          .satisfies(group ->
              assertThat(group.find(IOException.class))
                  .get()
                  .hasToString("java.io.IOException: no more"));
    });
  }

  @Test
  void cancelled_before_starts_nothing() throws Exception {
    Roost.run(() -> {
      var file = folder.resolve("touched");
      boolean finished =
          CancelScope.moveOnAfter(Duration.ZERO)
              .run(() -> {
                var _ = Processes.run("touch", file.toString());
              });
      assertThat(finished).isFalse();
      assertThat(file).doesNotExist();
    });
  }

  @Test
  void sibling_that_fails_stops_the_process() throws Exception {
    Roost.run(() -> {
      var started = new Event();
      var seen = new RunningProcess[1];
      assertThatExceptionOfType(ExceptionGroup.class)
          .isThrownBy(() ->
              Nursery.run(nursery -> {
                nursery.start(() -> {
                  var _ =
                      sh("exec sleep 1000")
                          .run(process -> {
                            seen[0] = process;
                            started.set();
                          });
                });
                started.await();
                throw new IOException("mine");
              }));
      assertThat(seen[0].exitCode()).hasValue(128 + 15);
    });
  }

  @Test
  void policies_say_what_they_do() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CancelPolicy.terminate(Duration.ofSeconds(-1)))
        .withMessageContaining("use CancelPolicy.kill()");
    assertThat(CancelPolicy.terminate(Duration.ofSeconds(1)))
        .hasToString("CancelPolicy[terminate, kill after PT1S]");
    assertThat(CancelPolicy.kill().wholeTree()).hasToString("CancelPolicy[kill, the whole tree]");
    assertThat(CancelPolicy.custom(_ -> {})).hasToString("CancelPolicy[custom]");
  }
}
