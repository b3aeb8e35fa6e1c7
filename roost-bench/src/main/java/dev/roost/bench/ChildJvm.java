package dev.roost.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * A program of ours in a JVM of its own, with the flags of this one. It is talked to in lines, ends
 * when its standard input does, and so never outlives this JVM.
 */
public final class ChildJvm implements AutoCloseable {

  private static final long SECONDS_TO_END = 10;

  private final String what;
  private final Process process;
  private final BufferedReader output;
  private final PrintStream input;

  private ChildJvm(String what, Process process) {
    this.what = what;
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
    this.input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Starts a program. */
  public static ChildJvm start(Class<?> program) throws IOException {
    return start(program, List.of(), List.of());
  }

  /** Starts a program, with more flags for its JVM. */
  public static ChildJvm start(Class<?> program, List<String> flags, List<String> arguments)
      throws IOException {
    return start("", program, flags, arguments);
  }

  /** The same, with folders or jars that come before the class path of this JVM. */
  public static ChildJvm start(
      String before, Class<?> program, List<String> flags, List<String> arguments)
      throws IOException {
    String classPath = System.getProperty("java.class.path");
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(flags);
    command.add("-cp");
    command.add(before.isEmpty() ? classPath : before + File.pathSeparator + classPath);
    command.add(program.getName());
    command.addAll(arguments);
    return new ChildJvm(
        program.getSimpleName() + arguments,
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** The next line that it prints. */
  public String line() {
    try {
      String line = output.readLine();
      if (line == null) {
        throw new IllegalStateException(what + " has ended too early: see above.");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read what " + what + " prints", e);
    }
  }

  /** Says something to it, and waits for a line. */
  public String ask(String request) {
    input.println(request);
    return line();
  }

  /** Waits for its end, and for all that it prints until then. */
  public List<String> lines() throws InterruptedException {
    List<String> lines = output.lines().toList();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(what + " failed: see above.");
    }
    return lines;
  }

  /** How much time it has spent on all cores. */
  public double cpuNanos() {
    return process.info().totalCpuDuration().orElseThrow().toNanos();
  }

  /** Ends it. */
  @Override
  public void close() {
    input.close();
    try {
      process.onExit().orTimeout(SECONDS_TO_END, TimeUnit.SECONDS).join();
    } catch (CompletionException tooLate) {
      process.destroyForcibly();
    }
  }
}
