package dev.roost.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.roost.Roost;
import dev.roost.process.ProcessFailedException;
import dev.roost.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChecksumTest {

  @TempDir Path folder;

  @Test
  void program_printsWhatAShellPrints() throws Exception {
    var bytes = new byte[300_000]; // more than the pipes hold
    new Random(1).nextBytes(bytes);
    var file = Files.write(folder.resolve("file"), bytes);

    var result = Program.run(Checksum.class, file.toString());

    assertThat(result.exitCode()).as(result.errors()).isZero();
    var expected =
        Roost.call(
            () -> Processes.run("sh", "-c", "gzip -nc < \"$0\" | sha256sum", file.toString()));
    assertThat(result.output()).hasSize(64).isEqualTo(expected.stdout().split(" ")[0]);
  }

  @Test
  void fileThatIsNotThere_isAnError() throws Exception {
    Roost.run(() ->
        assertThatExceptionOfType(IOException.class)
            .isThrownBy(() -> Checksum.ofCompressed(folder.resolve("none")))
            .isNotInstanceOf(ProcessFailedException.class));
  }
}
