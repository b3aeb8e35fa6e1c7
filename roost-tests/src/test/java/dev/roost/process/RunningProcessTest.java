package dev.roost.process;

import static dev.roost.process.ProcessesTest.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.roost.BusyResourceException;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.BrokenStreamException;
import dev.roost.io.ReceiveStream;
import dev.roost.testing.Testing;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that one talks to. */
@Timeout(60)
class RunningProcessTest {

  /** More than a pipe and what is read ahead of it hold together. */
  private static final int TOO_MUCH = 512 * 1024;

  @TempDir Path folder;

  static String all(ReceiveStream stream) throws Exception {
    return new String(allBytes(stream), StandardCharsets.UTF_8);
  }

  private static byte[] allBytes(ReceiveStream stream) throws Exception {
    var all = new ByteArrayOutputStream();
    for (byte[] some; (some = stream.receiveSome(100_000)).length > 0; ) {
      all.writeBytes(some);
    }
    return all.toByteArray();
  }

  @Test
  void streams_go_both_ways() throws Exception {
    Roost.run(() -> {
      try (var cat = Processes.open("cat")) {
        cat.stdin().sendAll("one\n");
        assertThat(new String(cat.stdout().receiveSome(100))).isEqualTo("one\n");
        cat.stdin().waitSendAllMightNotBlock();
        cat.stdin().sendAll("two\n");
        cat.stdin().close();
        assertThat(all(cat.stdout())).isEqualTo("two\n");
        assertThat(all(cat.stderr())).isEmpty();
        assertThat(cat.waitFor()).isZero();
        assertThat(cat.stdout().receiveSome(1)).isEmpty(); // the end, for ever
      }
    });
  }

  @Test
  void accessors_tell_how_it_stands() throws Exception {
    Roost.run(() -> {
      RunningProcess seen;
      try (var process = sh("read line; exit 4").open()) {
        assertThat(process.isAlive()).isTrue();
        assertThat(process.exitCode()).isEmpty();
        assertThat(process.handle().pid()).isEqualTo(process.pid());
        assertThat(process)
            .hasToString("RunningProcess[sh -c 'read line; exit 4', pid " + process.pid() + "]");
        assertThat(process.stdin()).hasToString("the standard input of sh[" + process.pid() + "]");
        process.stdin().sendAll("\n");
        assertThat(process.waitFor()).isEqualTo(4);
        assertThat(process.waitFor()).isEqualTo(4);
        assertThat(process.isAlive()).isFalse();
        assertThat(process.exitCode()).hasValue(4);
        seen = process;
      }
      assertThat(seen).asString().endsWith(", exit code 4]");
      assertThat(seen.stdin()).asString().endsWith("(closed)");
      assertThat(seen.stdout()).asString().endsWith("(closed)");
      seen.close(); // nothing happens
    });
  }

  @Test
  void calls_are_checkpoints() throws Exception {
    Roost.run(() -> {
      try (var cat = Processes.open("cat")) {
        Testing.assertCheckpoints(() -> cat.stdin().sendAll("x"));
        Testing.assertCheckpoints(() -> cat.stdin().sendAll(""));
        Testing.assertCheckpoints(() -> cat.stdin().waitSendAllMightNotBlock());
        Testing.assertCheckpoints(() -> {
          var _ = cat.stdout().receiveSome(1);
        });
        cat.stdin().close();
        Testing.assertCheckpoints(cat::waitFor);
        Testing.assertCheckpoints(cat::waitFor);
        Testing.assertCheckpoints(() -> {
          var _ = cat.stdout().receiveSome(1);
        });
        Testing.assertCheckpoints(() -> cat.signal("TERM"));
        Testing.assertNoCheckpoints(cat::terminate);
        Testing.assertNoCheckpoints(cat::close);
      }
      Testing.assertCheckpoints(() -> Processes.open("true").close());
    });
  }

  @Test
  void waitFor_is_not_stuck_by_output_that_nobody_receives() throws Exception {
    Roost.run(() -> {
      try (var process = sh("head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2").open()) {
        assertThat(process.waitFor()).isZero();
        assertThat(allBytes(process.stdout())).hasSize(1_000_000);
        assertThat(allBytes(process.stderr())).hasSize(1_000_000);
      }
    });
  }

  @Test
  void process_is_slowed_down_to_the_pace_of_the_receiver() throws Exception {
    Roost.run(() -> {
      try (var process = sh("head -c " + TOO_MUCH + " /dev/zero; echo finished >&2").open()) {
        assertThat(process.stdout().receiveSome(1)).hasSize(1);
        CancelScope.moveOnAfter(Duration.ofMillis(50)).run(process::waitFor);
        assertThat(process.isAlive()).isTrue();
        assertThat(allBytes(process.stdout())).hasSize(TOO_MUCH - 1);
        assertThat(process.waitFor()).isZero();
      }
    });
  }

