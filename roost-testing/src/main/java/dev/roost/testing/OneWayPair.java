package dev.roost.testing;

import dev.roost.io.ReceiveStream;
import dev.roost.io.SendStream;

/**
 * The two ends of a stream that goes one way: what is sent into the one comes out of the other.
 *
 * @param sender where bytes go in
 * @param receiver where they come out
 * @param <S> the sending end
 * @param <R> the receiving end
 */
public record OneWayPair<S extends SendStream, R extends ReceiveStream>(S sender, R receiver)
    implements AutoCloseable {

  /** Closes both ends, also if one of them fails to close. Not a checkpoint. */
  @Override
  public void close() {
    try (receiver) {
      sender.close();
    }
  }
}
