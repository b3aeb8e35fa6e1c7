package dev.roost.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is on the other side of an endpoint. At each address there is at most one channel that is
 * through with its handshake, and one whose handshake is going on: a peer that starts again (RFC
 * 6347, section 4.2.8) keeps its old channel until the new one is through.
 */
final class DtlsPeers {

  /** More than come while a cookie is good. */
  private static final int ATTEMPTS = 4096;

  private final Map<InetSocketAddress, Peer> peers = new HashMap<>();

  /** The randoms of the last attempts and answers: a late copy of an old one begins nothing. */
  private final Set<ByteBuffer> attempts = new LinkedHashSet<>();

  /** What there is at one address. */
  static final class Peer {
    @Nullable DtlsChannel established;
    @Nullable DtlsChannel pending;
  }

  @Nullable Peer at(InetSocketAddress address) {
    return peers.get(address);
  }

  int size() {
    return peers.size();
  }

  /** A handshake begins; one that was going on with the same peer is given up. */
  void begin(DtlsChannel channel, @Nullable ByteBuffer random) {
    Peer peer = peers.computeIfAbsent(channel.remoteAddress(), _ -> new Peer());
    if (random != null) {
      remember(random);
    }
    DtlsChannel before = peer.pending;
    peer.pending = channel;
    if (before != null) {
      before.replaced();
    }
  }

  /** That attempt of a client, or answer of a server, is known from now on. */
  void remember(ByteBuffer random) {
    attempts.add(random);
    if (attempts.size() > ATTEMPTS) {
      attempts.remove(attempts.iterator().next());
    }
  }

  /** Whether that attempt was made before, or that answer came. */
  boolean knows(ByteBuffer random) {
    return attempts.contains(random);
  }

  /** A handshake is through: only now the channel that the peer had before is given up. */
  void established(DtlsChannel channel) {
    Peer peer = peers.get(channel.remoteAddress());
    if (peer != null && peer.pending == channel) {
      peer.pending = null;
      DtlsChannel before = peer.established;
      peer.established = channel;
      if (before != null) {
        before.replaced();
      }
    }
  }

  void remove(DtlsChannel channel) {
    Peer peer = peers.get(channel.remoteAddress());
    if (peer == null) {
      return;
    }
    if (peer.pending == channel) {
      peer.pending = null;
    }
    if (peer.established == channel) {
      peer.established = null;
    }
    if (peer.pending == null && peer.established == null) {
      peers.remove(channel.remoteAddress());
    }
  }

  List<DtlsChannel> channels() {
    List<DtlsChannel> all = new ArrayList<>();
    for (Peer peer : peers.values()) {
      if (peer.pending != null) {
        all.add(peer.pending);
      }
      if (peer.established != null) {
        all.add(peer.established);
      }
    }
    return all;
  }
}
