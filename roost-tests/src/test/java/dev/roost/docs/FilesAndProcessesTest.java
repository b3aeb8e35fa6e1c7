package dev.roost.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roost.CancelScope;
import dev.roost.Roost;
import dev.roost.channel.ReceiveChannel;
import dev.roost.file.AsyncFile;
import dev.roost.file.AsyncFiles;
import dev.roost.file.FileChange;
import dev.roost.process.CancelPolicy;
import dev.roost.process.Heard;
import dev.roost.process.ProcessFailedException;
import dev.roost.process.Processes;
import dev.roost.process.Result;
import dev.roost.process.RunningProcess;
import dev.roost.process.Signals;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The samples of docs/files-and-processes.md. */
@Timeout(60)
class FilesAndProcessesTest {

  @TempDir Path folder;

  @Test
  void files() throws Exception {
    var file = folder.resolve("file");
    Roost.run(() -> {
      // @start region="files"
      AsyncFiles.writeString(file, "hello");
      String text = AsyncFiles.readString(file);
      // @end
      assertThat(text).isEqualTo("hello");
    });
  }

  @Test
  void lines() throws Exception {
    var log = Files.write(folder.resolve("log"), List.of("fine", "ERROR bad"));
    var errors = new ArrayList<String>();
    Roost.run(() -> {
      // @start region="lines"
      try (ReceiveChannel<String> lines = AsyncFiles.lines(log)) {
        lines.forEach(line -> {
          if (line.startsWith("ERROR")) {
            errors.add(line);
          }
        });
      }
      // @end
    });
    assertThat(errors).containsExactly("ERROR bad");
  }

  @Test
  void open_file() throws Exception {
    var path = Files.write(folder.resolve("data"), new byte[1024]);
    Roost.run(() -> {
      // @start region="open-file"
      try (AsyncFile file =
          AsyncFile.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        ByteBuffer block = ByteBuffer.allocate(512);
        file.read(block, 512); // from there
        file.write(block.flip()); // at the position, which moves
        file.force(true);
      }
      // @end
    });
  }

  @Test
  void blocks() throws Exception {
    var config = folder.resolve("config");
    Roost.run(() -> {
      // @start region="blocks"
      AsyncFiles.replacing(config).synced().write("port = 8080\n"); // all of it, or nothing

      AsyncFiles.tempDirectory("work")
          .run(work -> {
            Path part = AsyncFiles.writeString(work.resolve("part"), "…");
            AsyncFiles.move(part, folder.resolve("result"));
          }); // the folder is gone here, whatever happened
      // @end
    });
    assertThat(config).hasContent("port = 8080");
    assertThat(folder.resolve("result")).exists();
  }

  @Test
  void watch() throws Exception {
    Roost.run(() -> {
      // @start region="watch"
      try (ReceiveChannel<FileChange> changes = AsyncFiles.watch(folder)) {
        AsyncFiles.createFile(folder.resolve("new"));
        assertThat(changes.receive().path()).isEqualTo(folder.resolve("new"));
      }
      // @end
    });
  }

  @Test
  void run() throws Exception {
    Roost.run(() -> {
      // @start region="run"
      Result result = Processes.run("sort", "--version");
      if (result.exitCode() == 0) {
        String version = result.stdout().lines().findFirst().orElseThrow();
        assertThat(version).startsWith("sort");
      }
      // @end
    });
  }

  @Test
  void command() throws Exception {
    Roost.run(() -> {
      // @start region="command"
      String sorted =
          Processes.command("sort", "-r")
              .directory(folder)
              .env("LC_ALL", "C")
              .input("a\nb\n")
              .check()
              .run()
              .stdout();
      // @end
      assertThat(sorted).isEqualTo("b\na\n");
      assertThatExceptionOfType(ProcessFailedException.class)
          .isThrownBy(() -> Processes.command("sort", "none").check().run());
    });
  }

  @Test
  void talk() throws Exception {
    Roost.run(() -> {
      // @start region="talk"
      Result rest =
          Processes.command("cat")
              .run(cat -> {
                cat.stdin().sendAll("ping\n");
                byte[] answer = cat.stdout().receiveSome(100);
                assertThat(new String(answer)).isEqualTo("ping\n");
              }); // its input is closed here, and its end awaited
      // @end
      assertThat(rest.exitCode()).isZero();
    });
  }

  @Test
  void pipeline() throws Exception {
    var file = Files.writeString(folder.resolve("file"), "hello");
    Roost.run(() -> {
      var sum = new String[1];
      // @start region="pipeline"
      Processes.command("gzip", "-nc")
          .inputFrom(file)
          .check()
          .run(gzip -> {
            Result sha = Processes.command("sha256sum").input(gzip.stdout()).check().run();
            sum[0] = sha.stdout();
          });
      // @end
      assertThat(sum[0]).hasSizeGreaterThan(64);
    });
  }

  @Test
  void cancel() throws Exception {
    Roost.run(() -> {
      // @start region="cancel"
      boolean inTime =
          CancelScope.moveOnAfter(Duration.ofMillis(50))
              .run(() ->
                  Processes.command("sleep", "1000")
                      .onCancel(CancelPolicy.terminate(Duration.ofSeconds(2)).wholeTree())
                      .run());
      // @end
      assertThat(inTime).isFalse();
    });
  }

  @Test
  void open() throws Exception {
    Roost.run(() -> {
      // @start region="open"
      try (RunningProcess process = Processes.open("cat")) {
        process.stdin().close();
        int exitCode = process.waitFor();
        assertThat(exitCode).isZero();
      } // killed here if it were still there
      // @end
    });
  }

  @Test
  void signals() throws Exception {
    assumeTrue(Heard.isHeard(Heard.HUP), "started by nohup");
    var reloaded = new ArrayList<String>();
    Roost.run(() -> {
      try (var signals = Signals.open("HUP")) {
        Processes.run("kill", "-HUP", Long.toString(ProcessHandle.current().pid())).check();
        reloaded.add(signals.receive());
      }
      CancelScope.moveOnAfter(Duration.ZERO).run(() -> reloadOnHangUp(reloaded));
    });
    assertThat(reloaded).containsExactly("HUP");
  }

  private static void reloadOnHangUp(List<String> reloaded) throws InterruptedException {
    // @start region="signals"
    try (ReceiveChannel<String> signals = Signals.open("HUP")) {
      signals.forEach(signal -> reloaded.add(signal));
    }
    // @end
  }
}
