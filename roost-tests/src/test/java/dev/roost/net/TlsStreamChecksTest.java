package dev.roost.net;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.ByteStream;
import dev.roost.io.SendStream;
import dev.roost.testing.MemoryStreams;
import dev.roost.testing.StreamChecks;
import dev.roost.testing.StreamPair;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every stream has to keep, TLS keeps, whatever it goes over. */
@Timeout(60)
class TlsStreamChecksTest {

  private TlsOptions client;
  private TlsOptions server;

  @BeforeEach
  void makeOptions() throws Exception {
    client = Tls.client();
    server = Tls.server();
  }

  private StreamPair<TlsStream> over(StreamPair<? extends ByteStream> transports)
      throws InterruptedException {
    return over(transports, client);
  }

  private StreamPair<TlsStream> over(StreamPair<? extends ByteStream> transports, TlsOptions client)
      throws InterruptedException {
    var pair =
        new StreamPair<>(
            client.client(transports.left(), "localhost"), server.server(transports.right()));
    Nursery.run(nursery -> {
      nursery.start(pair.left()::handshake);
      pair.right().handshake();
    });
    return pair;
  }

  private StreamPair<TlsStream> overMemory() throws InterruptedException {
    return over(MemoryStreams.pair());
  }

  /** Without a buffer, every sender has to wait. */
  private StreamPair<TlsStream> overLockstep() throws InterruptedException {
    return over(MemoryStreams.lockstepPair());
  }

  /** With it all handshakes but the first are short, by sessions that are used again and again. */
  private TlsOptions oldClient() {
    return client.parameters(Tls.only("TLSv1.2"));
  }

  private static void closeGracefully(SendStream stream) throws IOException, InterruptedException {
    ((TlsStream) stream).closeGracefully();
  }

  private static final StreamChecks.Suite CHECKS =
      StreamChecks.endingBy(TlsStreamChecksTest::closeGracefully);

  @Test
  void over_memory_giving_way_at_every_checkpoint() throws Exception {
    Roost.with().checkpointBudget(1).run(() -> CHECKS.twoWay(this::overMemory, this::overLockstep));
  }

  @Test
  void over_nothing_that_buffers_with_old_tls() throws Exception {
    client = oldClient();
    Roost.run(() -> CHECKS.twoWay(this::overLockstep, this::overLockstep));
  }

  @Test
  void over_tcp() throws Exception {
    Roost.run(() -> CHECKS.twoWay(() -> over(Tcp.ends())));
  }

  @Test
  void over_unix_sockets(@TempDir Path folder) throws Exception {
    client = oldClient();
    Roost.run(() -> {
      try (var listener = UnixListener.open(folder.resolve("socket"))) {
        CHECKS.twoWay(() -> {
          var left = UnixStream.connect(folder.resolve("socket"));
          return over(new StreamPair<ByteStream>(left, listener.accept()));
        });
      }
    });
  }

  @Test
  void over_tls() throws Exception {
    var outer = oldClient();
    Roost.run(() ->
        CHECKS.twoWay(
            () -> over(over(MemoryStreams.pair(), outer)),
            () -> over(over(MemoryStreams.lockstepPair(), outer))));
  }

  @Test
  void like_https_every_end_is_an_end() throws Exception {
    client = oldClient().httpsCompatible();
    server = server.httpsCompatible();
    Roost.run(() -> StreamChecks.twoWay(this::overMemory));
  }
}
