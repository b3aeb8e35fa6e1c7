package dev.roost.net;

import dev.roost.io.BrokenStreamException;
import dev.roost.io.Direction;
import dev.roost.lowlevel.Checkpoints;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with one peer of a {@link DtlsEndpoint}, in messages that nobody else can read or
 * change. As with any datagrams, messages may be lost and may overtake each other; none comes
 * twice.
 *
 * <pre>
 *   HANDSHAKING ---> ESTABLISHED --- the peer closes ---> ENDED (what came before can still be received)
 *      |                |
 *      +----------------+--- an error, or the peer began anew ---> BROKEN
 *      +----------------+--- close, also of the endpoint ---> CLOSED
 * </pre>
 *
 * <p>One task may receive at a time; any number may send. It belongs to the run of its endpoint.
 */
public final class DtlsChannel implements AutoCloseable {

  private final DtlsEndpoint endpoint;
  private final InetSocketAddress remote;
  private final DtlsEngine engine;
  private final Direction receiving = new Direction("receiving from");
  private final Deque<byte[]> packets = new ArrayDeque<>();
  private final DtlsReading.Box box = new Arrivals();
  private boolean closed;
  private @Nullable IOException broken;
  private boolean replaced;
  private @Nullable ByteBuffer random;
  private long dropped;

  DtlsChannel(DtlsEndpoint endpoint, InetSocketAddress remote, SSLEngine engine, int mtu) {
    this.endpoint = endpoint;
    this.remote = remote;
    this.engine = new DtlsEngine(engine, mtu);
  }

  /** What this channel waits for: a datagram of its peer, or its own end. */
  private final class Arrivals extends DtlsReading.Box {
    @Override
    boolean ready() {
      return !packets.isEmpty() || closed || broken != null;
    }

    @Override
    public String toString() {
      return "a datagram for " + DtlsChannel.this;
    }
  }

  DtlsEngine engine() {
    return engine;
  }

  DtlsReading.Box box() {
    return box;
  }

  /** Where what came and was not looked at yet waits. */
  Deque<byte[]> packets() {
    return packets;
  }

  /** This is the channel of a server, for a peer that came with this. */
  void greetedWith(DtlsClientHello hello) {
    random = hello.random();
  }

  /** Whether it is the attempt of a peer that this comes from. */
  boolean isOf(DtlsClientHello hello) {
    return hello.random().equals(random);
  }

  /** A datagram of the peer; dropped if too many wait already. */
  void deliver(byte[] packet) {
    if (packets.size() >= endpoint.incomingBuffer()) {
      dropped++;
      return;
    }
    packets.add(packet);
    endpoint.reading().wake(box);
  }

  /** The peer has a newer channel. */
  void replaced() {
    replaced = true;
    fail(
        new IOException(
            Targets.text(remote)
                + " began a new handshake, and its new channel is this one's end"));
  }

  /** Nothing works any more but closing. */
  void fail(IOException cause) {
    if (broken == null && !closed) {
      broken = cause;
      endpoint.peers().remove(this);
      endpoint.reading().wake(box);
    }
  }