  @Test
  void cancelled_receive_loses_nothing() throws Exception {
    Roost.run(() -> {
      try (var cat = Processes.open("cat")) {
        for (int i = 0; i < 20; i++) {
          Nursery.run(nursery -> {
            nursery.start(() -> cat.stdout().receiveSome(100));
            Testing.waitAllTasksBlocked(Duration.ofNanos(1));
            nursery.cancel();
          });
          cat.stdin().sendAll("line " + i + "\n");
        }
        cat.stdin().close();
        var expected = new StringBuilder();
        for (int i = 0; i < 20; i++) {
          expected.append("line ").append(i).append('\n');
        }
        assertThat(expected.toString()).endsWith(all(cat.stdout()));
      }
    });
  }

  @Test
  void cancelled_send_tells_how_much_was_taken() throws Exception {
    Roost.run(() -> {
      try (var cat = sh("read line; exec cat").open()) {
        var bytes = ByteBuffer.wrap(new byte[2 * TOO_MUCH]).put(0, (byte) '\n');
        Nursery.run(nursery -> {
          nursery.start(() -> cat.stdin().sendAll(bytes)); // cat gets stuck: nobody receives
          while (bytes.position() == 0) {
            Roost.checkpoint();
          }
          nursery.cancel();
        });
        assertThat(bytes.position()).isPositive().isLessThan(bytes.capacity());
        Nursery.run(nursery -> {
          nursery.start(() -> {
            cat.stdin().sendAll(bytes); // the rest
            cat.stdin().close();
          });
          assertThat(allBytes(cat.stdout())).hasSize(bytes.capacity() - 1);
        });
      }
    });
  }

  @Test
  void cancelled_waitFor_leaves_the_process_alone() throws Exception {
    Roost.run(() -> {
      try (var cat = Processes.open("cat")) {
        assertThat(CancelScope.moveOnAfter(Duration.ZERO).run(cat::waitFor)).isFalse();
        assertThat(CancelScope.moveOnAfter(Duration.ofMillis(1)).run(cat::waitFor)).isFalse();
        assertThat(cat.isAlive()).isTrue();
      }
    });
  }

  @Test
  void many_may_wait_for_the_end() throws Exception {
    Roost.run(() -> {
      try (var cat = sh("cat; exit 5").open()) {
        Nursery.run(nursery -> {
          for (int i = 0; i < 3; i++) {
            nursery.start(() -> assertThat(cat.waitFor()).isEqualTo(5));
          }
          Roost.checkpoint();
          cat.stdin().close();
        });
      }
    });
  }

  @Test
  void closing_wakes_who_waits_and_kills() throws Exception {
    Roost.run(() -> {
      var process = sh("exec sleep 1000").open();
      Nursery.run(nursery -> {
        nursery.start(() ->
            assertThatExceptionOfType(ClosedChannelException.class)
                .isThrownBy(() -> process.stdout().receiveSome(1)));
        nursery.start(() ->
            assertThatExceptionOfType(ClosedChannelException.class)
                .isThrownBy(() -> process.stdin().sendAll(new byte[TOO_MUCH])));
        nursery.start(() -> assertThat(process.waitFor()).isEqualTo(128 + 9));
        Testing.waitAllTasksBlocked(Duration.ofNanos(1));
        process.close();
      });
      assertThatExceptionOfType(ClosedChannelException.class)
          .isThrownBy(() -> process.stdout().receiveSome(1));
      assertThatExceptionOfType(ClosedChannelException.class)
          .isThrownBy(() -> process.stdin().sendAll(""));
      assertThatExceptionOfType(ClosedChannelException.class)
          .isThrownBy(() -> process.stdin().waitSendAllMightNotBlock());
    });
  }

  @Test
  void streams_can_be_closed_one_by_one() throws Exception {
    Roost.run(() -> {
      try (var cat = Processes.open("cat")) {
        cat.stdout().close();
        cat.stdout().close();
        // it gets a broken pipe and ends, and so does whoever writes to it
        var broken =
            assertThatExceptionOfType(BrokenStreamException.class)
                .isThrownBy(() -> {
                  while (true) {
                    cat.stdin().sendAll("x");
                  }
                });
        broken.withMessageStartingWith(
            "Writing to the standard input of cat[" + cat.pid() + "] failed: ");
        broken.withMessageEndingWith("It has ended, or does not read any more.");
        assertThatExceptionOfType(BrokenStreamException.class)
            .isThrownBy(() -> cat.stdin().sendAll(""));
        assertThat(cat.waitFor()).isNotZero();
      }
    });
  }

