package dev.roost.process;

import java.io.IOException;

/**
 * A process ended with another exit code than 0, and somebody asked for success. The message has
 * the command, the code and the end of what the process wrote to its standard error (or to its
 * output, if the two were merged).
 */
public final class ProcessFailedException extends IOException {

  private static final long serialVersionUID = 1;

  private final transient Result result;
  private final int exitCode;

  ProcessFailedException(Result result) {
    super(message(result));
    this.result = result;
    this.exitCode = result.exitCode();
  }

  private static String message(Result result) {
    String words = Words.tail(result.stderr());
    String where = "standard error";
    if (words.isEmpty()) {
      words = Words.tail(result.stdout());
      where = "output";
    }
    return "The command `"
        + Words.shown(result.command())
        + "` failed: exit code "
        + result.exitCode()
        + signal(result.exitCode())
        + (words.isEmpty()
            ? ". It wrote nothing that was captured."
            : ". The end of its " + where + ":\n" + words);
  }

  private static String signal(int exitCode) {
    return exitCode > 128 && exitCode <= 128 + 64
        ? " (killed by signal " + (exitCode - 128) + ", by the look of it)"
        : "";
  }

  /**
   * The exit code.
   *
   * @return the code, not 0
   */
  public int exitCode() {
    return exitCode;
  }

  /**
   * How the process ended and what it wrote.
   *
   * @return the result
   */
  public Result result() {
    return result;
  }
}
