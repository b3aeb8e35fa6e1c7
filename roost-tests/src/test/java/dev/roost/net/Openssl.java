package dev.roost.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The openssl program. */
final class Openssl {

  private Openssl() {}

  private static boolean isInstalled() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "openssl")));
  }

  static void assumeInstalled() {
    Assumptions.assumeTrue(isInstalled(), "the program openssl is not installed");
  }

  static ProcessBuilder command(Path folder, String... arguments) {
    var command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
  }

  /** Starts it, to be talked with; the arguments are separated by single spaces. */
  static Peer start(Path folder, String arguments) throws IOException {
    assumeInstalled();
    return new Peer(command(folder, arguments.split(" ")).start());
  }

  /** One that runs. Everything here blocks: for blocking sections. */
  static final class Peer implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 20;

    private final Process process;
    private final StringBuilder output = new StringBuilder();

    private Peer(Process process) {
      this.process = process;
      // One that hangs ends then, and with it whatever the test waits for.
      CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .execute(process::destroyForcibly);
    }

    /** Waits until it has written a text; what comes after that is kept for the next call. */
    String await(String text) throws IOException {
      var buffer = new byte[8192];
      int at;
      while ((at = output.indexOf(text)) < 0) {
        int count = process.getInputStream().read(buffer);
        assertThat(count).as("openssl ended without \"%s\":\n%s", text, output).isPositive();
        output.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
      }
      var until = output.substring(0, at + text.length());
      output.delete(0, until.length());
      return until;
    }

    /** The port of a server that was told to take a free one. */
    int port() throws IOException {
      await("ACCEPT 127.0.0.1:");
      return Integer.parseInt(await("\n").strip());
    }

    void type(String text) throws IOException {
      process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    }

    /** The end of its input. */
    void typeEnd() throws IOException {
      process.getOutputStream().close();
    }

    /** As with kill -9. */
    void kill() {
      process.destroyForcibly();
    }

    /** All that it writes until it ends. */
    String rest() throws IOException {
      output.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
      return output.toString();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
