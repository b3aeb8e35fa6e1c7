package dev.roost.net;

import dev.roost.io.BrokenStreamException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a TLS stream can still be used.
 *
 * <pre>
 *   USABLE --- the transport cannot send any more -------------&gt; CANNOT SEND   (receiving goes on)
 *     |                                                              |
 *     +--- a TLS error, the end without a notification, -------------+
 *     |    a handshake or a send cut off in the middle               v
 *     |                                                            BROKEN      (both directions, for good)
 *     +--- close ------------------------&gt; CLOSED &lt;--- close --------+
 * </pre>
 */
final class TlsCondition {

  private final Object stream;
  private boolean closed;

  /** How it broke, and what broke it; the first one stays. */
  private @Nullable Failure broken;

  private @Nullable Failure sendingBroke;

  /** Something that went wrong: {@code how} completes "it broke: …". */
  private record Failure(String how, Throwable cause) {}

  /** {@code stream} is for messages. */
  TlsCondition(Object stream) {
    this.stream = stream;
  }

  boolean isClosed() {
    return closed;
  }

  boolean canSend() {
    return !closed && broken == null && sendingBroke == null;
  }

  void close() {
    closed = true;
  }

  /** It is of no use any more. Gives what tells the caller so. */
  BrokenStreamException breakDown(String how, Throwable cause) {
    if (broken == null) {
      broken = new Failure(how, cause);
    }
    return exception(broken);
  }

  /** The transport does not take anything any more. Gives what tells the caller so. */
  BrokenStreamException breakSending(String how, Throwable cause) {
    if (sendingBroke == null) {
      sendingBroke = new Failure(how, cause);
    }
    return exception(sendingBroke);
  }

  void ensureUsable() throws ClosedChannelException, BrokenStreamException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (broken != null) {
      throw exception(broken);
    }
  }

  void ensureSendable() throws ClosedChannelException, BrokenStreamException {
    ensureUsable();
    ensureTransportSends();
  }

  /** Enough for the last words of a broken stream: the alert that tells the other side why. */
  void ensureTransportSends() throws ClosedChannelException, BrokenStreamException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (sendingBroke != null) {
      throw exception(sendingBroke);
    }
  }

  /** What an error says, and what its causes add: some of the JDK's have the news only there. */
  static String why(Throwable error) {
    StringBuilder text = new StringBuilder().append(error.getMessage());
    for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
      String more = cause.getMessage();
      if (more != null && text.indexOf(more) < 0) {
        text.append(" (").append(more).append(')');
      }
    }
    return text.toString();
  }

  private BrokenStreamException exception(Failure failure) {
    String how = failure.how.replaceAll("\\.+$", ""); // some engines say it in a sentence
    return new BrokenStreamException(
        stream + " is broken: " + how + ". Close it, and open another one.", failure.cause);
  }
}
