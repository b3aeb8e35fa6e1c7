package dev.roost.net;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.channel.ChannelClosedException;
import dev.roost.channel.EndOfChannelException;
import dev.roost.channel.MemoryChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiPredicate;

/**
 * A network in memory that loses, duplicates, delays and so reorders datagrams, on the clock of the
 * run, and does the same again for the same seed.
 */
final class RoughNetwork {

  private final Nursery nursery;
  private final Random random;
  private final Map<InetSocketAddress, MemoryChannel.Ends<Datagram>> sockets = new HashMap<>();
  private double loss;
  private double duplication;
  private Duration longestDelay = Duration.ZERO;
  private BiPredicate<InetSocketAddress, byte[]> passes = (_, _) -> true;
  private int longest = 65_507;
  private int nextPort = 1000;

  /** What was sent, lost or not. */
  final List<Datagram> sent = new ArrayList<>();

  RoughNetwork(Nursery nursery, long seed) {
    this.nursery = nursery;
    this.random = new Random(seed);
  }

  RoughNetwork losing(double probability) {
    loss = probability;
    return this;
  }

  RoughNetwork duplicating(double probability) {
    duplication = probability;
    return this;
  }

  RoughNetwork delaying(Duration atMost) {
    longestDelay = atMost;
    return this;
  }

  /** Loses all datagrams that are longer. */
  RoughNetwork carrying(int bytes) {
    longest = bytes;
    return this;
  }

  /** Loses the datagrams, by their sender and what is in them, that do not pass. */
  RoughNetwork passing(BiPredicate<InetSocketAddress, byte[]> test) {
    passes = test;
    return this;
  }

  Socket open() {
    return new Socket(new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), nextPort++));
  }

  /** Lets a datagram arrive, whoever is said to have sent it. */
  void forge(InetSocketAddress from, byte[] bytes, InetSocketAddress to) {
    var target = sockets.get(to);
    if (target != null) {
      target.sender().sendNow(Datagram.of(bytes.clone(), from)); // the receiver decrypts in place
    }
  }

  private void carry(InetSocketAddress from, byte[] bytes, InetSocketAddress to) {
    sent.add(Datagram.of(bytes, from));
    int copies = random.nextDouble() < loss ? 0 : random.nextDouble() < duplication ? 2 : 1;
    if (bytes.length > longest || !passes.test(from, bytes)) {
      copies = 0;
    }
    for (int i = 0; i < copies; i++) {
      if (longestDelay.isZero()) {
        forge(from, bytes, to);
      } else {
        var delay = Duration.ofNanos(random.nextLong(longestDelay.toNanos()));
        nursery.start(
            "a datagram on its way",
            () -> {
              Roost.sleep(delay);
              forge(from, bytes, to);
            });
      }
    }
  }

  final class Socket implements DatagramTransport {
    private final InetSocketAddress local;
    private final MemoryChannel.Ends<Datagram> arrivals = MemoryChannel.unbounded();
    private boolean closed;

    private Socket(InetSocketAddress local) {
      this.local = local;
      sockets.put(local, arrivals);
    }

    @Override
    public void send(ByteBuffer data, InetSocketAddress to)
        throws ClosedChannelException, InterruptedException {
      Roost.checkpoint();
      sendNow(data, to);
    }

    @Override
    public boolean sendNow(ByteBuffer data, InetSocketAddress to) throws ClosedChannelException {
      if (closed) {
        throw new ClosedChannelException();
      }
      var bytes = new byte[data.remaining()];
      data.get(bytes);
      carry(local, bytes, to);
      return true;
    }

    @Override
    public Datagram receive() throws ClosedChannelException, InterruptedException {
      try {
        return arrivals.receiver().receive();
      } catch (EndOfChannelException | ChannelClosedException e) {
        throw new ClosedChannelException();
      }
    }

    @Override
    public InetSocketAddress localAddress() {
      return local;
    }

    @Override
    public void close() {
      closed = true;
      sockets.remove(local);
      arrivals.receiver().close();
      arrivals.sender().close();
    }
  }
}
