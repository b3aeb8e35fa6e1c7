package dev.roost.net;

import static dev.roost.net.Tls.client;
import static dev.roost.net.Tls.server;
import static dev.roost.net.Tls.withPair;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.Blocking;
import dev.roost.BusyResourceException;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.BrokenStreamException;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two tasks at one conversation, and what goes on behind their backs. */
@Timeout(30)
class TlsDuplexTest {

  @Test
  void two_tasks_in_one_direction_get_into_each_others_way() throws Exception {
    Roost.run(() -> {
      var pair = Tls.pair(client(), server(), Pipe.pair(1)).shakeHands();
      Nursery.run(nursery -> {
        nursery.start(() -> pair.client().receiveSome(1));
        nursery.start(() -> pair.client().sendAll(new byte[1_000_000]));
        waitAllTasksBlocked();
        assertThatThrownBy(() -> pair.client().receiveSome(1))
            .isInstanceOf(BusyResourceException.class)
            .hasMessageContaining("Two tasks are receiving from TlsStream[client of localhost");
        assertThatThrownBy(() -> pair.client().sendAll("x"))
            .isInstanceOf(BusyResourceException.class)
            .hasMessageContaining("Two tasks are sending to TlsStream[client of localhost");
        assertThatThrownBy(() -> pair.client().sendAll(""))
            .isInstanceOf(BusyResourceException.class);
        assertThatThrownBy(pair.client()::waitSendAllMightNotBlock)
            .isInstanceOf(BusyResourceException.class);
        pair.client().handshake(); // is nobody's direction
        nursery.cancel();
      });
    });
  }

  /** An end whose engine the test can tell to shake hands again. */
  private record End(TlsStream stream, SSLEngine engine) {
    static End of(SSLContext context, Pipe pipe, boolean isClient, String version) {
      var engine = context.createSSLEngine("localhost", 1);
      engine.setUseClientMode(isClient);
      var parameters = engine.getSSLParameters();
      parameters.setProtocols(new String[] {version});
      engine.setSSLParameters(parameters);
      return new End(new TlsStream(pipe, engine, isClient ? "client" : "server", false), engine);
    }

    /** With TLS 1.3 that is a new key. Waits for the engine outside the run. */
    void shakeHandsAgain() throws InterruptedException, javax.net.ssl.SSLException {
      Blocking.run(engine::beginHandshake);
    }
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.2, client", "TLSv1.2, server", "TLSv1.3, client", "TLSv1.3, server"})
  void handshakes_in_the_middle_of_traffic_lose_nothing(String version, String who)
      throws Exception {
    var there = new byte[300_000];
    var back = new byte[300_000];
    new Random(1).nextBytes(there);
    new Random(2).nextBytes(back);
    var certificates = Tls.certificates();
    Roost.run(() -> {
      var pipes = Pipe.pair(1);
      var client = End.of(certificates.trustingAll(), pipes.client(), true, version);
      var server = End.of(certificates.with("server"), pipes.server(), false, version);
      Nursery.run(nursery -> {
        nursery.start(server.stream::handshake);
        client.stream.handshake();
      });
      long before = pipes.client().handshakeRecords();
      var restless = who.equals("client") ? client : server;
      Nursery.run(nursery -> {
        nursery.start(() -> client.stream.sendAll(there));
        nursery.start(() -> server.stream.sendAll(back));
        nursery.start(
            () -> assertThat(Tcp.receiveExactly(server.stream, there.length)).isEqualTo(there));
        nursery.start(() ->
            assertThat(receiveRestlessly(client.stream, back.length, restless)).isEqualTo(back));
      });
      if (version.equals("TLSv1.2")) {
        // One at least is begun. Its end takes both, of whom one may have all its bytes by then.
        assertThat(pipes.client().handshakeRecords()).as("handshakes").isGreaterThan(before);
      }
    });
  }

