package dev.roost.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A server without a descriptor for the next connection, in a JVM of its own. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class DescriptorsTest {

  private static final Path BASH = Path.of("/bin/bash");

  @Test
  void a_server_without_descriptors_says_so_and_serves_when_there_are_some_again()
      throws Exception {
    assertThat(outputOf(FewDescriptors.class))
        .contains("There is no room for another connection to TcpListener[")
        .contains("Too many open files")
        .contains("served early: []")
        .containsSubsequence("welcome", "no more: ", "welcome", "served in the end");
  }

  @Test
  void who_waits_is_told_when_the_jdk_has_no_descriptors_to_wait_with() throws Exception {
    assertThat(outputOf(NoSelector.class))
        .contains("Roost cannot wait for channels: the run's selector failed, with ")
        .endsWith("timers still work\n");
  }

  private static String outputOf(Class<?> program) throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(BASH), "there is no " + BASH);
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                BASH.toString(),
                "-c",
                "ulimit -n 200; exec timeout 30 \"$0\" -XX:TieredStopAtLevel=1 -Xshare:auto -cp \"$1\" \"$2\"",
                java,
                System.getProperty("java.class.path").replace(File.pathSeparator, ":"),
                program.getName())
            .redirectErrorStream(true)
            .start();
    var output = Tcp.text(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
