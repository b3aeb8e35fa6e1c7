package dev.roost.net;

import dev.roost.Blocking;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.ParkingLot;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * The engine of the JDK, which turns plaintext into records and back, in single steps that do not
 * wait. What takes long (checking a certificate chain, which may ask the network) it hands out as
 * tasks. They run in a blocking section, while the other tasks of the run go on; the engine cannot
 * be used then, for it would block the whole run.
 *
 * <pre>
 *   IDLE --- runTasks ---&gt; BUSY --- all have run ---&gt; IDLE
 *     steps are made here      whoever wants to make one waits in awaitIdle
 * </pre>
 */
final class TlsEngine {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private final ParkingLot waiting = new ParkingLot("the tasks of a TLS engine");
  private boolean busy;

  TlsEngine(SSLEngine engine) {
    this.engine = engine;
  }

  boolean isIdle() {
    return !busy;
  }

  /** Waits until the engine can be used, or until it is woken for another reason: look again. */
  void awaitIdle() throws InterruptedException {
    if (busy) {
      waiting.park();
    }
  }

  /** Makes those who wait look at what has become of the stream. */
  void wakeAll() {
    waiting.unparkAll();
  }

  boolean isClient() {
    return engine.getUseClientMode();
  }

  HandshakeStatus status() {
    return engine.getHandshakeStatus();
  }

  /** What the handshake came to. */
  SSLSession session() {
    return engine.getSession();
  }

  /** The protocol that ALPN chose; empty if none. */
  String applicationProtocol() {
    String chosen = engine.getApplicationProtocol();
    return chosen == null ? "" : chosen;
  }

  void beginHandshake() throws SSLException {
    engine.beginHandshake();
  }

  /**
   * Makes the notification of the end; from now on there is nothing else to make. Not every engine
   * asks for it by its status.
   */
  void wrapGoodbye(ByteQueue records) throws SSLException {
    engine.closeOutbound();
    int made;
    do {
      made = engine.isOutboundDone() ? 0 : wrap(NOTHING.duplicate(), records).bytesProduced();
    } while (made > 0);
  }

  /** Makes the alert, after the engine has failed. */
  void wrapAlert(ByteQueue records) throws SSLException {
    if (!wrapOwn(records) && engine.isInboundDone() && !engine.isOutboundDone()) {
      var _ = wrap(NOTHING.duplicate(), records);
    }
  }

  /** Turns plaintext, if it is time for that, into a record. */
  SSLEngineResult wrap(ByteBuffer src, ByteQueue records) throws SSLException {
    TlsScratch scratch = TlsScratch.ofRun();
    while (true) {
      ByteBuffer record = scratch.cleared();
      SSLEngineResult result = engine.wrap(src, record);
      if (result.getStatus() != Status.BUFFER_OVERFLOW) {
        records.add(record.flip());
        return result;
      }
      scratch.grow(engine.getSession().getPacketBufferSize());
    }
  }

  /**
   * Makes all the records that it wants to send of itself: parts of a handshake, an alert, the
   * notification of the end. Gives whether there were any.
   */
  boolean wrapOwn(ByteQueue records) throws SSLException {
    int before = records.size();
    while (status() == HandshakeStatus.NEED_WRAP) {
      if (wrap(NOTHING.duplicate(), records).bytesProduced() == 0) {
        break;
      }
    }
    return records.size() > before;
  }

  /**
   * The same, after a result has asked for it: some engines say so nowhere else. If that was an
   * alert about an error of theirs, they throw the error when they are asked once more.
   */
  boolean wrapAsked(ByteQueue records) throws SSLException {
    if (status() == HandshakeStatus.NEED_WRAP) {
      return wrapOwn(records);
    }
    boolean made = wrap(NOTHING.duplicate(), records).bytesProduced() > 0;
    if (made) {
      var _ = wrap(NOTHING.duplicate(), records);
    }
    return made;
  }

  /** Turns a record into plaintext, if all of it is there. */
  SSLEngineResult unwrap(ByteBuffer records, ByteQueue plaintext) throws SSLException {
    TlsScratch scratch = TlsScratch.ofRun();
    while (true) {
      ByteBuffer plain = scratch.cleared();
      SSLEngineResult result = engine.unwrap(records, plain);
      plaintext.add(plain.flip()); // some engines give a part where all has no room
      if (result.getStatus() != Status.BUFFER_OVERFLOW) {
        return result;
      }
      scratch.grow(engine.getSession().getApplicationBufferSize());
    }
  }

  /** Runs what takes long. A checkpoint. */
  void runTasks() throws SSLException, InterruptedException {
    busy = true;
    int count;
    try {
      count = Blocking.call(this::runAll);
    } finally {
      busy = false;
      waiting.unparkAll();
    }
    // A task that was interrupted for it has failed: the engine will say so, but that is not why.
    Checkpoints.throwIfCancelled();
    if (count == 0) {
      throw new SSLException(
          "The TLS engine waits for a task that it has not handed out. This is a mistake of the"
              + " engine.");
    }
  }

  private int runAll() {
    int count = 0;
    for (Runnable task; (task = engine.getDelegatedTask()) != null; count++) {
      task.run();
    }
    return count;
  }
}
