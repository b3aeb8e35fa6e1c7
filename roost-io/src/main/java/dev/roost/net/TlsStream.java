package dev.roost.net;

import dev.roost.Blocking;
import dev.roost.BusyResourceException;
import dev.roost.io.BrokenStreamException;
import dev.roost.io.ByteStream;
import dev.roost.io.Direction;
import dev.roost.lowlevel.RunBinding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;

/**
 * An encrypted conversation over any other stream, with TLS.
 *
 * {@snippet file="dev/roost/net/TlsSamplesTest.java" region="connect"}
 *
 * <p>Whom to trust, and who one is oneself, is for the {@link SSLContext} to say; {@link #with}
 * makes streams with further options. A client verifies that the certificate of the server is for
 * the host that it wanted to talk to.
 *
 * <p>The <b>handshake</b> is made when it is first needed, by the first receive or send; {@link
 * #handshake} makes it at once. If it fails, the stream is broken: {@link BrokenStreamException}
 * with the {@link javax.net.ssl.SSLException} as its cause. One task may receive and one may send
 * at a time, as with any stream, although a receive may have to send and a send may have to
 * receive.
 *
 * <p>The <b>end</b> of a conversation is announced by a close notification, which {@link
 * #closeGracefully} sends before it closes. If the other side's transport ends without one,
 * somebody may have cut off what it said: that is a {@link BrokenStreamException}, unless the
 * stream is {@linkplain TlsOptions#httpsCompatible HTTPS compatible}. {@link #close} announces
 * nothing: where an error leads out of try-with-resources, the other side learns that what it got
 * is not all.
 *
 * <p><b>Cancelled</b> in the middle of a handshake or of {@code sendAll}, a stream is broken:
 * nobody knows what the other side has got. It can only be closed then. A cancelled {@code
 * receiveSome} does no harm.
 *
 * <p>Closing it closes the stream that it goes over. Nobody else may use that one meanwhile.
 */
public final class TlsStream implements ByteStream {

  private static final byte[] END = {};

  private final ByteStream transport;
  private final String peer;
  private final RunBinding binding = new RunBinding();
  private final Direction receiving = new Direction("receiving from");
  private final Direction sending = new Direction("sending to");

  private final TlsCondition condition;
  private final TlsWire wire;
  private final TlsPump pump;
  private final TlsHandshake handshake;
  private final TlsClosing closing;

  /** {@code peer} says what it is, for {@link #toString}. */
  @SuppressWarnings("this-escape") // the condition only keeps it, to name it in errors
  TlsStream(ByteStream transport, SSLEngine engine, String peer, boolean httpsCompatible) {
    this.transport = transport;
    this.peer = peer;
    this.condition = new TlsCondition(this);
    this.wire = new TlsWire(transport, condition);
    TlsEngine steps = new TlsEngine(engine);
    this.pump = new TlsPump(steps, wire, condition, httpsCompatible);
    this.handshake = new TlsHandshake(pump, condition);
    this.closing = new TlsClosing(transport, steps, wire, condition, handshake);
  }

  /**
   * The client's side of a conversation. Nothing is sent yet. Not a checkpoint.
   *
   * @param transport a stream to the server, which belongs to the TLS stream from now on
   * @param context says whom to trust
   * @param host the name or the numeric address that the certificate of the server must be for; a
   *     name is also told to the server (SNI)
   * @return the stream; the caller closes it
   * @throws IllegalArgumentException if the host is empty, or cannot be a name
   */
  public static TlsStream client(ByteStream transport, SSLContext context, String host) {
    return with(context).client(transport, host);
  }

  /**
   * The server's side of a conversation. Nothing is sent yet. Not a checkpoint.
   *
   * @param transport a stream to the client, which belongs to the TLS stream from now on
   * @param context has the certificate and the key
   * @return the stream; the caller closes it
   */
  public static TlsStream server(ByteStream transport, SSLContext context) {
    return with(context).server(transport);
  }

