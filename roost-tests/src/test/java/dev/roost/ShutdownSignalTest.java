package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A program that is told to end, as a process of its own. It measures its coverage as this one
 * does; what users see is tested with the examples.
 */
class ShutdownSignalTest {

  private static final int SIGTERM = 143;

  /** Unwinds when it is asked to, and says so. */
  static final class Program {

    @SuppressWarnings("SystemOut") // the test reads it
    public static void main(String... args) throws Exception {
      Roost.with()
          .cancelOnShutdown(Duration.ofMinutes(1))
          .run(() -> {
            System.out.println("ready");
            try {
              CancelScope.untilStopping().run(Roost::sleepForever);
            } finally {
              System.out.println("unwinds");
            }
          });
      System.out.println("has ended");
    }
  }

  private static Process start() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("-javaagent:"))
        .forEach(command::add);
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.add(Program.class.getName());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  @Test
  void programThatIsToldToEnd_unwindsItsRun_andGoesOnWithItsEnd() throws Exception {
    Process program = start();
    try (BufferedReader output = program.inputReader()) {
      assertThat(output.readLine()).isEqualTo("ready");
      program.toHandle().destroy();
      assertThat(output.readLine()).isEqualTo("unwinds");
      assertThat(output.readLine()).isEqualTo("has ended");
      assertThat(program.waitFor()).isEqualTo(SIGTERM);
    } finally {
      program.destroyForcibly();
    }
  }
}
