package dev.roost.process;

import java.nio.charset.Charset;
import java.util.List;

/** How a process ended, and what it wrote. Immutable. */
public final class Result {

  private final List<String> command;
  private final int exitCode;
  private final byte[] stdout;
  private final byte[] stderr;
  private final Charset charset;

  Result(List<String> command, int exitCode, byte[] stdout, byte[] stderr, Charset charset) {
    this.command = command;
    this.exitCode = exitCode;
    this.stdout = stdout;
    this.stderr = stderr;
    this.charset = charset;
  }

  /**
   * What was run.
   *
   * @return the program and its arguments
   */
  public List<String> command() {
    return command;
  }

  /**
   * The exit code.
   *
   * @return the code: 0 is success by convention; 128 + n says that signal n ended the process,
   *     where the system has signals
   */
  public int exitCode() {
    return exitCode;
  }

  /**
   * What the process wrote to its standard output, as text in the command's charset, UTF-8 unless
   * said otherwise; with what it wrote to its standard error if {@link Command#mergeErrors merged}.
   *
   * @return the text; empty if it went elsewhere
   */
  public String stdout() {
    return new String(stdout, charset);
  }

  /**
   * What the process wrote to its standard error, as text in the command's charset.
   *
   * @return the text; empty if it went elsewhere
   */
  public String stderr() {
    return new String(stderr, charset);
  }

  /**
   * What the process wrote to its standard output.
   *
   * @return a copy of the bytes; none if they went elsewhere
   */
  public byte[] stdoutBytes() {
    return stdout.clone();
  }

  /**
   * What the process wrote to its standard error.
   *
   * @return a copy of the bytes; none if they went elsewhere
   */
  public byte[] stderrBytes() {
    return stderr.clone();
  }

  /**
   * Makes sure that the process ended with exit code 0.
   *
   * @return this
   * @throws ProcessFailedException if it did not
   */
  public Result check() throws ProcessFailedException {
    if (exitCode != 0) {
      throw new ProcessFailedException(this);
    }
    return this;
  }

  /** The command, its exit code, and how much it wrote. */
  @Override
  public String toString() {
    return "Result["
        + Words.shown(command)
        + ": exit code "
        + exitCode
        + ", "
        + stdout.length
        + " bytes of output, "
        + stderr.length
        + " of errors]";
  }
}