  void ensureUsable() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    IOException cause = broken;
    if (cause != null) {
      throw new BrokenStreamException(
          "The DTLS channel to " + Targets.text(remote) + " is broken: " + cause.getMessage(),
          cause);
    }
  }

  /**
   * Sends a message, in one datagram of its own. It may be lost on the way. A checkpoint.
   *
   * @param message what to send, from position to limit, at least one byte; the position is the
   *     limit afterwards
   * @throws IOException if it cannot be sent; {@link ClosedChannelException} if this is closed,
   *     {@link BrokenStreamException} if it is broken
   * @throws InterruptedException if cancelled; nothing was sent
   * @throws IllegalArgumentException if the message is empty, or longer than {@link
   *     #maxMessageSize}
   * @throws IllegalStateException outside the run
   */
  public void send(ByteBuffer message) throws IOException, InterruptedException {
    Objects.requireNonNull(message, "DtlsChannel.send: the message is null");
    endpoint.ensureInRun("DtlsChannel.send");
    Checkpoints.throwIfCancelled();
    ensureUsable();
    if (!message.hasRemaining()) {
      throw new IllegalArgumentException(
          "DtlsChannel.send: the message is empty, and the JDK sends no empty messages. Send a byte"
              + " at least.");
    }
    endpoint.send(sealed(message), remote);
    Checkpoints.letOthersRun();
  }

  private byte[] sealed(ByteBuffer message) throws IOException {
    byte[] datagram;
    try {
      datagram = engine.seal(message);
    } catch (SSLException e) {
      fail(e);
      throw e;
    }
    if (datagram == null) {
      throw new IllegalArgumentException(
          "DtlsChannel.send: the message has "
              + message.remaining()
              + " bytes, and datagrams of "
              + engine.mtu()
              + " bytes, encrypted, have room for "
              + engine.longestMessage()
              + ". Send less at a time (maxMessageSize() tells), or set a bigger mtu on the"
              + " endpoint if the network carries it.");
    }
    return datagram;
  }

  /**
   * Sends an array as a message, as for {@link #send(ByteBuffer)}. A checkpoint.
   *
   * @param message what to send, at least one byte
   * @throws IOException if it cannot be sent
   * @throws InterruptedException if cancelled; nothing was sent
   */
  public void send(byte[] message) throws IOException, InterruptedException {
    send(ByteBuffer.wrap(message));
  }

  /**
   * Sends a text in UTF-8 as a message, as for {@link #send(ByteBuffer)}. A checkpoint.
   *
   * @param utf8 what to send, at least one character
   * @throws IOException if it cannot be sent
   * @throws InterruptedException if cancelled; nothing was sent
   */
  public void send(CharSequence utf8) throws IOException, InterruptedException {
    send(StandardCharsets.UTF_8.encode(CharBuffer.wrap(utf8)));
  }

  /**
   * Receives a message. What is no message of the peer's is ignored. A checkpoint.
   *
   * @return the message
   * @throws EOFException if the peer has closed the channel
   * @throws IOException {@link ClosedChannelException} if this is closed, also while the task
   *     waits; {@link BrokenStreamException} if it is broken, or breaks, such as when the peer
   *     begins a new handshake
   * @throws InterruptedException if cancelled; no message is lost by that
   * @throws dev.roost.BusyResourceException if another task is receiving
   * @throws IllegalStateException outside the run
   */
  public byte[] receive() throws IOException, InterruptedException {
    return receiveOrEnd()
        .orElseThrow(() ->
            new EOFException(
                Targets.text(remote)
                    + " has closed the DTLS channel. receiveOrEnd() does not throw at the end."));
  }

  /**
   * Receives a message, or the end. A checkpoint.
   *
   * @return the message; empty if the peer has closed the channel
   * @throws IOException as for {@link #receive}
   * @throws InterruptedException if cancelled; no message is lost by that
   * @throws dev.roost.BusyResourceException if another task is receiving
   * @throws IllegalStateException outside the run
   */
  public Optional<byte[]> receiveOrEnd() throws IOException, InterruptedException {
    endpoint.ensureInRun("DtlsChannel.receive");
    Checkpoints.throwIfCancelled();
    receiving.enter(this);
    try {
      byte[] message = next();
      if (message != null || engine.isEnded()) {
        Checkpoints.letOthersRun();
        return Optional.ofNullable(message);
      }
      do {
        endpoint.reading().await(box);
        message = next();
      } while (message == null && !engine.isEnded());
      return Optional.ofNullable(message);
    } finally {
      receiving.leave();
    }
  }

  /** A message from what has arrived; null if there is none. */
  private byte @Nullable [] next() throws IOException {
    ensureUsable();
    while (true) {
      byte[] message = engine.poll();
      if (message != null) {
        return message;
      }
      byte[] packet = packets.poll();
      if (packet == null) {
        return null;
      }
      try {
        endpoint.sendIfPossible(engine.feed(packet), remote);
      } catch (SSLException e) {
        fail(e);
        ensureUsable();
      }
    }
  }

  /**
   * The most that one message can have: what the {@linkplain DtlsEndpoint#mtu longest datagram}
   * leaves after encryption. Not a checkpoint.
   *
   * @return the number of bytes
   */
  public int maxMessageSize() {
    return engine.longestMessage();
  }

  /**
   * What the handshake has settled: protocol, ciphers, the certificates of the peer. Not a
   * checkpoint.
   *
   * @return the session
   */
  public SSLSession session() {
    return engine.session();
  }

  /**
   * The address of the peer. Not a checkpoint.
   *
   * @return the address and the port
   */
  public InetSocketAddress remoteAddress() {
    return remote;
  }

  /**
   * What happened to datagrams that were no messages. Not a checkpoint.
   *
   * @return the numbers at this moment
   */
  public Statistics statistics() {
    return new Statistics(dropped, engine.repeated());
  }

  /**
   * What happened to datagrams that were no messages.
   *
   * @param dropped how many were dropped because too many waited to be received
   * @param repeated how many came a second time, or too late to tell
   */
  public record Statistics(long dropped, long repeated) {}

  /**
   * Closes the channel at once, and tells the peer, who may not hear it. A task that waits in it
   * gets {@link ClosedChannelException}. Never waits, works whatever is cancelled, and does nothing
   * the second time. Not a checkpoint.
   *
   * @throws IllegalStateException if it is still open, and the caller is no task of its run
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    endpoint.ensureInRun("DtlsChannel.close");
    closed = true;
    endpoint.peers().remove(this);
    endpoint.reading().wake(box);
    if (!replaced) { // or else the new channel would take it for its own
      sayGoodbye();
    }
  }

  private void sayGoodbye() {
    try {
      List<byte[]> last = engine.close();
      endpoint.sendIfPossible(last, remote);
    } catch (IOException e) {
      endpoint.ignored(e, "telling " + Targets.text(remote) + " that its channel is closed");
    }
  }

  /** To whom, and whether it still works. */
  @Override
  public String toString() {
    return "DtlsChannel["
        + Targets.text(remote)
        + (closed ? ", closed]" : broken != null ? ", broken]" : "]");
  }
}
