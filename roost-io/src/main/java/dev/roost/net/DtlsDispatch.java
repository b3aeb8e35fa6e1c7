package dev.roost.net;

import dev.roost.BusyResourceException;
import dev.roost.Roost;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says for whom a datagram is. Before there are keys, headers can be forged by anybody, so that
 * what comes in the clear changes nothing for channels that are through with their handshake.
 *
 * <pre>
 *   client's hello, no good cookie ---> asked for one, and forgotten
 *   client's hello, good cookie    ---> a new pending channel
 *   other handshake, in the clear  ---> the pending channel; without one the peer has missed our last flight
 *   encrypted, but no message      ---> the pending channel, or else the established one
 *   message                        ---> the established channel, and the pending one: one can read it
 *   all else                       ---> ignored
 * </pre>
 */
final class DtlsDispatch implements Consumer<Datagram> {

  /** A flight has several datagrams, each of which would have us say ours again. */
  private static final Duration BETWEEN_REPETITIONS = Duration.ofMillis(200);

  /** How often a client is asked for a cookie, if each one is too old when it comes with it. */
  private static final int MOST_REQUESTS = 8;

  private final DtlsEndpoint endpoint;
  private final DtlsCookies cookies = new DtlsCookies();
  private @Nullable DtlsServing serving;
  private @Nullable Instant lastRepetition;
  private long ignored;
  private long asked;
  private long failed;

  DtlsDispatch(DtlsEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  void serve(DtlsServing newServing) {
    if (serving != null) {
      throw new BusyResourceException(
          "DtlsEndpoint.serve: "
              + endpoint
              + " is being served by another task. Serve each endpoint once, or open a second one.");
    }
    serving = newServing;
  }

  void stopServing() {
    DtlsServing before = serving;
    serving = null;
    if (before != null) {
      failed += before.failedHandshakes();
    }
  }

  /** The endpoint was closed. */
  void wake() {
    if (serving != null) {
      endpoint.reading().wake(serving.box());
    }
  }

  DtlsEndpoint.Statistics statistics(int peers) {
    return new DtlsEndpoint.Statistics(
        peers, ignored, asked, failed + (serving == null ? 0 : serving.failedHandshakes()));
  }

  @Override
  public void accept(Datagram datagram) {
    byte[] packet = datagram.bytes();
    InetSocketAddress sender = datagram.sender();
    if (!DtlsRecord.isAtStartOf(packet)) {
      ignored++;
      return;
    }
    int type = DtlsRecord.typeOf(packet);
    boolean clear = DtlsRecord.epochOf(packet) == 0;
    DtlsClientHello hello =
        clear && type == DtlsRecord.HANDSHAKE ? DtlsClientHello.read(packet) : null;
    if (hello != null) {
      greeted(sender, hello, packet);
      return;
    }
    DtlsPeers.Peer peer = endpoint.peers().at(sender);
    DtlsChannel pending = peer == null ? null : peer.pending;
    DtlsChannel established = peer == null ? null : peer.established;
    if (pending != null && (established == null || clear || type == DtlsRecord.HANDSHAKE)) {
      pending.deliver(packet);
    } else if (established == null) {
      ignored++;
    } else if (!clear && type != DtlsRecord.HANDSHAKE) {
      if (pending != null) { // whose peer may be through already; one of them cannot read it
        pending.deliver(packet.clone());
      }
      established.deliver(packet);
    } else if (clear && type == DtlsRecord.HANDSHAKE) {
      repeatLastFlight(established);
    } else {
      ignored++; // in the clear it could be from anybody; and there are no new handshakes inside
    }
  }

  private void greeted(InetSocketAddress sender, DtlsClientHello hello, byte[] packet) {
    DtlsPeers.Peer peer = endpoint.peers().at(sender);
    if (endpoint.peers().knows(hello.random())) {
      if (peer != null && peer.pending != null && peer.pending.isOf(hello)) {
        peer.pending.deliver(packet);
      } else {
        ignored++; // a late copy
      }
      return;
    }
    if (serving == null) {
      ignored++;
      return;
    }
    if (hello.messageNumber() > MOST_REQUESTS) {
      ignored++; // whoever that is, each request costs the engine another look
    } else if (hello.messageNumber() > 0 && cookies.isGood(sender, hello)) {
      serving.welcome(sender, hello, packet);
    } else {
      asked++;
      send(List.of(hello.verifyRequest(cookies.cookieFor(sender, hello))), sender);
    }
  }

  /** The peer cannot be through, so it has missed how we ended the handshake. */
  private void repeatLastFlight(DtlsChannel channel) {
    Instant now = Roost.now();
    Instant before = lastRepetition;
    if (before == null || !now.isBefore(before.plus(BETWEEN_REPETITIONS))) {
      lastRepetition = now;
      send(channel.engine().sendings(), channel.remoteAddress());
    }
  }

  private void send(List<byte[]> datagrams, InetSocketAddress to) {
    try {
      endpoint.sendIfPossible(datagrams, to);
    } catch (IOException e) {
      endpoint.ignored(e, "answering " + Targets.text(to));
    }
  }
}
