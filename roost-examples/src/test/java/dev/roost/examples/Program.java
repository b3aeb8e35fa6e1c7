package dev.roost.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A program that runs as a user would start it: in a process of its own. */
final class Program implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 30;

  private final Process process;
  private final BufferedReader output;
  private final Path errors;
  private final List<String> lines = new ArrayList<>();

  private Program(List<String> command) throws IOException {
    errors = Files.createTempFile("roost-example", ".err");
    process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    output = process.inputReader();
    // One that hangs ends then, and with it whatever the test waits for.
    CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
  }

  /** Starts an example with the java and the class path of the tests. */
  static Program start(Class<?> example, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dstdout.encoding=UTF-8");
    command.add("-Djava.util.logging.SimpleFormatter.format=%4$s: %5$s%n"); // a line a warning
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(example.getName());
    command.addAll(List.of(args));
    return new Program(command);
  }

  /** Starts any other program. */
  static Program command(String... command) throws IOException {
    return new Program(List.of(command));
  }

  /** Runs an example to its end. */
  static Result run(Class<?> example, String... args) throws IOException, InterruptedException {
    try (Program program = start(example, args)) {
      return program.result();
    }
  }

  /** What a program left behind. */
  record Result(int exitCode, List<String> lines, String errors) {
    String output() {
      return String.join("\n", lines);
    }

    /**
     * What it wrote to standard error, but for the warnings of the stall watch: on a machine that
     * has too much to do, any program stalls.
     */
    String complaints() {
      return errors
          .lines()
          .filter(line -> !line.contains("has kept all other tasks waiting"))
          .collect(Collectors.joining("\n"));
    }
  }

  /** Sends a line to its standard input. */
  void type(String line) throws IOException {
    var input = process.outputWriter();
    input.write(line + "\n");
    input.flush();
  }

  /** Waits for the next line that holds a text. */
  String awaitLine(String text) throws IOException {
    for (String line; (line = output.readLine()) != null; ) {
      lines.add(line);
      if (line.contains(text)) {
        return line;
      }
    }
    throw new AssertionError(
        "The program ended without a line that holds \""
            + text
            + "\":\n"
            + lines
            + "\n"
            + errors());
  }

  /** Asks it to end, with SIGTERM. */
  void terminate() {
    process.toHandle().destroy(); // the process itself would close what we still want to read
  }

  /** Sends it a signal. */
  void signal(String name) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("kill -" + name + " failed");
    }
  }

  /** Waits for its end. */
  Result result() throws IOException, InterruptedException {
    for (String line; (line = output.readLine()) != null; ) {
      lines.add(line);
    }
    return new Result(process.waitFor(), List.copyOf(lines), errors());
  }

  private String errors() throws IOException {
    return Files.readString(errors);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      Files.deleteIfExists(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
