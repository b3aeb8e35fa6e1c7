package dev.roost.net;

import static dev.roost.net.Tls.cause;
import static dev.roost.net.Tls.certificates;
import static dev.roost.net.Tls.client;
import static dev.roost.net.Tls.server;
import static dev.roost.net.Tls.withNewPair;
import static dev.roost.net.Tls.withPair;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncRunnable;
import dev.roost.CancelScope;
import dev.roost.Cancelled;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.BrokenStreamException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.ArrayList;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Conversations that fail, and what the two sides hear of it. */
@Timeout(30)
class TlsFailureTest {

  /** Both sides make the handshake, and it fails. Gives what the client gets. */
  private static Throwable failure(TlsStream client, TlsStream server) throws Exception {
    var errors = new ArrayList<Throwable>();
    Nursery.run(nursery -> {
      nursery.start(() ->
          assertThatThrownBy(() -> server.receiveSome(1))
              .as("what the server is told")
              .isInstanceOf(BrokenStreamException.class)
              .hasMessageContaining("Received fatal alert")
              .hasCauseInstanceOf(SSLException.class));
      try {
        client.handshake();
      } catch (BrokenStreamException e) {
        errors.add(e);
      }
    });
    assertThat(errors).hasSize(1);
    assertThatThrownBy(() -> client.sendAll("x"))
        .isInstanceOf(BrokenStreamException.class)
        .hasMessage(errors.getFirst().getMessage());
    return errors.getFirst();
  }

  private static Throwable failure(TlsOptions client, String host, TlsOptions server)
      throws Exception {
    return Roost.call(() -> {
      var pipes = Pipe.pair();
      return failure(client.client(pipes.client(), host), server.server(pipes.server()));
    });
  }

  @Test
  void a_certificate_for_another_host_is_refused() throws Exception {
    var error = failure(client(), "other.test", server());
    assertThat(error)
        .hasMessageContaining("TlsStream[client of other.test over Pipe] is broken")
        .hasMessageContaining("the handshake failed")
        .hasMessageContaining("other.test found")
        .hasCauseInstanceOf(SSLHandshakeException.class);
    assertThat(cause(error, CertificateException.class)).isNotNull();
  }

  @Test
  void a_certificate_for_another_address_is_refused() throws Exception {
    assertThat(failure(client(), "127.0.0.2", server())).hasMessageContaining("127.0.0.2");
  }

  @Test
  void an_address_that_is_in_the_certificate_is_accepted() throws Exception {
    Roost.run(() -> {
      var pipes = Pipe.pair();
      var client = client().client(pipes.client(), "127.0.0.1");
      var server = server().server(pipes.server());
      new Tls.Pair(client, server, pipes.client(), pipes.server()).shakeHands().close();
    });
  }

  @Test
  void another_host_is_accepted_if_nobody_is_to_look() throws Exception {
    Roost.run(() -> {
      var pipes = Pipe.pair();
      var client = client().withoutHostVerification().client(pipes.client(), "other.test");
      var server = server().server(pipes.server());
      new Tls.Pair(client, server, pipes.client(), pipes.server()).shakeHands().close();
    });
  }

  @Test
  void an_expired_certificate_is_refused() throws Exception {
    var expired = TlsStream.with(certificates().with("expired"));
    var error = failure(client(), "localhost", expired);
    assertThat(cause(error, CertificateExpiredException.class)).isNotNull();
  }

  @Test
  void a_certificate_that_nobody_has_signed_is_refused_unless_it_is_trusted() throws Exception {
    var alone = TlsStream.with(certificates().with("alone"));
    var error = failure(client(), "localhost", alone);
    assertThat(error).hasMessageContaining("unable to find valid certification path");
    assertThat(cause(error, CertPathValidatorException.class)).isNull();
    withPair(
        TlsStream.with(certificates().trustingOnly("alone")), alone, pair -> pair.shakeHands());
  }

  @Test
  void sides_that_have_no_version_in_common_fail() throws Exception {
    var error =
        Roost.call(() -> {
          var pair =
              Tls.pair(
                  client().parameters(Tls.only("TLSv1.2")),
                  server().parameters(Tls.only("TLSv1.3")),
                  Pipe.pair());
          return failureOfBoth(pair.client(), pair.server());
        });
    assertThat(error).hasMessageContaining("protocol_version");
  }

  @Test
  void sides_that_have_no_application_protocol_in_common_fail() throws Exception {
    var error =
        Roost.call(() -> {
          var pair =
              Tls.pair(
                  client().applicationProtocols("h2"),
                  server().applicationProtocols("spdy"),
                  Pipe.pair());
          return failureOfBoth(pair.client(), pair.server());
        });
    assertThat(error).hasMessageContaining("no_application_protocol");
  }

  private static Throwable failureOfBoth(TlsStream client, TlsStream server) throws Exception {
    var errors = new ArrayList<Throwable>();
    Nursery.run(nursery -> {
      nursery.start(
          () -> assertThatThrownBy(server::handshake).isInstanceOf(BrokenStreamException.class));
      try {
        client.handshake();
      } catch (BrokenStreamException e) {
        errors.add(e);
      }
    });
    return errors.getFirst();
  }

  @Test
  void somebody_who_does_not_talk_tls_is_refused_and_told() throws Exception {
    withNewPair(pair -> {
      pair.clientPipe().sendAll("GET / HTTP/1.1\r\n\r\n");
      assertThatThrownBy(pair.server()::handshake)
          .isInstanceOf(BrokenStreamException.class)
          .hasCauseInstanceOf(SSLException.class);
      assertThatThrownBy(pair.server()::handshake).isInstanceOf(BrokenStreamException.class);
    });
  }

