package dev.roost.net;

import dev.roost.BusyResourceException;
import dev.roost.io.BrokenStreamException;
import dev.roost.io.ByteStream;
import dev.roost.lowlevel.RunBinding;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/**
 * How a TLS stream ends.
 *
 * <pre>
 *                          the goodbye is sent, or nobody is there to hear it, or cancelled
 *   OPEN --- gracefully --------------------------------------------------------------------&gt; CLOSED
 *    |                                                                                          ^
 *    +------ at once: the goodbye is sent if that needs no wait -----------------------------------+
 * </pre>
 *
 * <p>The goodbye is the close notification. It can be said after the handshake, on a stream that is
 * not broken, and not in the middle of what somebody else is sending.
 */
final class TlsClosing {

  private final ByteStream transport;
  private final TlsEngine engine;
  private final TlsWire wire;
  private final TlsCondition condition;
  private final TlsHandshake handshake;

  TlsClosing(
      ByteStream transport,
      TlsEngine engine,
      TlsWire wire,
      TlsCondition condition,
      TlsHandshake handshake) {
    this.transport = transport;
    this.engine = engine;
    this.wire = wire;
    this.condition = condition;
    this.handshake = handshake;
  }

  /** Tells the other side that this was all, and waits until that is sent. */
  void sayGoodbye() throws IOException, InterruptedException {
    while (!engine.isIdle() && !condition.isClosed()) {
      engine.awaitIdle();
    }
    if (!canSayGoodbye()) {
      return;
    }
    try {
      makeGoodbye();
      wire.flush();
    } catch (ClosedChannelException | BrokenStreamException e) {
      return; // nobody is there any more to hear it, and nothing is lost with it
    }
  }

  /** Closes at once, also from outside the run once that has ended. */
  void close(RunBinding binding) {
    if (condition.isClosed()) {
      return;
    }
    if (!isInRun(binding)) {
      transport.close(); // which refuses while it is open
      condition.close();
      return;
    }
    try {
      sayGoodbyeNow();
    } finally {
      condition.close();
      handshake.wakeAll();
      engine.wakeAll();
      transport.close();
    }
  }

  private static boolean isInRun(RunBinding binding) {
    try {
      binding.check("TlsStream.close");
      return true;
    } catch (IllegalStateException e) {
      return false; // that is how a binding says so
    }
  }

  private void sayGoodbyeNow() {
    if (!canSayGoodbye()) {
      return;
    }
    try {
      makeGoodbye();
      wire.flushNow();
    } catch (IOException | BusyResourceException e) {
      return; // as above; or the program uses the transport, and the stream is closed all the same
    }
  }

  private boolean canSayGoodbye() {
    return handshake.isDone() && condition.canSend() && engine.isIdle();
  }

  private void makeGoodbye() throws IOException {
    engine.closeOutbound();
    engine.wrapOwn(wire.outgoing());
  }
}
