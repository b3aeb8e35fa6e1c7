package dev.roost.process;

import dev.roost.Blocking;
import dev.roost.Roost;
import dev.roost.io.BrokenStreamException;
import dev.roost.io.ReceiveStream;
import dev.roost.io.SendStream;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.Readiness;
import dev.roost.lowlevel.RunBinding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that was started by this run.
 *
 * {@snippet file="dev/roost/process/ProcessSamplesTest.java" region="open"}
 *
 * <p>It belongs to the run that opened it, which kills it at its own end at the latest. Unless said
 * otherwise, methods throw {@link IllegalStateException} outside that run.
 */
public final class RunningProcess implements AutoCloseable {

  private static final int COPIED_AT_ONCE = 32 * 1024;

  private final Command command;
  private final Process process;
  private final ProcessHandle handle;
  private final RunBinding binding = new RunBinding();
  private final Readiness.Opened opened;
  private final @Nullable ProcessInput stdin;
  private final @Nullable ProcessOutput stdout;
  private final @Nullable ProcessOutput stderr;
  private boolean closed;

  @SuppressWarnings("this-escape") // the run only keeps it, to close it at its end
  RunningProcess(Command command, Process process) {
    this.command = command;
    this.process = process;
    this.handle = process.toHandle();
    binding.check("RunningProcess");
    this.opened = Readiness.opened(this);
    String who = command.words().getFirst() + "[" + process.pid() + "]";
    this.stdin =
        command.input().isPipe()
            ? new ProcessInput(
                new PipeWriter(process.getOutputStream(), "roost-stdin-of-" + who),
                "the standard input of " + who,
                binding)
            : null;
    this.stdout =
        command.output().isPipe()
            ? new ProcessOutput(
                new PipeReader(process.getInputStream(), "roost-stdout-of-" + who),
                "the standard output of " + who,
                binding)
            : null;
    this.stderr =
        command.errors().isPipe()
            ? new ProcessOutput(
                new PipeReader(process.getErrorStream(), "roost-stderr-of-" + who),
                "the standard error of " + who,
                binding)
            : null;
  }

  /**
   * What the process reads. Closing it is how the process sees the end of its input. Not a
   * checkpoint.
   *
   * @return the stream
   * @throws IllegalStateException if the command says that its input comes from elsewhere
   */
  public SendStream stdin() {
    return piped(
        command.input() instanceof Input.Open ? stdin : null,
        "stdin",
        "its input comes from elsewhere");
  }

  /**
   * What the process writes to its standard output. All that the process itself has written can be
   * received, also after it has ended. What its descendants write after that can be received if
   * somebody has been receiving since before: otherwise the JDK has closed the pipe by then. Not a
   * checkpoint.
   *
   * @return the stream
   * @throws IllegalStateException if the command says that its output goes elsewhere
   */
  public ReceiveStream stdout() {
    return piped(stdout, "stdout", "its output goes elsewhere");
  }

  /**
   * What the process writes to its standard error; otherwise like {@link #stdout}. Not a
   * checkpoint.
   *
   * @return the stream
   * @throws IllegalStateException if the command says that its errors go elsewhere, or to its
   *     output
   */
  public ReceiveStream stderr() {
    return piped(stderr, "stderr", "its errors go elsewhere");
  }

  private <S> S piped(@Nullable S stream, String name, String why) {
    if (stream == null) {
      throw new IllegalStateException(
          "RunningProcess."
              + name
              + ": there is no pipe to "
              + this
              + ", because the Command says that "
              + why
              + ".");
    }
    return stream;
  }

  /**
   * The number of the process. Not a checkpoint; can be called anywhere.
   *
   * @return the number
   */
  public long pid() {
    return process.pid();
  }

  /**
   * What the JDK knows of the process: its descendants, its start time and so on. Not a checkpoint;
   * can be called anywhere.
   *
   * @return the handle
   */
  public ProcessHandle handle() {
    return handle;
  }

