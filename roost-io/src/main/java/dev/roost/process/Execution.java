package dev.roost.process;

import dev.roost.AsyncConsumer;
import dev.roost.Blocking;
import dev.roost.Nursery;
import java.io.IOException;

/** Runs commands: from their start to their end, whatever happens. */
final class Execution {

  private Execution() {}

  /** Starts it, and no task to copy its streams. */
  static RunningProcess start(Command command) throws IOException, InterruptedException {
    ProcessBuilder builder = command.builder();
    Process process;
    try {
      process = Blocking.uninterrupted().call(builder::start); // or it might get lost half started
    } catch (IOException e) {
      throw new IOException(
          "The command `"
              + Words.shown(command.words())
              + "` cannot be started"
              + (builder.directory() == null ? "" : " in " + builder.directory())
              + ": "
              + e.getMessage()
              + ". Is it installed and on the PATH"
              + (builder.directory() == null ? "?" : ", and does that folder exist?"),
          e);
    }
    RunningProcess started = new RunningProcess(command, process);
    if (command.input() instanceof Input.Bytes(byte[] bytes)) {
      started.feed(bytes);
    }
    return started;
  }

  static <X extends Exception> Result run(
      Command command, AsyncConsumer<? super RunningProcess, X> body)
      throws X, IOException, InterruptedException {
    try (RunningProcess process = start(command)) {
      try {
        if (command.copiesStreams()) {
          Nursery.run(nursery -> {
            startCopying(command, process, nursery);
            converse(process, body);
          });
        } else {
          converse(process, body);
        }
      } catch (Throwable t) {
        Ending.because(t, process);
        throw t;
      }
      Result result = process.result();
      return command.checked() ? result.check() : result;
    }
  }

  private static <X extends Exception> void converse(
      RunningProcess process, AsyncConsumer<? super RunningProcess, X> body)
      throws X, InterruptedException {
    body.accept(process);
    process.finishStreams();
    Blocking.run(() -> {
      process.awaitExit();
      process.awaitPipes();
    });
  }

  private static void startCopying(Command command, RunningProcess process, Nursery nursery) {
    if (command.input() instanceof Input.Streamed(var from)) {
      nursery.start("input of " + process, () -> process.feed(from));
    }
    if (command.output() instanceof Output.Streamed(var to)) {
      nursery.start("output of " + process, () -> RunningProcess.forward(process.stdout(), to));
    }
    if (command.errors() instanceof Output.Streamed(var to)) {
      nursery.start("errors of " + process, () -> RunningProcess.forward(process.stderr(), to));
    }
  }
}
