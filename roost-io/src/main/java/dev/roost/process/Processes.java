package dev.roost.process;

import dev.roost.CheckReturnValue;
import java.io.IOException;
import java.util.List;

/**
 * Starts other programs.
 *
 * {@snippet file="dev/roost/process/ProcessSamplesTest.java" region="run"}
 *
 * <p>{@link #run} waits for the program and gives what it wrote; {@link #open} gives its pipes as
 * streams; {@link #command} is for all that is to be said about it first. A command is a program
 * and its arguments, which reach it as they are: there is no shell unless it is the program.
 */
public final class Processes {

  private Processes() {}

  /**
   * Runs a program to its end, with nothing to read, and gives what it wrote: {@code
   * command(command).run()}. A checkpoint.
   *
   * @param command the program and its arguments
   * @return how it ended, well or badly: {@link Result#check} makes an exception of the latter
   * @throws IOException if it cannot be started
   * @throws InterruptedException if cancelled: the program is terminated, and has ended when this
   *     throws, see {@link CancelPolicy}
   * @throws IllegalArgumentException if the command is empty
   * @throws IllegalStateException outside a run
   */
  @CheckReturnValue
  public static Result run(String... command) throws IOException, InterruptedException {
    return command(command).run();
  }

  /**
   * Like {@link #run(String...)}. A checkpoint.
   *
   * @param command the program and its arguments
   * @return how it ended
   * @throws IOException if it cannot be started
   * @throws InterruptedException as for {@link #run(String...)}
   * @throws IllegalArgumentException if the command is empty
   * @throws IllegalStateException outside a run
   */
  @CheckReturnValue
  public static Result run(List<String> command) throws IOException, InterruptedException {
    return command(command).run();
  }

  /**
   * Starts a program, with a pipe for each of its streams: {@code command(command).open()}. A
   * checkpoint.
   *
   * @param command the program and its arguments
   * @return the running process; the caller closes it, which kills it if it has not ended
   * @throws IOException if it cannot be started
   * @throws InterruptedException if cancelled; nothing is left running
   * @throws IllegalArgumentException if the command is empty
   * @throws IllegalStateException outside a run
   */
  @CheckReturnValue
  public static RunningProcess open(String... command) throws IOException, InterruptedException {
    return command(command).open();
  }

  /**
   * Like {@link #open(String...)}. A checkpoint.
   *
   * @param command the program and its arguments
   * @return the running process; the caller closes it
   * @throws IOException if it cannot be started
   * @throws InterruptedException if cancelled; nothing is left running
   * @throws IllegalArgumentException if the command is empty
   * @throws IllegalStateException outside a run
   */
  @CheckReturnValue
  public static RunningProcess open(List<String> command) throws IOException, InterruptedException {
    return command(command).open();
  }

  /**
   * A command, to be told more about, and then run. Not a checkpoint; can be called anywhere.
   *
   * @param command the program and its arguments
   * @return the command
   * @throws IllegalArgumentException if it is empty
   */
  @CheckReturnValue
  public static Command command(String... command) {
    return command(List.of(command));
  }

  /**
   * A command, to be told more about, and then run. Not a checkpoint; can be called anywhere.
   *
   * @param command the program and its arguments
   * @return the command
   * @throws IllegalArgumentException if it is empty
   */
  @CheckReturnValue
  public static Command command(List<String> command) {
    List<String> words = List.copyOf(command);
    if (words.isEmpty()) {
      throw new IllegalArgumentException(
          "Processes: the command is empty. Its first word is the program, the others are its"
              + " arguments.");
    }
    return new Command(words);
  }
}
