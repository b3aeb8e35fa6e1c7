package dev.roost.net;

import dev.roost.io.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/**
 * The encrypted side of a TLS stream: records on their way to the transport and from it. Both tasks
 * of a stream may come to either direction, since a receive may have to send and a send may have to
 * receive, so each direction has turns.
 *
 * <p>Invariant: records go out in the order in which they were made. What is being sent is apart
 * from what is made meanwhile; what a cancelled flush has not sent stays first in line.
 */
final class TlsWire {

  private static final int CHUNK = 32 * 1024;

  private final ByteStream transport;
  private final TlsCondition condition;

  private final Turns sending = new Turns("sending TLS records");
  private boolean flushing;
  private final ByteQueue outgoing = new ByteQueue();
  private ByteBuffer inFlight = ByteBuffer.allocate(0);

  private final Turns receiving = new Turns("receiving TLS records");
  private final ByteQueue incoming = new ByteQueue();
  private long receives;
  private boolean ended;

  TlsWire(ByteStream transport, TlsCondition condition) {
    this.transport = transport;
    this.condition = condition;
  }

  /** Where records are put to be sent. */
  ByteQueue outgoing() {
    return outgoing;
  }

  /** What has been received and not been used. */
  ByteBuffer incoming() {
    return incoming.all();
  }

  /** How often something came, or the end: see {@link #receive}. */
  long receives() {
    return receives;
  }

  boolean hasOutgoing() {
    return inFlight.hasRemaining() || !outgoing.isEmpty();
  }

  /** Sends all records that there are, and waits for it. A checkpoint if there are any. */
  void flush() throws IOException, InterruptedException {
    sending.enter();
    flushing = true;
    try {
      while (hasOutgoing()) {
        condition.ensureTransportSends();
        send(next());
      }
    } finally {
      flushing = false;
      sending.leave();
    }
  }

  private void send(ByteBuffer records) throws IOException, InterruptedException {
    try {
      transport.sendAll(records);
    } catch (IOException e) {
      throw cannotSend(e);
    }
  }

  /**
   * Whether a task is sending all that there is, so that it will send what is added now as well.
   */
  boolean isFlushing() {
    return flushing;
  }

  private ByteBuffer next() {
    if (!inFlight.hasRemaining()) {
      inFlight = outgoing.takeAll();
    }
    return inFlight;
  }

  /** Nothing can be sent any more, so nothing is kept for it. */
  private IOException cannotSend(IOException e) {
    outgoing.clear();
    inFlight = outgoing.takeAll();
    return e instanceof ClosedChannelException
        ? e
        : condition.breakSending("its transport does not send any more: " + e.getMessage(), e);
  }

  /** Waits until nobody is sending and sending would perhaps not wait. A checkpoint. */
  void waitSendAllMightNotBlock() throws IOException, InterruptedException {
    sending.enter();
    try {
      condition.ensureSendable();
      waitForTransport();
    } finally {
      sending.leave();
    }
  }

  private void waitForTransport() throws IOException, InterruptedException {
    try {
      transport.waitSendAllMightNotBlock();
    } catch (IOException e) {
      throw cannotSend(e);
    }
  }

  /**
   * Waits until there is more to use. A checkpoint.
   *
   * @param seen what {@link #receives} was when the caller found that it needs more: if it is not
   *     any more, another task has received in the meantime
   * @return false if there is no more and never will be
   */
  boolean receive(long seen) throws IOException, InterruptedException {
    receiving.enter();
    try {
      condition.ensureUsable();
      if (receives == seen && !ended) {
        byte[] more = transport.receiveSome(CHUNK);
        receives++;
        if (more.length == 0) {
          ended = true;
        } else {
          incoming.addOwn(more);
        }
      }
      return receives != seen || !ended;
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw condition.breakDown("its transport does not receive any more: " + e.getMessage(), e);
    } finally {
      receiving.leave();
    }
  }
}
