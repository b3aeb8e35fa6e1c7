package dev.roost.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Something that sends and receives datagrams: a {@link DatagramSocket}, or a network in memory for
 * tests. {@link DtlsEndpoint} works on top of any of them.
 */
public interface DatagramTransport extends AutoCloseable {

  /**
   * Sends one datagram, whole or not at all; that it was sent does not mean that it arrives. A
   * checkpoint.
   *
   * @param data what to send, from position to limit; the position is the limit afterwards
   * @param to the receiver
   * @throws IOException if it cannot be sent; {@link java.nio.channels.ClosedChannelException} if
   *     this is closed, also while the task waits
   * @throws InterruptedException if cancelled; nothing was sent
   * @throws dev.roost.BusyResourceException if another task is sending
   * @throws IllegalStateException outside the run
   */
  void send(ByteBuffer data, InetSocketAddress to) throws IOException, InterruptedException;

  /**
   * Sends an array as one datagram, as for {@link #send(ByteBuffer, InetSocketAddress)}. A
   * checkpoint.
   *
   * @param data what to send
   * @param to the receiver
   * @throws IOException if it cannot be sent
   * @throws InterruptedException if cancelled; nothing was sent
   */
  default void send(byte[] data, InetSocketAddress to) throws IOException, InterruptedException {
    send(ByteBuffer.wrap(data), to);
  }

  /**
   * Sends a text in UTF-8 as one datagram, as for {@link #send(ByteBuffer, InetSocketAddress)}. A
   * checkpoint.
   *
   * @param utf8 what to send
   * @param to the receiver
   * @throws IOException if it cannot be sent
   * @throws InterruptedException if cancelled; nothing was sent
   */
  default void send(CharSequence utf8, InetSocketAddress to)
      throws IOException, InterruptedException {
    send(StandardCharsets.UTF_8.encode(CharBuffer.wrap(utf8)), to);
  }

  /**
   * Sends one datagram if that is possible without waiting. May be called while another task sends.
   * Not a checkpoint.
   *
   * @param data what to send, from position to limit; the position is the limit afterwards
   * @param to the receiver
   * @return false if there is no room for it now; nothing was sent
   * @throws IOException if it cannot be sent; {@link java.nio.channels.ClosedChannelException} if
   *     this is closed
   * @throws IllegalStateException outside the run
   */
  boolean sendNow(ByteBuffer data, InetSocketAddress to) throws IOException;

  /**
   * Receives one datagram, whole. A checkpoint.
   *
   * @return the datagram
   * @throws IOException if the system refuses; {@link java.nio.channels.ClosedChannelException} if
   *     this is closed, also while the task waits
   * @throws InterruptedException if cancelled; no datagram is lost by that
   * @throws dev.roost.BusyResourceException if another task is receiving
   * @throws IllegalStateException outside the run
   */
  Datagram receive() throws IOException, InterruptedException;

  /**
   * The address that it sends from, also after closing. Not a checkpoint.
   *
   * @return the address and the port
   */
  InetSocketAddress localAddress();

  /**
   * Closes it at once. Tasks that wait in it get {@link java.nio.channels.ClosedChannelException}.
   * Never waits, works whatever is cancelled, and does nothing the second time. Not a checkpoint.
   *
   * @throws IllegalStateException if it is still open, and the caller is no task of its run
   */
  @Override
  void close();
}
