package dev.roost.testing;

import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * What goes through one end of a stream. Pieces are numbered; those that come too early wait for
 * those before them, and those that are lost are sent again.
 */
final class SimTransfer {

  /** How much may be sent and not read yet. */
  private static final int WINDOW = 256 * 1024;

  private static final int PIECE = 16 * 1024;
  private static final long FIRST_RETRY = 200_000_000;
  private static final long LONGEST_RETRY = 60_000_000_000L;
  private static final long GIVES_UP_AFTER = 15 * 60_000_000_000L;

  /** Null bytes are the end. */
  private record Piece(long number, @Nullable ByteBuffer bytes, long sentAt) {}

  private final SimSocketChannel channel;
  private final SimWaiter reader;
  private final SimWaiter writer;
  private @Nullable SimTransfer peer;

  // ---- sending

  private long lastSent;
  private long unread;
  private boolean ended;

  // ---- receiving

  private long lastReceived;
  private final PriorityQueue<Piece> early =
      new PriorityQueue<>(Comparator.comparingLong(Piece::number));
  private final Deque<ByteBuffer> received = new ArrayDeque<>();
  private boolean peerEnded;

  private @Nullable IOException broken;

  SimTransfer(SimSocketChannel channel, SimWaiter reader, SimWaiter writer) {
    this.channel = channel;
    this.reader = reader;
    this.writer = writer;
  }

  void connect(SimTransfer with) {
    peer = with;
  }

  boolean isConnectedTo(SimHost other) {
    return peer != null && peer.channel.host == other;
  }

  boolean isReadable() {
    return !received.isEmpty() || peerEnded || broken != null;
  }

  boolean isWritable() {
    return unread < WINDOW || broken != null || ended;
  }

  // ---- this side

  int read(ByteBuffer dst) throws IOException {
    if (broken != null) {
      throw again(broken);
    }
    int count = 0;
    while (dst.hasRemaining() && !received.isEmpty()) {
      ByteBuffer first = received.getFirst();
      int length = Math.min(first.remaining(), dst.remaining());
      dst.put(first.slice(first.position(), length));
      first.position(first.position() + length);
      count += length;
      if (!first.hasRemaining()) {
        received.removeFirst();
      }
    }
    if (count > 0 && peer != null) {
      peer.wasRead(count);
    }
    return count == 0 && peerEnded ? -1 : count;
  }

  private void wasRead(int count) {
    unread -= count;
    writer.wake();
  }

  int write(ByteBuffer src) throws IOException {
    if (broken != null) {
      throw again(broken);
    }
    if (ended) {
      throw new ClosedChannelException();
    }
    int count = 0;
    while (src.hasRemaining() && unread < WINDOW) {
      byte[] bytes = new byte[(int) Math.min(Math.min(PIECE, src.remaining()), WINDOW - unread)];
      src.get(bytes);
      unread += bytes.length;
      count += bytes.length;
      send(ByteBuffer.wrap(bytes));
    }
    return count;
  }

  void end() {
    if (!ended) {
      ended = true;
      send(null);
    }
  }

  void close() {
    if (peer == null || broken != null) {
      return;
    }
    if (received.isEmpty()) {
      end();
    } else {
      sendReset(); // somebody closes who has not read all: the other side is to know
    }
  }

  private static IOException again(IOException error) {
    return new SocketException(error.getMessage(), error);
  }

  // ---- on the way

  private void send(@Nullable ByteBuffer bytes) {
    send(new Piece(++lastSent, bytes, now()), 0);
  }

  private void send(Piece piece, int attempt) {
    SimTransfer to = peer;
    if (to == null || broken != null) {
      return;
    }
    SimHost from = channel.host;
    SimNet net = from.net;
    SimLink link = net.linkOrLoopback(from, to.channel.host);
    if (link.loses(net.random())) {
      sendAgain(piece, attempt);
      return;
    }
    int size = piece.bytes == null ? 0 : piece.bytes.remaining();
    long arrival = link.arrival(now(), size, from.directionTo(to.channel.host), net.random());
    net.events.at(
        arrival,
        () -> {
          if (net.reaches(from, to.channel.host, channel.remote().getAddress())) {
            to.arrived(piece);
          } else {
            sendAgain(piece, attempt);
          }
        });
  }

  private void sendAgain(Piece piece, int attempt) {
    long wait = Math.min(LONGEST_RETRY, FIRST_RETRY << Math.min(attempt, 20));
    if (now() + wait - piece.sentAt > GIVES_UP_AFTER) {
      breakWith(new SocketException("Connection timed out"));
    } else {
      channel.host.net.events.after(wait, () -> send(piece, attempt + 1));
    }
  }

  private long now() {
    return channel.host.net.events.now();
  }

  private void arrived(Piece piece) {
    if (broken != null) {
      return;
    }
    if (!channel.isOpen()) {
      if (piece.bytes != null) {
        sendReset();
      }
      return;
    }
    early.add(piece);
    while (!early.isEmpty() && early.peek().number == lastReceived + 1) {
      Piece next = early.remove();
      lastReceived++;
      if (next.bytes == null) {
        peerEnded = true;
      } else {
        received.add(next.bytes);
      }
    }
    reader.wake();
  }

  // ---- breaking

  private void sendReset() {
    SimTransfer to = peer;
    if (to != null) {
      SimHost from = channel.host;
      SimLink link = from.net.linkOrLoopback(from, to.channel.host);
      long arrival = link.arrival(now(), 0, from.directionTo(to.channel.host), from.net.random());
      from.net.events.at(arrival, () -> to.breakWith(new SocketException("Connection reset")));
    }
  }

  void breakWith(IOException why) {
    if (broken == null) {
      broken = why;
      received.clear();
      reader.wake();
      writer.wake();
    }
  }

  void resetBoth() {
    breakWith(new SocketException("Connection reset"));
    if (peer != null) {
      peer.breakWith(new SocketException("Connection reset"));
    }
  }
}
