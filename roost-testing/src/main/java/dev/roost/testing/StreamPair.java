package dev.roost.testing;

import dev.roost.io.ByteStream;

/**
 * The two ends of a connection: what is sent into the one comes out of the other, both ways.
 *
 * @param left one end
 * @param right the other end
 * @param <S> the ends
 */
public record StreamPair<S extends ByteStream>(S left, S right) implements AutoCloseable {

  /** Closes both ends, also if one of them fails to close. Not a checkpoint. */
  @Override
  public void close() {
    try (right) {
      left.close();
    }
  }
}
