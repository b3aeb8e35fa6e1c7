package dev.roost.net;

import dev.roost.RunLocal;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * An engine of the JDK for DTLS, which is spared the network: what comes is put in order before it
 * sees it, what it says is kept until it need not be said again, and messages that come twice are
 * dropped.
 *
 * <pre>
 *   HANDSHAKING --- the last message of the handshake was made, or came ---> ESTABLISHED --- close notification ---> ENDED
 * </pre>
 *
 * <p>Delegated tasks (checking certificates, key exchange) run in place: they compute, and do not
 * wait.
 */
final class DtlsEngine {

  /** The longest record of the engine. */
  private static final int LONGEST = 16 * 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** Used within one call, in which no other task runs. */
  private static final RunLocal<ByteBuffer> SEALED =
      RunLocal.withInitial(() -> ByteBuffer.allocate(LONGEST + 1024));

  private static final RunLocal<ByteBuffer> PLAIN =
      RunLocal.withInitial(() -> ByteBuffer.allocate(LONGEST + 1024));

  private final SSLEngine engine;
  private final ReplayWindow window = new ReplayWindow();
  private final Queue<byte[]> messages = new ArrayDeque<>();
  private DtlsInflow inflow;
  private DtlsFlight flight = DtlsFlight.NOTHING;
  private boolean cipherChanged;
  private long nextNumber;
  private int mtu;
  private boolean established;
  private long repeated;

  DtlsEngine(SSLEngine engine, int mtu) {
    this.engine = engine;
    this.mtu = mtu;
    this.inflow = new DtlsInflow(engine.getUseClientMode(), 0);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setMaximumPacketSize(LONGEST); // cutting them to size is ours
    engine.setSSLParameters(parameters);
  }

  /** The first flight of a client. */
  List<byte[]> start() throws SSLException {
    engine.beginHandshake();
    return produce();
  }

  /**
   * Lets the engine of a server believe that it has seen the client without a cookie, and has sent
   * it away for one, as often as we did. What it then says of the cookie that is not its own is one
   * more request, with the number that the client expects after ours.
   */
  void prime(DtlsClientHello hello) throws SSLException {
    engine.beginHandshake();
    for (int number = 0; number < hello.messageNumber(); number++) {
      unwrap(hello.withoutCookie(number));
    }
    flight = DtlsFlight.NOTHING;
    inflow = new DtlsInflow(false, hello.messageNumber());
    nextNumber = hello.recordNumber();
  }

  boolean isEstablished() {
    return established;
  }

  /** Whether the other side has said that it closes. */
  boolean isEnded() {
    return engine.isInboundDone();
  }

  /** How many records came twice. */
  long repeated() {
    return repeated;
  }

  SSLSession session() {
    return engine.getSession();
  }

  /** A message that came. */
  byte @Nullable [] poll() {
    return messages.poll();
  }

  int mtu() {
    return mtu;
  }

  /** Uses shorter datagrams from now on. */
  void shrink(int smaller) {
    mtu = Math.min(mtu, smaller);
  }

  /** The most that one message can have. */
  int longestMessage() {
    SSLSession session = engine.getSession();
    return mtu - (session.getPacketBufferSize() - session.getApplicationBufferSize());
  }

  // ---- what comes

  /**
   * Takes a datagram of the handshake in; what is to be sent because of it. Messages that are ahead
   * of the handshake's end go to {@code early}.
   */
  List<byte[]> shakeHands(byte[] datagram, Queue<byte[]> early) throws SSLException {
    List<byte[]> answers = List.of();
    inflow.nextDatagram();
    for (byte[] record : DtlsRecord.split(datagram)) {
      int type = DtlsRecord.typeOf(record);
      if (type == DtlsRecord.DATA) {
        early.add(record);
      } else if (type != DtlsRecord.ALERT) {
        inflow.put(record);
      } else if (DtlsRecord.epochOf(record) == 0) {
        answers = joined(answers, unwrap(inflow.alert(record)));
      }
    }
    for (byte[] record : inflow.take(cipherChanged)) {
      answers = joined(answers, unwrap(record));
    }
    return answers;
  }

  /** Takes a datagram in that came after the handshake; what is to be sent because of it. */
  List<byte[]> feed(byte[] datagram) throws SSLException {
    List<byte[]> answers = List.of();
    for (byte[] record : DtlsRecord.split(datagram)) {
      if (DtlsRecord.epochOf(record) > 0 && DtlsRecord.typeOf(record) != DtlsRecord.HANDSHAKE) {
        answers = joined(answers, unwrap(record));
      }
    }
    return answers;
  }

