package dev.roost.process;

import dev.roost.AsyncConsumer;
import dev.roost.CheckReturnValue;
import dev.roost.io.ReceiveStream;
import dev.roost.io.SendStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A program, its arguments, and how to run it. Immutable: each method returns a changed copy. Made
 * by {@link Processes#command(String...)}; can be made anywhere and run again and again.
 *
 * {@snippet file="dev/roost/process/ProcessSamplesTest.java" region="command"}
 *
 * <p>Unless said otherwise, the process has nothing to read, its output and its errors are
 * captured, it runs in the folder and with the environment of this program, and the exit code is
 * left to the caller to look at.
 */
public final class Command {

  private final List<String> words;
  private @Nullable Path directory;
  private List<Consumer<Map<String, String>>> environment = List.of();
  private Input input = new Input.Open();
  private Output output = new Output.Open();
  private Output errors = new Output.Open();
  private Charset charset = StandardCharsets.UTF_8;
  private boolean checked;
  private CancelPolicy policy = CancelPolicy.DEFAULT;

  Command(List<String> words) {
    this.words = words;
  }

  private Command with(Consumer<Command> change) {
    Command changed = new Command(words);
    changed.directory = directory;
    changed.environment = environment;
    changed.input = input;
    changed.output = output;
    changed.errors = errors;
    changed.charset = charset;
    changed.checked = checked;
    changed.policy = policy;
    change.accept(changed);
    return changed;
  }

  // ---- where it runs

  /**
   * Runs it in that folder.
   *
   * @param folder the working folder of the process
   * @return a changed copy
   */
  public Command directory(Path folder) {
    Objects.requireNonNull(folder, "Command.directory: the folder is null");
    return with(c -> c.directory = folder);
  }

  /**
   * Sets a variable of its environment.
   *
   * @param name the variable
   * @param value its value
   * @return a changed copy
   */
  public Command env(String name, String value) {
    return env(Map.of(name, value));
  }

  /**
   * Sets variables of its environment.
   *
   * @param variables names and values
   * @return a changed copy
   */
  public Command env(Map<String, String> variables) {
    Map<String, String> all = Map.copyOf(variables);
    return environment(e -> e.putAll(all));
  }

  /**
   * Takes variables out of its environment.
   *
   * @param names the variables; they need not be there
   * @return a changed copy
   */
  public Command withoutEnv(String... names) {
    List<String> all = List.of(names);
    return environment(e -> all.forEach(e::remove));
  }

  /**
   * Takes all variables out of its environment; those set afterwards are there.
   *
   * @return a changed copy
   */
  public Command clearEnv() {
    return environment(Map::clear);
  }

  private Command environment(Consumer<Map<String, String>> change) {
    List<Consumer<Map<String, String>>> changes = new ArrayList<>(environment);
    changes.add(change);
    return with(c -> c.environment = List.copyOf(changes));
  }

  // ---- what it reads

  /**
   * Has it read a text, in the command's charset. A process that does not read all of it is no
   * error.
   *
   * @param text what it reads
   * @return a changed copy
   */
  public Command input(CharSequence text) {
    String copy = text.toString();
    return with(c -> c.input = new Input.Bytes(copy.getBytes(c.charset)));
  }

  /**
   * Has it read some bytes. A process that does not read all of them is no error.
   *
   * @param bytes what it reads
   * @return a changed copy
   */
  public Command input(byte[] bytes) {
    byte[] copy = bytes.clone();
    return with(c -> c.input = new Input.Bytes(copy));
  }

  /**
   * Has it read what comes from a stream, up to its end. The stream is not closed. A process that
   * does not read all of it is no error, but then some that it has not read may be gone from the
   * stream. For {@link #run()}, where the copying is a task of its own.
   *
   * @param stream where it reads from; another process, say
   * @return a changed copy
   */
  public Command input(ReceiveStream stream) {
    Objects.requireNonNull(stream, "Command.input: the stream is null");
    return with(c -> c.input = new Input.Streamed(stream));
  }

  /**
   * Has it read a file.
   *
   * @param file the file
   * @return a changed copy
   */
  public Command inputFrom(Path file) {
    Redirect from = Redirect.from(file.toFile());
    return with(c -> c.input = new Input.Redirected(from));
  }

  /**
   * Has it read what this program would read.
   *
   * @return a changed copy
   */
  public Command inheritInput() {
    return with(c -> c.input = new Input.Redirected(Redirect.INHERIT));
  }

  // ---- where it writes to

  /**
   * Writes its output into a file, which is emptied first.
   *
   * @param file the file
   * @return a changed copy
   */
  public Command outputTo(Path file) {
    return output(new Output.Redirected(Redirect.to(file.toFile())));
  }

  /**
   * Writes its output at the end of a file.
   *
   * @param file the file
   * @return a changed copy
   */
  public Command appendOutputTo(Path file) {
    return output(new Output.Redirected(Redirect.appendTo(file.toFile())));
  }

  /**
   * Sends its output into a stream, at the pace of that. The stream is not closed. For {@link
   * #run()}, where the copying is a task of its own.
   *
   * @param stream where its output goes
   * @return a changed copy
   */
  public Command outputTo(SendStream stream) {
    return output(
        new Output.Streamed(
            Objects.requireNonNull(stream, "Command.outputTo: the stream is null")));
  }

  /**
   * Drops its output.
   *
   * @return a changed copy
   */
  public Command discardOutput() {
    return output(new Output.Redirected(Redirect.DISCARD));
  }

  /**
   * Writes its output where this program writes its own.
   *
   * @return a changed copy
   */
  public Command inheritOutput() {
    return output(new Output.Redirected(Redirect.INHERIT));
  }

  private Command output(Output to) {
    return with(c -> c.output = to);
  }

  /**
   * Writes its errors into a file, which is emptied first.
   *
   * @param file the file
   * @return a changed copy
   */
  public Command errorsTo(Path file) {
    return errors(new Output.Redirected(Redirect.to(file.toFile())));
  }

  /**
   * Writes its errors at the end of a file.
   *
   * @param file the file
   * @return a changed copy
   */
  public Command appendErrorsTo(Path file) {
    return errors(new Output.Redirected(Redirect.appendTo(file.toFile())));
  }

  /**
   * Sends its errors into a stream, at the pace of that; otherwise like {@link
   * #outputTo(SendStream)}.
   *
   * @param stream where its errors go
   * @return a changed copy
   */
  public Command errorsTo(SendStream stream) {
    return errors(
        new Output.Streamed(
            Objects.requireNonNull(stream, "Command.errorsTo: the stream is null")));
  }

  /**
   * Drops its errors.
   *
   * @return a changed copy
   */
  public Command discardErrors() {
    return errors(new Output.Redirected(Redirect.DISCARD));
  }

  /**
   * Writes its errors where this program writes its own.
   *
   * @return a changed copy
   */
  public Command inheritErrors() {
    return errors(new Output.Redirected(Redirect.INHERIT));
  }

  /**
   * Writes its errors to wherever its output goes, in the order in which they come.
   *
   * @return a changed copy
   */
  public Command mergeErrors() {
    return errors(new Output.Merged());
  }

  private Command errors(Output to) {
    return with(c -> c.errors = to);
  }

  /**
   * Says how text is encoded, UTF-8 if not said. To be said before {@link #input(CharSequence)}.
   *
   * @param encoding how
   * @return a changed copy
   */
  public Command charset(Charset encoding) {
    Objects.requireNonNull(encoding, "Command.charset: the charset is null");
    return with(c -> c.charset = encoding);
  }

  // ---- how it ends

  /**
   * Has {@link #run()} throw {@link ProcessFailedException} when the exit code is not 0.
   *
   * @return a changed copy
   */
  public Command check() {
    return with(c -> c.checked = true);
  }

  /**
   * Says how the process is stopped when {@link #run()} is cancelled, or its body fails.
   *
   * @param how the policy
   * @return a changed copy
   */
  public Command onCancel(CancelPolicy how) {
    Objects.requireNonNull(how, "Command.onCancel: the policy is null");
    return with(c -> c.policy = how);
  }

  // ---- running it

  /**
   * Runs the command to its end. What it writes is read all the while, so that it cannot get stuck.
   * A checkpoint.
   *
   * <p>The end is that of the process and of its pipes. If it leaves descendants behind that may
   * still write to them, those are waited for, unless it ended in its first few milliseconds: the
   * JDK has closed the pipes by then. So let it wait for its children itself.
   *
   * @return how it ended, with what was captured
   * @throws IOException if it cannot be started; a {@link ProcessFailedException} if it fails and
   *     was to be {@linkplain #check checked}
   * @throws InterruptedException if cancelled: the process was stopped as its {@link CancelPolicy}
   *     says, and has ended
   * @throws dev.roost.ExceptionGroup if a stream that was given as its input, its output or its
   *     errors fails; the process was stopped likewise
   * @throws IllegalStateException outside a run
   */
  public Result run() throws IOException, InterruptedException {
    return Execution.run(this, _ -> {});
  }

  /**
   * Runs the command, and talks to it meanwhile. When the body has ended, the input of the process
   * is closed, and its end is awaited. A checkpoint.
   *
   * {@snippet file="dev/roost/process/ProcessSamplesTest.java" region="talk"}
   *
   * @param body talks to the process, which it must not keep
   * @param <X> what the body may throw
   * @return how it ended, with what was captured and the body has not received
   * @throws X what the body throws, after the process was stopped as its {@link CancelPolicy} says;
   *     inside an {@link dev.roost.ExceptionGroup} if streams were given as its input, its output
   *     or its errors
   * @throws IOException as for {@link #run()}
   * @throws InterruptedException as for {@link #run()}
   * @throws dev.roost.ExceptionGroup as for {@link #run()}
   * @throws IllegalStateException outside a run
   */
  public <X extends Exception> Result run(AsyncConsumer<? super RunningProcess, X> body)
      throws X, IOException, InterruptedException {
    Objects.requireNonNull(body, "Command.run: the body is null");
    return Execution.run(this, body);
  }

  /**
   * Starts the command. A checkpoint. If the caller is cancelled later on, nothing happens to the
   * process: it is the closing that ends it, and that is abrupt. {@link #run(AsyncConsumer)} stops
   * it gently.
   *
   * @return the running process; the caller closes it
   * @throws IOException if it cannot be started
   * @throws InterruptedException if cancelled; nothing is left running
   * @throws IllegalStateException outside a run, or if streams were given as its input, its output
   *     or its errors: nobody would copy
   */
  @CheckReturnValue
  public RunningProcess open() throws IOException, InterruptedException {
    if (copiesStreams()) {
      throw new IllegalStateException(
          "Command.open: `"
              + Words.shown(words)
              + "` was given a stream as its input, its output or its errors, and nobody would copy"
              + " the bytes. Use run(), or copy them in a task: the RunningProcess has streams of its"
              + " own.");
    }
    return Execution.start(this);
  }

  // ---- for Execution

  List<String> words() {
    return words;
  }

  Input input() {
    return input;
  }

  Output output() {
    return output;
  }

  Output errors() {
    return errors;
  }

  CancelPolicy policy() {
    return policy;
  }

  boolean checked() {
    return checked;
  }

  Charset textCharset() {
    return charset;
  }

  boolean copiesStreams() {
    return input instanceof Input.Streamed
        || output instanceof Output.Streamed
        || errors instanceof Output.Streamed;
  }

  ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder(words);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    environment.forEach(change -> change.accept(builder.environment()));
    builder.redirectInput(input.redirect()).redirectOutput(output.redirect());
    if (errors instanceof Output.Merged) {
      builder.redirectErrorStream(true);
    } else {
      builder.redirectError(errors.redirect());
    }
    return builder;
  }

  /** The command as it would be typed into a shell. */
  @Override
  public String toString() {
    return "Command[" + Words.shown(words) + "]";
  }
}
