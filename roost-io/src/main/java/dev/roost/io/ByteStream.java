package dev.roost.io;

/**
 * Bytes in both directions, such as a connection. One task may send while another one receives.
 *
 * <p>Closing it closes both directions.
 */
public interface ByteStream extends SendStream, ReceiveStream {

  @Override
  void close();
}
