package dev.roost.process;

import dev.roost.io.ReceiveStream;
import java.lang.ProcessBuilder.Redirect;

/** Where a process reads from. */
sealed interface Input {

  /** From a pipe that the program writes to; nothing, if nobody does. */
  record Open() implements Input {}

  /** From a pipe that is filled with that. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Bytes(byte[] bytes) implements Input {}

  /** From a pipe that is filled from there. */
  record Streamed(ReceiveStream from) implements Input {}

  /** From what the system gives it. */
  record Redirected(Redirect from) implements Input {}

  default boolean isPipe() {
    return !(this instanceof Redirected);
  }

  default Redirect redirect() {
    return this instanceof Redirected(Redirect from) ? from : Redirect.PIPE;
  }
}