  /** Receives, with a new handshake now and then. */
  private static byte[] receiveRestlessly(TlsStream stream, int count, End restless)
      throws Exception {
    var all = new java.io.ByteArrayOutputStream();
    while (all.size() < count) {
      int before = all.size() / 100_000;
      all.writeBytes(stream.receiveSome(1 + count - all.size()));
      if (all.size() / 100_000 > before && all.size() < count) {
        restless.shakeHandsAgain();
      }
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void a_receive_answers_and_a_send_waits_for_the_answer(String version) throws Exception {
    var certificates = Tls.certificates();
    Roost.run(() -> {
      var pipes = Pipe.pair();
      var client = End.of(certificates.trustingAll(), pipes.client(), true, version);
      var server = End.of(certificates.with("server"), pipes.server(), false, version);
      Nursery.run(nursery -> {
        nursery.start(() -> {
          for (int i = 0; i < 3; i++) {
            assertThat(server.stream.receiveSome(10)).hasSize(1);
          }
          server.stream.sendAll("all there");
        });
        client.stream.sendAll("1");
        client.shakeHandsAgain();
        client.stream.sendAll("2");
        client.stream.sendAll("3");
        assertThat(client.stream.receiveSome(10)).hasSize(9);
      });
    });
  }

  @Test
  void a_send_that_waits_for_a_handshake_does_not_pile_up_without_end_what_comes_instead()
      throws Exception {
    var certificates = Tls.certificates();
    Roost.run(() -> {
      var pipes = Pipe.pair();
      var client = End.of(certificates.trustingAll(), pipes.client(), true, "TLSv1.2");
      var server = End.of(certificates.with("server"), pipes.server(), false, "TLSv1.2");
      Nursery.run(nursery -> {
        nursery.start(server.stream::handshake);
        client.stream.handshake();
      });
      server.stream.sendAll(new byte[2_000_000]);
      client.shakeHandsAgain();
      assertThatThrownBy(() -> client.stream.sendAll("x"))
          .isInstanceOf(BrokenStreamException.class)
          .hasMessageContaining("does not go on with the handshake");
    });
  }

  /** Trusts everybody, after a wait. */
  private static final class SlowTrust extends X509ExtendedTrustManager {
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);

    TlsOptions options() throws Exception {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {this}, null);
      return TlsStream.with(context);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      asked.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new CertificateException("interrupted", e);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void the_run_goes_on_while_a_certificate_is_looked_at() throws Exception {
    var trust = new SlowTrust();
    withPair(
        trust.options(),
        server(),
        pair ->
            Nursery.run(nursery -> {
              nursery.start(pair.server()::handshake);
              nursery.start(pair.client()::handshake);
              Blocking.run(trust.asked::await);
              assertThat(pair.client()).hasToString("TlsStream[client of localhost over Pipe]");
              trust.go.countDown(); // this task would never get here
            }));
  }

  @Test
  void a_handshake_that_looks_at_a_certificate_can_be_cancelled() throws Exception {
    var trust = new SlowTrust();
    withPair(
        trust.options(),
        server(),
        pair -> {
          var scope = CancelScope.create();
          Nursery.run(nursery -> {
            nursery.start(() -> {
              try {
                pair.server().handshake();
              } catch (BrokenStreamException e) {
                pair.server().close(); // the client told it, or not
              }
            });
            nursery.start(() -> assertThat(scope.run(pair.client()::handshake)).isFalse());
            Blocking.run(trust.asked::await);
            scope.cancel();
            assertThatThrownBy(pair.client()::handshake)
                .isInstanceOf(BrokenStreamException.class)
                .hasMessageContaining("cancelled in the middle");
            pair.client().close();
          });
        });
  }

  @Test
  void a_stream_can_be_closed_while_a_certificate_is_looked_at() throws Exception {
    var trust = new SlowTrust();
    withPair(
        trust.options(),
        server(),
        pair ->
            Nursery.run(nursery -> {
              nursery.start(() ->
                  assertThatThrownBy(pair.server()::handshake)
                      .isInstanceOf(BrokenStreamException.class));
              nursery.start(() ->
                  assertThatThrownBy(pair.client()::handshake)
                      .isInstanceOf(ClosedChannelException.class));
              nursery.start(() ->
                  assertThatThrownBy(() -> pair.client().sendAll("x"))
                      .as("who waits for the one who looks")
                      .isInstanceOf(ClosedChannelException.class));
              Blocking.run(trust.asked::await);
              pair.client().close();
              trust.go.countDown();
            }));
  }
}