  /**
   * Whether the process has not ended. Not a checkpoint; can be called anywhere.
   *
   * @return true if it goes on
   */
  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * The exit code, if the process has ended. Not a checkpoint; can be called anywhere.
   *
   * @return the code, see {@link Result#exitCode}; empty while the process goes on
   */
  public OptionalInt exitCode() {
    return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
  }

  /**
   * Waits until the process has ended. Many tasks may wait. A checkpoint. If it is cancelled, the
   * process goes on.
   *
   * <p>So that the process cannot get stuck on a full pipe, its output is read meanwhile and kept
   * in memory, to be received later; but not that of a stream from which somebody has received
   * before, for there the process is to be slowed down to the pace of the receiver.
   *
   * @return the exit code, see {@link Result#exitCode}
   * @throws InterruptedException if cancelled
   */
  public int waitFor() throws InterruptedException {
    binding.check("RunningProcess.waitFor");
    Checkpoints.throwIfCancelled();
    if (!process.isAlive()) {
      Checkpoints.letOthersRun();
      return process.exitValue();
    }
    if (stdout != null) {
      stdout.pipe.keepUnlessClaimed();
    }
    if (stderr != null) {
      stderr.pipe.keepUnlessClaimed();
    }
    return Blocking.call(process::waitFor);
  }

  /**
   * Asks the process to stop: SIGTERM. Does nothing if it has ended. On systems without signals it
   * is killed. Not a checkpoint; can be called anywhere.
   */
  public void terminate() {
    handle.destroy();
  }

  /** Kills the process: SIGKILL. Does nothing if it has ended. Not a checkpoint. */
  public void kill() {
    handle.destroyForcibly();
  }

  /**
   * Sends the process a signal; does nothing if it has ended. Made for systems that have signals
   * and a shell. A checkpoint.
   *
   * @param name the name of the signal, such as {@code HUP} or {@code SIGHUP}
   * @throws IOException if there is no such signal, or it cannot be sent
   * @throws InterruptedException if cancelled; then the signal may have been sent
   */
  public void signal(String name) throws IOException, InterruptedException {
    binding.check("RunningProcess.signal");
    if (!process.isAlive()) {
      Roost.checkpoint();
      return;
    }
    String bare = name.startsWith("SIG") ? name.substring("SIG".length()) : name;
    Result sent = Processes.run("sh", "-c", "kill -s \"$0\" \"$1\"", bare, Long.toString(pid()));
    if (sent.exitCode() != 0 && process.isAlive()) {
      throw new IOException(
          "RunningProcess.signal: the signal "
              + name
              + " cannot be sent to "
              + this
              + ": "
              + Words.tail(sent.stderr()));
    }
  }

  /**
   * Kills the process if it goes on, with all of its descendants if its {@link CancelPolicy} says
   * so, and closes its streams. It does not wait for the end of the process. For a gentle end use
   * {@link Command#run(dev.roost.AsyncConsumer)}, or {@link #terminate} and {@link #waitFor}
   * before. Works whatever is cancelled, and does nothing the second time. Not a checkpoint.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    binding.check("RunningProcess.close");
    closed = true;
    opened.closed();
    if (process.isAlive()) {
      if (command.policy().wholeTree) {
        handle.descendants().forEach(ProcessHandle::destroyForcibly);
      }
      kill();
    }
    if (stdin != null) {
      stdin.close();
    }
    if (stdout != null) {
      stdout.close();
    }
    if (stderr != null) {
      stderr.close();
    }
  }

  // ---- for Execution and Ending

  CancelPolicy policy() {
    return command.policy();
  }

  /** The process is to read that, and nothing more; it is written beside everything else. */
  void feed(byte[] input) {
    ProcessInput to = Objects.requireNonNull(stdin);
    if (input.length > 0) {
      to.pipe.offer(input);
    }
    to.close();
  }

  /** The process is to read what comes from there, for as long as it cares to. A checkpoint. */
  void feed(ReceiveStream from) throws IOException, InterruptedException {
    try (ProcessInput to = Objects.requireNonNull(stdin)) {
      ByteBuffer buffer = ByteBuffer.allocate(COPIED_AT_ONCE);
      while (from.receiveSome(buffer.clear()) >= 0) {
        try {
          to.sendAll(buffer.flip());
        } catch (BrokenStreamException notInterested) {
          return; // that is its good right: head(1) does it
        }
      }
    }
  }

  /** What the process writes to one of its streams goes there. A checkpoint. */
  static void forward(ReceiveStream from, SendStream to) throws IOException, InterruptedException {
    ByteBuffer buffer = ByteBuffer.allocate(COPIED_AT_ONCE);
    while (from.receiveSome(buffer.clear()) >= 0) {
      to.sendAll(buffer.flip());
    }
  }

  /** Nothing is sent any more, and what the process writes is kept. */
  void finishStreams() {
    if (stdin != null && command.input() instanceof Input.Open) {
      stdin.close();
    }
    if (stdout != null && command.output() instanceof Output.Open) {
      stdout.pipe.keepAll();
    }
    if (stderr != null && command.errors() instanceof Output.Open) {
      stderr.pipe.keepAll();
    }
  }

  void dropOutput() {
    if (stdout != null) {
      stdout.pipe.dropAll();
    }
    if (stderr != null) {
      stderr.pipe.dropAll();
    }
  }

  /** In a blocking section. */
  void awaitExit() throws InterruptedException {
    process.waitFor();
  }

  /** In a blocking section. */
  boolean awaitExit(long nanos) throws InterruptedException {
    return process.waitFor(nanos, TimeUnit.NANOSECONDS);
  }

  /** Waits until the pipes are read to the end. In a blocking section. */
  void awaitPipes() throws InterruptedException {
    if (stdout != null) {
      stdout.pipe.awaitEnd();
    }
    if (stderr != null) {
      stderr.pipe.awaitEnd();
    }
  }

  /** The same, for a while. */
  void awaitPipes(long nanos) throws InterruptedException {
    if (stdout != null) {
      stdout.pipe.awaitEnd(nanos);
    }
    if (stderr != null) {
      stderr.pipe.awaitEnd(nanos);
    }
  }

  /** How it ended, with what nobody has received. */
  Result result() {
    return new Result(
        command.words(), process.exitValue(), rest(stdout), rest(stderr), command.textCharset());
  }

  private static byte[] rest(@Nullable ProcessOutput stream) {
    return stream == null ? new byte[0] : stream.pipe.takeAll();
  }

  /** The command, the number of the process, and how it stands. */
  @Override
  public String toString() {
    OptionalInt code = exitCode();
    return "RunningProcess["
        + Words.shown(command.words())
        + ", pid "
        + process.pid()
        + (code.isPresent() ? ", exit code " + code.getAsInt() + "]" : "]");
  }
}