  /**
   * Connects to a server by TCP, with all addresses of the host in the race, and trusts those that
   * the Java runtime trusts ({@link SSLContext#getDefault()}). The handshake is made when it is
   * first needed. A checkpoint.
   *
   * @param host a name or a numeric address
   * @param port the port, 1 to 65535
   * @return the stream; the caller closes it
   * @throws IOException as for {@link TcpStream#connect(String, int)}
   * @throws InterruptedException if cancelled; nothing is left open
   * @throws IllegalArgumentException if the host is empty or the port is not one
   * @throws IllegalStateException outside a run
   */
  public static TlsStream connect(String host, int port) throws IOException, InterruptedException {
    return with(standardContext()).connect(host, port);
  }

  private static SSLContext standardContext() throws InterruptedException {
    try {
      return Blocking.call(SSLContext::getDefault); // which reads a big file the first time
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "TlsStream.connect: the Java runtime has no usable default for TLS. Give a context of"
              + " your own: TlsStream.with(context).connect(host, port).",
          e);
    }
  }

  /**
   * For streams that need more than a context: application protocols, client certificates and so
   * on. Not a checkpoint.
   *
   * @param context says whom to trust, and has the certificate and the key if there are any
   * @return the options, to be changed
   */
  public static TlsOptions with(SSLContext context) {
    return TlsOptions.of(context);
  }

  /**
   * The same for engines that no context of the JDK's kind makes. Not a checkpoint.
   *
   * @param engines makes the engine of each stream; knows whom to trust, and has the certificate
   *     and the key if there are any
   * @return the options, to be changed
   */
  public static TlsOptions with(TlsEngines engines) {
    return TlsOptions.of(engines);
  }

  /**
   * Makes the handshake, or waits for the task that is at it; does nothing if it is done. Any
   * number of tasks may call it. A checkpoint.
   *
   * @throws ClosedChannelException if this stream is closed, also while the task waits
   * @throws BrokenStreamException if it failed, with the {@link javax.net.ssl.SSLException} as the
   *     cause; or if the stream broke before
   * @throws IOException only as one of the two above
   * @throws InterruptedException if cancelled; in the middle of the handshake that breaks the
   *     stream
   * @throws IllegalStateException outside the run that the stream belongs to
   */
  public void handshake() throws IOException, InterruptedException {
    binding.startCheckpoint("TlsStream.handshake");
    handshake.ensure();
    binding.endCheckpoint();
  }

  @Override
  public int receiveSome(ByteBuffer dst) throws IOException, InterruptedException {
    Objects.requireNonNull(dst, "TlsStream.receiveSome: the buffer is null");
    if (!dst.hasRemaining()) {
      throw new IllegalArgumentException(
          "TlsStream.receiveSome: the buffer has no room ("
              + dst
              + "). Clear or compact it first.");
    }
    return receive(plaintext -> plaintext.moveTo(dst), -1);
  }

  @Override
  public byte[] receiveSome(int max) throws IOException, InterruptedException {
    if (max < 1) {
      throw new IllegalArgumentException(
          "TlsStream.receiveSome: at most "
              + max
              + " bytes were asked for, and that is nothing to wait for. Ask for 1 or"
              + " more.");
    }
    return receive(plaintext -> plaintext.take(max), END);
  }

  /** Takes what there is, or gives the end. */
  private <T> T receive(Function<ByteQueue, T> taking, T end)
      throws IOException, InterruptedException {
    binding.startCheckpoint("TlsStream.receiveSome");
    receiving.enter(this);
    try {
      ByteQueue plaintext = await();
      T taken = plaintext.isEmpty() ? end : taking.apply(plaintext);
      binding.endCheckpoint();
      return taken;
    } finally {
      receiving.leave();
    }
  }

  private ByteQueue await() throws IOException, InterruptedException {
    try {
      handshake.ensure();
      return pump.await();
    } catch (BrokenStreamException e) {
      if (pump.isCutOffLikeHttps()) {
        return new ByteQueue();
      }
      throw e;
    }
  }

  /**
   * Sends all bytes, as {@link dev.roost.io.SendStream#sendAll(ByteBuffer)} says. Makes the
   * handshake first if that is not done. If it is cancelled after something was sent, the stream is
   * broken, and can only be closed. A checkpoint.
   */
  @Override
  public void sendAll(ByteBuffer src) throws IOException, InterruptedException {
    Objects.requireNonNull(src, "TlsStream.sendAll: the buffer is null");
    binding.startCheckpoint("TlsStream.sendAll");
    sending.enter(this);
    try {
      handshake.ensure();
      condition.ensureSendable();
      pump.send(src);
      binding.endCheckpoint();
    } finally {
      sending.leave();
    }
  }

  @Override
  public void waitSendAllMightNotBlock() throws IOException, InterruptedException {
    binding.startCheckpoint("TlsStream.waitSendAllMightNotBlock");
    sending.enter(this);
    try {
      wire.waitSendAllMightNotBlock();
    } finally {
      sending.leave();
    }
  }

  /**
   * Tells the other side that this was all, and closes the stream and the one that it goes over. It
   * does not wait for an answer: an application that has to know that all has arrived asks the
   * other side, or receives until the end, before it closes.
   *
   * <p>It closes in any case: cancelled, the stream is closed when this throws. Where nothing can
   * be said any more (the handshake was never made, the stream is broken, the other side is gone,
   * another task is in the middle of a send), it only closes. Does nothing the second time. A
   * checkpoint.
   *
   * @throws IOException if the stream that it goes over fails otherwise than by being closed or
   *     broken
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside the run that the stream belongs to
   */
  public void closeGracefully() throws IOException, InterruptedException {
    binding.check("TlsStream.closeGracefully");
    try {
      binding.startCheckpoint("TlsStream.closeGracefully");
      sayGoodbye();
    } finally {
      close();
    }
    binding.endCheckpoint();
  }

  private void sayGoodbye() throws IOException, InterruptedException {
    try {
      sending.enter(this);
    } catch (BusyResourceException e) {
      return; // it cannot be said in the middle of something else
    }
    try {
      closing.sayGoodbye();
    } finally {
      sending.leave();
    }
  }

  /**
   * Closes the stream, and the one that it goes over, at once, without a word: for the other side
   * that is a broken stream. Use {@link #closeGracefully} where all went well. A task that waits in
   * it gets {@link ClosedChannelException}. Never waits, works whatever is cancelled, and does
   * nothing the second time. Not a checkpoint.
   *
   * @throws IllegalStateException if it is still open, and the caller is no task of its run
   */
  @Override
  public void close() {
    closing.close(binding);
  }

  /**
   * What the handshake came to: the protocol, the cipher, the certificates of both sides. Not a
   * checkpoint.
   *
   * @return the session
   * @throws IllegalStateException before the first handshake is done
   */
  public SSLSession session() {
    SSLSession session = pump.session();
    if (session == null) {
      throw new IllegalStateException(
          "TlsStream.session: "
              + this
              + " has none before the handshake. Call handshake() first, or receive or send"
              + " something.");
    }
    return session;
  }

  /**
   * What the two sides chose to talk, from the {@linkplain TlsOptions#applicationProtocols
   * protocols} that they offered (ALPN). Not a checkpoint.
   *
   * @return the protocol, such as {@code h2}; empty if they did not choose one
   * @throws IllegalStateException before the first handshake is done
   */
  public Optional<String> applicationProtocol() {
    var _ = session();
    return pump.applicationProtocol();
  }

  /**
   * The stream that this one goes over, for its addresses and options. Not a checkpoint.
   *
   * @return the stream that was given, not to be received from or sent to
   */
  public ByteStream transport() {
    return transport;
  }

  /** Which side it is, of what, and whether it is closed. */
  @Override
  public String toString() {
    return "TlsStream[" + peer + " over " + transport + (condition.isClosed() ? ", closed]" : "]");
  }
}
