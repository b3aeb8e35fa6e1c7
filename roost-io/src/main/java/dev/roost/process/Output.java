package dev.roost.process;

import dev.roost.io.SendStream;
import java.lang.ProcessBuilder.Redirect;

/** Where a process writes to. */
sealed interface Output {

  /** To a pipe; what nobody receives from it is kept for the result. */
  record Open() implements Output {}

  /** To a pipe that is emptied into that. */
  record Streamed(SendStream to) implements Output {}

  /** To what the system gives it. */
  record Redirected(Redirect to) implements Output {}

  /** Of the standard error: to wherever the standard output goes. */
  record Merged() implements Output {}

  default boolean isPipe() {
    return this instanceof Open || this instanceof Streamed;
  }

  default Redirect redirect() {
    return this instanceof Redirected(Redirect to) ? to : Redirect.PIPE;
  }
}