  @Test
  void garbage_after_the_handshake_breaks_both_directions() throws Exception {
    withPair(pair -> {
      pair.clientPipe()
          .sendAll(
              new byte[] {
                23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
              });
      assertThatThrownBy(() -> pair.server().receiveSome(1))
          .isInstanceOf(BrokenStreamException.class)
          .hasMessageContaining("TLS failed: ")
          .hasCauseInstanceOf(SSLException.class);
      assertThatThrownBy(() -> pair.server().receiveSome(1))
          .isInstanceOf(BrokenStreamException.class);
      assertThatThrownBy(() -> pair.server().sendAll("x"))
          .isInstanceOf(BrokenStreamException.class);
      assertThatThrownBy(() -> pair.client().receiveSome(1))
          .as("the alert")
          .isInstanceOf(BrokenStreamException.class)
          .hasMessageContaining("Received fatal alert");
    });
  }

  @Test
  void a_handshake_that_is_cancelled_leaves_a_broken_stream() throws Exception {
    withNewPair(pair -> {
      cancel(pair.client()::handshake);
      assertBroken(pair.client(), "the handshake was cancelled in the middle");
      pair.client().close();
      assertThat(pair.clientsPipe().closed).isTrue();
    });
  }

  @Test
  void whoever_waits_for_a_handshake_that_is_cancelled_hears_of_it() throws Exception {
    withNewPair(pair -> {
      var scope = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(() -> scope.run(() -> pair.client().sendAll("x")));
        waitAllTasksBlocked();
        nursery.start(() ->
            assertThatThrownBy(() -> pair.client().receiveSome(1))
                .isInstanceOf(BrokenStreamException.class)
                .hasMessageContaining("the handshake was cancelled"));
        waitAllTasksBlocked();
        scope.cancel();
      });
    });
  }

  @Test
  void whoever_waits_for_the_handshake_of_another_task_can_be_cancelled_without_harm()
      throws Exception {
    withNewPair(pair ->
        Nursery.run(nursery -> {
          nursery.start(() -> pair.client().sendAll("x"));
          waitAllTasksBlocked();
          cancel(() -> pair.client().receiveSome(1));
          assertThat(pair.server().receiveSome(1)).hasSize(1);
        }));
  }

  @Test
  void what_is_cancelled_before_it_begins_does_no_harm() throws Exception {
    withNewPair(pair -> {
      var scope = CancelScope.create();
      scope.cancel();
      for (var call : TlsEndTest.CALLS) {
        scope(scope, () -> call.accept(pair.client()));
        scope = CancelScope.create();
        scope.cancel();
      }
      pair.shakeHands();
    });
  }

  private static void scope(CancelScope scope, AsyncRunnable<?> call) throws Exception {
    scope.run(call::run);
  }

  @Test
  void a_send_that_is_cancelled_in_the_middle_leaves_a_broken_stream() throws Exception {
    Roost.run(() -> {
      var pair = Tls.pair(client(), server(), Pipe.pair(1)).shakeHands();
      cancel(() -> pair.client().sendAll(new byte[1_000_000]));
      assertBroken(pair.client(), "a send was cancelled in the middle");
      pair.client().close();
      assertThat(pair.clientsPipe().closed).isTrue();
    });
  }

  @Test
  void a_receive_that_is_cancelled_loses_nothing() throws Exception {
    withPair(pair -> {
      for (int i = 0; i < 3; i++) {
        cancel(() -> pair.server().receiveSome(1));
        pair.client().sendAll("x");
        assertThat(pair.server().receiveSome(10)).hasSize(1);
      }
    });
  }

  /** Runs a call until it waits, and cancels it. */
  private static void cancel(AsyncRunnable<?> call) throws InterruptedException {
    var scope = CancelScope.create();
    Nursery.run(nursery -> {
      nursery.start(() -> assertThat(scope.run(call::run)).as("not cut short").isFalse());
      waitAllTasksBlocked();
      scope.cancel();
    });
  }

  private static void assertBroken(TlsStream stream, String how) {
    for (var call : TlsEndTest.CALLS) {
      assertThatThrownBy(() -> call.accept(stream))
          .isInstanceOf(BrokenStreamException.class)
          .hasMessageContaining(how)
          .hasMessageContaining("Close it, and open another one.")
          .hasCauseInstanceOf(Cancelled.class);
    }
  }

  @Test
  void a_transport_that_does_not_send_any_more_can_still_be_received_from() throws Exception {
    withPair(pair -> {
      pair.server().sendAll("the last words");
      pair.serversPipe().stopReceiving();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> pair.client().sendAll("x"))
            .isInstanceOf(BrokenStreamException.class)
            .hasMessageContaining("its transport does not send any more")
            .hasCauseInstanceOf(BrokenStreamException.class);
      }
      assertThat(pair.client().receiveSome(100)).hasSize(14);
    });
  }

  @Test
  void a_transport_that_breaks_breaks_the_stream() throws Exception {
    withPair(pair -> {
      pair.clientsPipe().broken = true;
      assertThatThrownBy(() -> pair.client().receiveSome(1))
          .isInstanceOf(BrokenStreamException.class)
          .hasMessageContaining("its transport does not receive any more")
          .hasCauseInstanceOf(BrokenStreamException.class);
    });
  }

  @Test
  void a_transport_that_somebody_else_closes_is_closed() throws Exception {
    withPair(pair -> {
      pair.clientPipe().close();
      assertThatThrownBy(() -> pair.client().receiveSome(1))
          .isInstanceOf(java.nio.channels.ClosedChannelException.class);
      assertThatThrownBy(() -> pair.client().sendAll("x"))
          .isInstanceOf(java.nio.channels.ClosedChannelException.class);
      pair.client().close();
    });
  }
}