  private List<byte[]> unwrap(byte[] record) throws SSLException {
    ByteBuffer from = ByteBuffer.wrap(record);
    boolean data = DtlsRecord.typeOf(record) == DtlsRecord.DATA;
    List<byte[]> answers = List.of();
    boolean progress;
    do {
      ByteBuffer plain = PLAIN.get().clear();
      SSLEngineResult result = engine.unwrap(from, plain);
      progress = result.bytesConsumed() > 0 || result.sequenceNumber() >= 0;
      if (data && result.bytesConsumed() > 0 && result.sequenceNumber() >= 0) {
        accept(plain.flip(), result.sequenceNumber());
      }
      HandshakeStatus status = runTasks(result.getHandshakeStatus());
      if (status == HandshakeStatus.FINISHED) {
        established = true;
        flight = DtlsFlight.NOTHING; // the other side spoke last, so it has ours
      } else if (status == HandshakeStatus.NEED_WRAP) {
        List<byte[]> produced = produce();
        progress |= !produced.isEmpty();
        answers = joined(answers, produced);
      }
    } while (progress && (from.hasRemaining() || isBehind()));
    return answers;
  }

  /** Whether messages that came before can be looked at only now. */
  private boolean isBehind() {
    return engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP_AGAIN;
  }

  private static List<byte[]> joined(List<byte[]> some, List<byte[]> more) {
    if (some.isEmpty()) {
      return more;
    }
    List<byte[]> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }

  private void accept(ByteBuffer plain, long number) {
    if (window.isNew(number)) {
      byte[] message = new byte[plain.remaining()];
      plain.get(message);
      messages.add(message);
    } else {
      repeated++;
    }
  }

  private HandshakeStatus runTasks(HandshakeStatus status) {
    if (status != HandshakeStatus.NEED_TASK) {
      return status;
    }
    for (Runnable task; (task = engine.getDelegatedTask()) != null; ) {
      task.run();
    }
    return engine.getHandshakeStatus();
  }

  // ---- what goes out

  /** The next flight of the engine. */
  private List<byte[]> produce() throws SSLException {
    DtlsFlight made = new DtlsFlight();
    boolean over = false;
    HandshakeStatus status;
    SSLEngineResult result;
    do {
      ByteBuffer sealed = SEALED.get().clear();
      result = engine.wrap(NOTHING, sealed);
      status = runTasks(result.getHandshakeStatus());
      if (!over && sealed.position() > 0) {
        over = append(made, taken(sealed));
      }
      established |= status == HandshakeStatus.FINISHED;
    } while (status == HandshakeStatus.NEED_WRAP
        && result.getStatus() != SSLEngineResult.Status.CLOSED);
    flight = made;
    return sendings();
  }

  /**
   * Appends a record; whether it was the last message of our handshake. What the engine says after
   * that is the flight once more, in case that it is lost: we send it again when it was.
   */
  private boolean append(DtlsFlight made, byte[] record) {
    made.add(record);
    int type = DtlsRecord.typeOf(record);
    cipherChanged |= type == DtlsRecord.CHANGE_CIPHER_SPEC;
    return type == DtlsRecord.HANDSHAKE && DtlsRecord.epochOf(record) > 0;
  }

  /**
   * Our last flight, as it is to be sent now: also again, to a peer that does not answer, or that
   * repeats itself when we are through.
   */
  List<byte[]> sendings() {
    return flight.datagrams(mtu, () -> nextNumber++);
  }

  /**
   * Seals a message.
   *
   * @return the datagram; null if the message is too long for one
   */
  byte @Nullable [] seal(ByteBuffer message) throws SSLException {
    if (message.remaining() > longestMessage()) {
      return null;
    }
    ByteBuffer sealed = SEALED.get().clear();
    engine.wrap(message, sealed);
    if (message.hasRemaining()) {
      throw new SSLException(
          "The engine sends no message any more: the channel was closed by one of the sides");
    }
    return taken(sealed);
  }

  /** Closes our side; what is to be sent, nothing if there is nothing to say. */
  List<byte[]> close() throws SSLException {
    engine.closeOutbound();
    DtlsFlight last = new DtlsFlight();
    ByteBuffer sealed = SEALED.get();
    while (!engine.isOutboundDone() && engine.wrap(NOTHING, sealed.clear()).bytesProduced() > 0) {
      byte[] record = taken(sealed);
      if (DtlsRecord.typeOf(record) == DtlsRecord.ALERT) {
        last.add(record);
      }
    }
    return last.datagrams(mtu, () -> nextNumber++);
  }

  private static byte[] taken(ByteBuffer sealed) {
    byte[] record = new byte[sealed.flip().remaining()];
    sealed.get(record);
    return record;
  }
}
