package dev.roost.net;

import dev.roost.CancelScope;
import dev.roost.io.BrokenStreamException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes between the engine and the wire, and waits for what the engine asks for. One task may
 * be in {@link #await} and one in {@link #send} at a time; before either, one task has been through
 * {@link #handshake}.
 *
 * <pre>
 *   await:  plaintext there, or the end? --yes--&gt; done
 *             | no
 *             v
 *           unwrap --- moved something ------------------------------&gt; look again
 *             |------- NEED_TASK: run the tasks ---------------------&gt; look again
 *             |------- NEED_WRAP: wrap, and send the answer ---------&gt; look again
 *             +------- nothing moved: receive from the wire ---------&gt; look again, or the wire has ended
 *
 *   send:   anything left? --no--&gt; done
 *             | yes
 *             v
 *           in a handshake? --no--&gt; wrap, and send the records ------&gt; look again
 *             |------- NEED_TASK: run the tasks ---------------------&gt; look again
 *             +------- NEED_UNWRAP: a step of await -----------------&gt; look again
 * </pre>
 *
 * <p>Both look again from the start after every wait, since the other task may have done anything
 * meanwhile: received, answered, broken or closed the stream.
 */
final class TlsPump {

  /** Records of about so many bytes are sent at once. */
  private static final int BATCH = 64 * 1024;

  /** What a send may have to put aside for a receive, at most. */
  private static final int MOST_ASIDE = 1024 * 1024;

  /** For how long an alert may keep the caller from hearing of the error. */
  private static final Duration COURTESY = Duration.ofSeconds(1);

  private static final String TLS_1_3 = "TLSv1.3";
  private static final String NO_ANSWER = "the other side has ended the conversation";

  private final TlsEngine engine;
  private final TlsWire wire;
  private final TlsCondition condition;
  private final boolean httpsCompatible;

  private final ByteQueue plaintext = new ByteQueue();

  /** The other side has said that nothing more will come. */
  private boolean ended;

  /** The engine has made something of itself that may not have been sent. */
  private boolean owing;

  /** The transport has ended, and nobody had said so. */
  private boolean cutOff;

  /** Null until the first handshake is done. */
  private @Nullable SSLSession session;

  private String protocol = "";

  TlsPump(TlsEngine engine, TlsWire wire, TlsCondition condition, boolean httpsCompatible) {
    this.engine = engine;
    this.wire = wire;
    this.condition = condition;
    this.httpsCompatible = httpsCompatible;
  }

  /** What the last handshake came to; null before the first one is done. */
  @Nullable SSLSession session() {
    if (session != null && engine.isIdle()) {
      session = engine.session(); // another one after a renegotiation
    }
    return session;
  }

  /** What ALPN chose; empty if nothing. */
  Optional<String> applicationProtocol() {
    return protocol.isEmpty() ? Optional.empty() : Optional.of(protocol);
  }

  /** Whether the transport ended without a notification, and the program does not mind. */
  boolean isCutOffLikeHttps() {
    return cutOff && httpsCompatible;
  }

  /**
   * The first handshake. With TLS 1.3 a server sends tickets after it, by which the client can
   * resume the session another time. They go with whatever is sent first: a client that only sends
   * would not take them, and when it closes with something left to receive, TCP throws away what it
   * has sent.
   */
  void handshake() throws IOException, InterruptedException {
    try {
      engine.beginHandshake();
      while (shakeHands()) {
        condition.ensureUsable();
      }
    } catch (SSLException e) {
      throw failed(e);
    }
    SSLSession agreed = engine.session();
    if (engine.isClient() || !agreed.getProtocol().equals(TLS_1_3)) {
      wire.flush();
    } // or else all that is left are tickets for later sessions: see below
    owing = false;
    protocol = engine.applicationProtocol();
    session = agreed;
  }

  /** Takes a step, and gives whether another one is needed. */
  private boolean shakeHands() throws IOException, InterruptedException {
    switch (engine.status()) {
      case NEED_TASK -> engine.runTasks();
      case NEED_WRAP -> {
        if (engine.wrapOwn(wire.outgoing())) {
          owing = true;
        } else if (engine.status() == HandshakeStatus.NEED_WRAP) { // others just want to go on
          throw new SSLException("The TLS engine wants to send something, but makes nothing.");
        }
      }
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
        if (ended) {
          throw new SSLException(NO_ANSWER);
        }
        answer();
        step();
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Waits until there is plaintext. If there still is none then, that is the end. */
  ByteQueue await() throws IOException, InterruptedException {
    while (true) {
      condition.ensureUsable();
      if (!plaintext.isEmpty() || ended) {
        return plaintext;
      }
      if (engine.isIdle()) {
        step();
      } else {
        engine.awaitIdle();
      }
    }
  }

  /** A step towards more plaintext. */
  private void step() throws IOException, InterruptedException {
    long seen = wire.receives();
    try {
      SSLEngineResult result = engine.unwrap(wire.incoming(), plaintext);
      ended |= result.getStatus() == Status.CLOSED;
      if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
        engine.runTasks();
        return;
      }
      boolean wanting = result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
      if (wanting && session != null && engine.wrapAsked(wire.outgoing())) {
        owing = true;
        answer();
        return;
      }
      boolean finished = result.getHandshakeStatus() == HandshakeStatus.FINISHED;
      if (moved(result) || ended || finished || (wanting && session == null)) {
        return;
      }
    } catch (SSLException e) {
      throw failed(e);
    }
    answer(); // a cancelled receive may have left some of it unsent
    if (!wire.receive(seen)) {
      transportEnded();
    }
  }

  /**
   * Sends what the engine has made of itself, if there is such. The other side waits for parts of a
   * handshake, so they have to get there; if somebody is sending anyway, they go along, and nobody
   * waits here behind a sender. It does not wait for a new key of ours (TLS 1.3) or for our half of
   * the ending: those go before whatever is sent next, unless there are so many that somebody wants
   * to fill our memory with them.
   */
  private void answer() throws IOException, InterruptedException {
    if (!owing) {
      return;
    }
    try {
      boolean flooded = wire.outgoing().size() >= BATCH;
      boolean canWait = ended || (session != null && session.getProtocol().equals(TLS_1_3));
      if (flooded || !(canWait || wire.isFlushing())) {
        wire.flush();
      }
    } catch (BrokenStreamException e) {
      // The transport does not send any more, as the next send will tell. What the other side said
      // before that, such as why it has gone, can still be received.
      condition.ensureUsable();
    }
    owing = false;
  }

  private void transportEnded() throws BrokenStreamException {
    cutOff = true;
    if (session == null) {
      throw condition.breakDown(
          "the other side closed the connection during the handshake",
          new EOFException("the end of the transport"));
    }
    if (!httpsCompatible) {
      throw condition.breakDown(
          "the connection ended without a close notification, so something may be missing",
          new EOFException("the end of the transport"));
    }
    ended = true;
  }

  /** Sends all plaintext. */
  void send(ByteBuffer src) throws IOException, InterruptedException {
    boolean begun = false;
    try {
      while (src.hasRemaining()) {
        condition.ensureSendable();
        if (!engine.isIdle()) {
          engine.awaitIdle();
        } else if (isInHandshake()) {
          goOnWithHandshake();
        } else {
          begun = true;
          wrap(src);
          wire.flush();
        }
      }
    } catch (InterruptedException e) {
      if (begun) {
        var _ = condition.breakDown("a send was cancelled in the middle", e);
      }
      throw e;
    }
  }

  /** Makes some records of plaintext, unless a handshake comes between. */
  private void wrap(ByteBuffer src) throws IOException, InterruptedException {
    ByteQueue records = wire.outgoing();
    SSLEngineResult result;
    do {
      try {
        result = engine.wrap(src, records);
      } catch (SSLException e) {
        throw failed(e);
      }
      ensureNotEnded(result);
      if (!moved(result) && !isInHandshake()) {
        throw failed(new SSLException("The TLS engine does not take any plaintext."));
      }
    } while (src.hasRemaining() && records.size() < BATCH && !isInHandshake());
  }

  private void ensureNotEnded(SSLEngineResult result) throws BrokenStreamException {
    if (result.getStatus() == Status.CLOSED) {
      throw condition.breakSending(NO_ANSWER, new EOFException("a close notification came"));
    }
  }

  /**
   * Whether a renegotiation (TLS 1.2) waits for something. The JDK would take plaintext in the
   * middle of it, but not everybody on the other side does.
   */
  private boolean isInHandshake() {
    return switch (engine.status()) {
      case NEED_TASK, NEED_UNWRAP, NEED_UNWRAP_AGAIN -> true;
      default -> false;
    };
  }

  /** A step of a renegotiation, for the sake of a send. */
  private void goOnWithHandshake() throws IOException, InterruptedException {
    if (plaintext.size() > MOST_ASIDE) {
      throw failed(
          new SSLException(
              "The other side sends and sends, and does not go on with the handshake that this"
                  + " side waits for."));
    }
    if (engine.status() == HandshakeStatus.NEED_TASK) {
      runTasks();
    } else if (ended) {
      throw condition.breakSending(NO_ANSWER, new EOFException("a close notification came"));
    } else {
      step();
    }
  }

  private void runTasks() throws IOException, InterruptedException {
    try {
      engine.runTasks();
    } catch (SSLException e) {
      throw failed(e);
    }
  }

  private static boolean moved(SSLEngineResult result) {
    return result.bytesConsumed() + result.bytesProduced() > 0;
  }

  /**
   * TLS itself failed. The other side is told why, if it takes that soon enough. The JDK makes the
   * alert after the error, others before it.
   */
  private BrokenStreamException failed(SSLException e) throws InterruptedException {
    String what = session == null ? "the handshake failed: " : "TLS failed: ";
    BrokenStreamException error = condition.breakDown(what + TlsCondition.why(e), e);
    try {
      engine.wrapAlert(wire.outgoing());
      if (wire.hasOutgoing()) {
        CancelScope.moveOnAfter(COURTESY).run(wire::flush);
      }
    } catch (IOException gone) {
      error.addSuppressed(gone); // nobody is there to be told
    }
    return error;
  }
}
