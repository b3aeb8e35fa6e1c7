package dev.roost.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Roost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The samples in the documentation of processes. */
@Timeout(60)
class ProcessSamplesTest {

  @TempDir Path folder;

  @Test
  void runs() throws Exception {
    Roost.run(() -> {
      // @start region="run"
      Result result = Processes.run("uname", "-s");
      if (result.exitCode() == 0) {
        String system = result.stdout().strip();
        assertThat(system).isNotEmpty();
      }
      // @end
    });
  }

  @Test
  void runs_commands() throws Exception {
    Files.writeString(folder.resolve("data"), "b\na\n");
    Roost.run(() -> {
      // @start region="command"
      String sorted =
          Processes.command("sort", "data")
              .directory(folder)
              .env("LC_ALL", "C")
              .onCancel(CancelPolicy.terminate(Duration.ofSeconds(1)))
              .check() // an exception if it fails
              .run()
              .stdout();
      // @end
      assertThat(sorted).isEqualTo("a\nb\n");
    });
  }

  @Test
  void opens() throws Exception {
    Roost.run(() -> {
      // @start region="open"
      try (RunningProcess sort = Processes.open("sort")) {
        sort.stdin().sendAll("b\na\n");
        sort.stdin().close(); // the end of its input
        assertThat(sort.waitFor()).isZero();
        assertThat(new String(sort.stdout().receiveSome(100))).isEqualTo("a\nb\n");
      }
      // @end
    });
  }

  @Test
  void talks() throws Exception {
    Roost.run(() -> {
      // @start region="talk"
      Result result =
          Processes.command("cat")
              .run(cat -> {
                cat.stdin().sendAll("hello");
                String answer = new String(cat.stdout().receiveSome(100));
                cat.stdin().sendAll(answer.toUpperCase());
              });
      // @end
      assertThat(result.stdout()).isEqualTo("HELLO");
    });
  }
}
