package dev.roost.net;

import dev.roost.CancelScope;
import dev.roost.Roost;
import dev.roost.lowlevel.Checkpoints;
import java.io.IOException;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * The handshake of one channel, with the timer of RFC 6347, section 4.2.4: a flight that is not
 * answered is sent again, after a second at first, then after twice as long each time, a minute at
 * most. After two losses datagrams are made short enough for any network.
 *
 * <pre>
 *   SENDING a flight ---> WAITING --- an answer that makes a new flight ---> SENDING
 *      ^                    |  |
 *      +----- time over ----+  +--- through ---> ESTABLISHED
 * </pre>
 */
final class DtlsHandshake {

  private static final Duration FIRST_PATIENCE = Duration.ofSeconds(1);
  private static final Duration MOST_PATIENCE = Duration.ofSeconds(60);
  private static final int LOSSES_BEFORE_SHORT_DATAGRAMS = 2;

  /** What every network carries: 576 bytes with IPv4 and 1280 with IPv6, headers included. */
  private static final int SHORT_4 = 548;

  private static final int SHORT_6 = 1232;

  private static final int MOST_ANSWERS = 16;

  private final DtlsEndpoint endpoint;
  private final DtlsChannel channel;
  private final DtlsEngine engine;

  /** Messages that overtook the end of the handshake. */
  private final Queue<byte[]> early = new ArrayDeque<>();

  /**
   * The randoms of the server that were new when they came: more than one only if some are forged.
   */
  private final Set<ByteBuffer> answers = new HashSet<>();

  private Duration patience = FIRST_PATIENCE;
  private int losses;

  DtlsHandshake(DtlsEndpoint endpoint, DtlsChannel channel) {
    this.endpoint = endpoint;
    this.channel = channel;
    this.engine = channel.engine();
  }

  /** As the client, or as the server of one who said {@code hello}, which waits in the channel. */
  void run(@Nullable DtlsClientHello hello) throws IOException, InterruptedException {
    Checkpoints.throwIfCancelled();
    try {
      List<byte[]> flight = List.of();
      if (hello == null) {
        flight = engine.start();
      } else {
        engine.prime(hello);
      }
      converse(flight);
    } catch (SSLException e) {
      channel.fail(e);
      throw e;
    }
    List<byte[]> rest = new ArrayList<>(early);
    for (int i = rest.size() - 1; i >= 0; i--) {
      channel.packets().addFirst(rest.get(i));
    }
    Checkpoints.letOthersRun();
  }

  private void converse(List<byte[]> first) throws IOException, InterruptedException {
    send(first);
    Instant due = Roost.now().plus(patience);
    while (!engine.isEstablished()) {
      Instant until = due;
      boolean heard =
          CancelScope.moveOnAt(until).run(() -> endpoint.reading().await(channel.box()));
      channel.ensureUsable();
      byte[] packet = channel.packets().poll();
      if (packet != null && !isLateCopy(packet)) {
        List<byte[]> answer = take(packet);
        if (engine
            .isEstablished()) { // before the peer can know it, and send what is for this channel
          endpoint.peers().established(channel);
        }
        if (!answer.isEmpty()) {
          send(answer);
          patience = FIRST_PATIENCE;
          losses = 0;
          due = Roost.now().plus(patience);
        }
        Checkpoints.letOthersRun();
      } else if (packet == null && !heard) {
        patience = longer(patience);
        sendAgain();
        due = Roost.now().plus(patience);
      }
    }
  }

  private static Duration longer(Duration patience) {
    Duration twice = patience.multipliedBy(2);
    return twice.compareTo(MOST_PATIENCE) < 0 ? twice : MOST_PATIENCE;
  }

  /** Whether it is how the server began to answer in an earlier handshake. */
  private boolean isLateCopy(byte[] packet) {
    ByteBuffer random = DtlsRecord.serverRandom(packet);
    if (random == null || answers.contains(random)) {
      return false;
    }
    if (endpoint.peers().knows(random)) {
      return true;
    }
    if (answers.size() < MOST_ANSWERS) {
      answers.add(random);
      endpoint.peers().remember(random);
    }
    return false;
  }

  private List<byte[]> take(byte[] packet) throws IOException {
    List<byte[]> answer = engine.shakeHands(packet, early);
    while (early.size() > endpoint.incomingBuffer()) {
      early.remove();
    }
    if (engine.isEnded()) {
      throw new SSLHandshakeException("The peer closed the channel during the handshake");
    }
    return answer;
  }

  private void sendAgain() throws IOException, InterruptedException {
    losses++;
    if (losses == LOSSES_BEFORE_SHORT_DATAGRAMS + 1) {
      engine.shrink(
          channel.remoteAddress().getAddress() instanceof Inet4Address ? SHORT_4 : SHORT_6);
    }
    send(engine.sendings());
  }

  private void send(List<byte[]> flight) throws IOException, InterruptedException {
    for (byte[] datagram : flight) {
      endpoint.send(datagram, channel.remoteAddress());
    }
  }
}