  @Test
  void two_tasks_in_one_direction_are_refused() throws Exception {
    Roost.run(() -> {
      try (var process = sh("exec sleep 1000").open()) {
        Nursery.run(nursery -> {
          nursery.start(() -> process.stdout().receiveSome(1));
          nursery.start(() -> process.stdin().sendAll(new byte[TOO_MUCH]));
          Roost.checkpoint();
          assertThatExceptionOfType(BusyResourceException.class)
              .isThrownBy(() -> process.stdout().receiveSome(1));
          assertThatExceptionOfType(BusyResourceException.class)
              .isThrownBy(() -> process.stdin().sendAll(""));
          nursery.cancel();
        });
      }
    });
  }

  @Test
  void buffer_without_room_is_refused() throws Exception {
    Roost.run(() -> {
      try (var process = Processes.open("true")) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> process.stdout().receiveSome(ByteBuffer.allocate(0)))
            .withMessageContaining("no room");
        assertThatIllegalArgumentException().isThrownBy(() -> process.stdout().receiveSome(0));
      }
    });
  }

  @Test
  void stream_that_goes_elsewhere_is_not_there() throws Exception {
    Roost.run(() -> {
      try (var process =
          Processes.command("true").input("x").discardOutput().mergeErrors().open()) {
        assertThatIllegalStateException()
            .isThrownBy(process::stdin)
            .withMessageContaining("the Command says that its input comes from elsewhere");
        assertThatIllegalStateException()
            .isThrownBy(process::stdout)
            .withMessageContaining("its output goes elsewhere");
        assertThatIllegalStateException()
            .isThrownBy(process::stderr)
            .withMessageContaining("its errors go elsewhere");
        assertThat(process.waitFor()).isZero();
      }
    });
  }

  @Test
  void open_with_streams_to_copy_is_refused() throws Exception {
    Roost.run(() -> {
      try (var source = Processes.open("true")) {
        assertThatIllegalStateException()
            .isThrownBy(() -> Processes.command("cat").input(source.stdout()).open())
            .withMessageContaining("nobody would copy the bytes. Use run()");
      }
    });
  }

  @Test
  void open_with_input_feeds_it() throws Exception {
    Roost.run(() -> {
      try (var cat = Processes.command("cat").input("fed").open()) {
        assertThat(all(cat.stdout())).isEqualTo("fed");
      }
    });
  }

  @Test
  void signals_reach_the_process() throws Exception {
    Roost.run(() -> {
      var script = "trap 'echo usr1; exit 9' USR1; echo ready; while :; do sleep 0.01; done";
      try (var process = sh(script).open()) {
        assertThat(new String(process.stdout().receiveSome(6))).isEqualTo("ready\n");
        assertThatIOException()
            .isThrownBy(() -> process.signal("NONSENSE"))
            .withMessageContaining("the signal NONSENSE cannot be sent to RunningProcess[sh");
        process.signal("SIGUSR1");
        assertThat(all(process.stdout())).isEqualTo("usr1\n");
        assertThat(process.waitFor()).isEqualTo(9);
        process.signal("USR1"); // has ended: nothing happens
      }
      try (var process = sh("exec sleep 1000").open()) {
        process.terminate();
        assertThat(process.waitFor()).isEqualTo(128 + 15);
        process.terminate();
        process.kill();
      }
    });
  }

  @Test
  void body_talks_and_the_result_has_the_rest() throws Exception {
    Roost.run(() -> {
      var result =
          sh("read a; echo got $a; cat; echo err >&2; exit 2")
              .run(process -> {
                process.stdin().sendAll("x\n");
                assertThat(new String(process.stdout().receiveSome(100))).isEqualTo("got x\n");
                process.stdin().sendAll("the rest");
              });
      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.stdout()).isEqualTo("the rest");
      assertThat(result.stderr()).isEqualTo("err\n");
    });
  }

  @Test
  void process_left_open_is_killed_by_the_run() throws Exception {
    RunningProcess[] left = new RunningProcess[1];
    Roost.run(() -> left[0] = sh("exec sleep 1000").open());
    assertThat(left[0].handle().onExit().get().isAlive()).isFalse();
    left[0].close(); // after the run: nothing happens
    assertThatIllegalStateException().isThrownBy(left[0]::waitFor);
    assertThatIllegalStateException().isThrownBy(() -> left[0].stdout().receiveSome(1));
  }
}
