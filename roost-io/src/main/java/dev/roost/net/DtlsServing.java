package dev.roost.net;

import dev.roost.AsyncConsumer;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.lowlevel.Checkpoints;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** One server at work on an endpoint: a task that waits for peers, and one for each of them. */
final class DtlsServing {

  private final DtlsEndpoint endpoint;
  private final SSLContext context;
  private final AsyncConsumer<? super DtlsChannel, ?> handler;
  private final HandlerErrors errors;
  private final Duration handshakeTimeout;
  private final Queue<Newcomer> newcomers = new ArrayDeque<>();
  private final DtlsReading.Box box = new Door();
  private long failedHandshakes;

  DtlsServing(
      DtlsEndpoint endpoint,
      SSLContext context,
      AsyncConsumer<? super DtlsChannel, ?> handler,
      @Nullable Consumer<? super Exception> onError,
      Duration handshakeTimeout) {
    this.endpoint = endpoint;
    this.context = context;
    this.handler = handler;
    this.errors = new HandlerErrors(onError);
    this.handshakeTimeout = handshakeTimeout;
    endpoint.channel(endpoint.localAddress(), engine(), false); // says at once if it cannot work
  }

  /** A peer that has proven its address. */
  private record Newcomer(DtlsChannel channel, DtlsClientHello hello) {}

  private final class Door extends DtlsReading.Box {
    @Override
    boolean ready() {
      return !newcomers.isEmpty() || endpoint.isClosed();
    }

    @Override
    public String toString() {
      return "a peer of " + endpoint;
    }
  }

  DtlsReading.Box box() {
    return box;
  }

  long failedHandshakes() {
    return failedHandshakes;
  }

  private SSLEngine engine() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    return engine;
  }

  /** A peer has proven its address; its first datagram waits in its channel. */
  void welcome(InetSocketAddress address, DtlsClientHello hello, byte[] packet) {
    DtlsChannel channel = endpoint.channel(address, engine(), false);
    channel.greetedWith(hello);
    endpoint.peers().begin(channel, hello.random());
    channel.deliver(packet);
    newcomers.add(new Newcomer(channel, hello));
    endpoint.reading().wake(box);
  }

  void run(Runnable started) throws InterruptedException {
    Nursery.run(nursery -> {
      try {
        CancelScope.untilStopping()
            .run(() -> {
              started.run();
              while (true) {
                endpoint.reading().await(box);
                Newcomer next = newcomers.poll();
                if (next == null) {
                  Checkpoints.throwIfCancelled(); // then it is no error that it was closed
                  throw new ClosedChannelException();
                }
                nursery.start("serving " + next.channel(), () -> serve(next));
              }
            });
      } finally {
        newcomers.forEach(newcomer -> newcomer.channel().close());
      }
    });
  }

  private void serve(Newcomer peer) throws Exception {
    try (DtlsChannel channel = peer.channel()) {
      if (shakesHands(peer)) {
        errors.handle(() -> handler.accept(channel));
      }
    }
  }

  private boolean shakesHands(Newcomer peer) throws InterruptedException {
    boolean[] through = {false};
    CancelScope.moveOnAfter(handshakeTimeout)
        .run(() -> {
          try {
            new DtlsHandshake(endpoint, peer.channel()).run(peer.hello());
            through[0] = true;
          } catch (IOException e) {
            endpoint.ignored(e, "shaking hands with " + peer.channel());
          }
        });
    if (!through[0]) {
      failedHandshakes++;
    }
    return through[0];
  }
}
