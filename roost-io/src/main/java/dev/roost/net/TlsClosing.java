package dev.roost.net;

import dev.roost.io.BrokenStreamException;
import dev.roost.io.ByteStream;
import dev.roost.lowlevel.RunBinding;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/**
 * How a TLS stream ends.
 *
 * <pre>
 *                      the goodbye is sent, or nobody is there to hear it, or cancelled
 *   OPEN --- gracefully ---------------------------------------------------------------&gt; CLOSED
 *    |                                                                                     ^
 *    +------ at once: nothing is sent -----------------------------------------------------+
 * </pre>
 *
 * <p>The goodbye is the close notification. It can be said after the handshake, on a stream that is
 * not broken, and not in the middle of what somebody else is sending. Whoever closes at once does
 * so because something went wrong, as far as anybody knows: the other side is to see that.
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
    if (!handshake.isDone() || !condition.canSend()) {
      return;
    }
    try {
      engine.wrapGoodbye(wire.outgoing());
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
    if (isInRun(binding)) {
      condition.close();
      handshake.wakeAll();
      engine.wakeAll();
      transport.close();
    } else {
      transport.close(); // which refuses while it is open
      condition.close();
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
}
