package dev.roost.net;

import static dev.roost.net.Tcp.receiveAll;
import static dev.roost.net.Tcp.receiveExactly;
import static dev.roost.net.Tcp.text;
import static dev.roost.net.Tls.client;
import static dev.roost.net.Tls.only;
import static dev.roost.net.Tls.server;
import static dev.roost.net.Tls.withNewPair;
import static dev.roost.net.Tls.withPair;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.BrokenStreamException;
import java.nio.ByteBuffer;
import java.util.Random;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations that go well. */
@Timeout(30)
class TlsStreamTest {

  private static byte[] random(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void what_is_sent_arrives_and_the_handshake_is_made_on_the_way(String version) throws Exception {
    withPair(
        client().parameters(only(version)),
        server(),
        pair ->
            Nursery.run(nursery -> {
              nursery.start(() -> pair.server().sendAll(pair.server().receiveSome(100)));
              pair.client().sendAll("hello");
              assertThat(text(pair.client().receiveSome(100))).isEqualTo("hello");
              assertThat(pair.client().session().getProtocol()).isEqualTo(version);
              assertThat(pair.server().session().getProtocol()).isEqualTo(version);
            }));
  }

  @Test
  void nothing_is_sent_before_it_is_needed() throws Exception {
    withNewPair(pair -> {
      Roost.checkpoint();
      assertThat(pair.clientsPipe().sent).isEmpty();
    });
  }

  @Test
  void nothing_readable_goes_over_the_wire() throws Exception {
    withPair(pair -> {
      pair.client().sendAll("a secret that nobody may read");
      assertThat(pair.clientsPipe().sent).noneMatch(piece -> text(piece).contains("secret"));
      assertThat(text(pair.server().receiveSome(100))).isEqualTo("a secret that nobody may read");
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void a_lot_goes_both_ways_at_once(String version) throws Exception {
    var there = random(200_000);
    var back = random(200_001);
    Roost.run(() -> {
      var pair = Tls.pair(client().parameters(only(version)), server(), Pipe.pair(1));
      Nursery.run(nursery -> {
        nursery.start(() -> {
          pair.client().sendAll(there);
          pair.client().closeGracefully();
        });
        nursery.start(() -> pair.server().sendAll(back));
        nursery.start(() -> assertThat(receiveAll(pair.server())).isEqualTo(there));
        assertThat(receiveExactly(pair.client(), back.length)).isEqualTo(back);
      });
    });
  }

  @Test
  void a_lot_goes_both_ways_over_tcp() throws Exception {
    var there = random(300_000);
    var back = random(300_001);
    Tcp.withSmallPair(tcp -> {
      var client = client().client(tcp.client(), "localhost");
      var server = server().server(tcp.server());
      Nursery.run(nursery -> {
        nursery.start(() -> client.sendAll(there));
        nursery.start(() -> server.sendAll(back));
        nursery.start(() -> assertThat(receiveExactly(server, there.length)).isEqualTo(there));
        assertThat(receiveExactly(client, back.length)).isEqualTo(back);
      });
    });
  }

  @Test
  void a_conversation_in_a_conversation() throws Exception {
    var there = random(300_000);
    withNewPair(outer -> {
      var client = client().client(outer.client(), "server.test");
      var server = server().server(outer.server());
      Nursery.run(nursery -> {
        nursery.start(() -> {
          client.sendAll(there);
          client.closeGracefully();
        });
        assertThat(receiveAll(server)).isEqualTo(there);
      });
      server.close();
      assertThat(outer.serversPipe().closed).isTrue();
    });
  }

  @Test
  void what_is_received_is_handed_out_in_pieces_of_any_size() throws Exception {
    withPair(pair -> {
      pair.client().sendAll("0123456789");
      assertThat(text(pair.server().receiveSome(3))).isEqualTo("012");
      var two = ByteBuffer.allocate(2);
      assertThat(pair.server().receiveSome(two)).isEqualTo(2);
      assertThat(text(two.array())).isEqualTo("34");
      pair.client().sendAll("!");
      assertThat(text(pair.server().receiveSome(100))).isEqualTo("56789");
      var direct = ByteBuffer.allocateDirect(10);
      assertThat(pair.server().receiveSome(direct)).isEqualTo(1);
    });
  }

  @Test
  void sending_takes_all_of_any_buffer_and_nothing_is_fine() throws Exception {
    withPair(pair -> {
      var direct = ByteBuffer.allocateDirect(100_000);
      Nursery.run(nursery -> {
        nursery.start(() -> receiveExactly(pair.server(), 100_000));
        pair.client().sendAll(direct);
      });
      assertThat(direct.hasRemaining()).isFalse();
      int pieces = pair.clientsPipe().sent.size();
      pair.client().sendAll("");
      assertThat(pair.clientsPipe().sent).hasSize(pieces);
      pair.client().waitSendAllMightNotBlock();
    });
  }

  @Test
  void the_handshake_is_made_once_however_many_ask_for_it() throws Exception {
    withNewPair(pair ->
        Nursery.run(nursery -> {
          for (int i = 0; i < 3; i++) {
            nursery.start(pair.client()::handshake);
            nursery.start(pair.server()::handshake);
          }
          nursery.start(() -> pair.client().sendAll("x"));
          assertThat(text(pair.server().receiveSome(1))).isEqualTo("x");
          pair.client().handshake();
        }));
  }

  @Test
  void the_protocol_that_both_can_talk_is_chosen() throws Exception {
    withPair(
        client().applicationProtocols("h2", "http/1.1"),
        server().applicationProtocols("spdy", "http/1.1"),
        pair -> {
          pair.shakeHands();
          assertThat(pair.client().applicationProtocol()).hasValue("http/1.1");
          assertThat(pair.server().applicationProtocol()).hasValue("http/1.1");
        });
  }

  @Test
  void no_protocol_is_chosen_if_none_was_offered() throws Exception {
    withPair(pair -> assertThat(pair.client().applicationProtocol()).isEmpty());
  }

  @Test
  void the_server_hears_the_name_that_the_client_wants() throws Exception {
    withPair(pair -> {
      var session = (ExtendedSSLSession) pair.server().session();
      assertThat(session.getRequestedServerNames())
          .hasToString("[type=host_name (0), value=localhost]");
    });
  }

  @Test
  void a_client_shows_its_certificate_if_it_is_asked() throws Exception {
    withPair(
        TlsStream.with(Tls.certificates().with("client")),
        server().needClientCertificate(),
        pair -> {
          pair.shakeHands();
          assertThat(pair.server().session().getPeerPrincipal()).hasToString("CN=client");
        });
  }

  @Test
  void a_client_without_a_certificate_is_welcome_where_it_is_only_wanted() throws Exception {
    withPair(
        client(),
        server().wantClientCertificate(),
        pair -> {
          pair.shakeHands();
          assertThatThrownBy(() -> pair.server().session().getPeerPrincipal())
              .isInstanceOf(javax.net.ssl.SSLPeerUnverifiedException.class);
        });
  }

  @Test
  void a_client_without_a_certificate_is_turned_away_where_it_is_needed() throws Exception {
    withPair(
        client(),
        server().needClientCertificate(),
        pair ->
            Nursery.run(nursery -> {
              nursery.start(() ->
                  assertThatThrownBy(pair.server()::handshake)
                      .isInstanceOf(BrokenStreamException.class)
                      .hasCauseInstanceOf(SSLHandshakeException.class));
              assertThatThrownBy(() -> pair.client().receiveSome(1))
                  .isInstanceOf(BrokenStreamException.class)
                  .hasMessageContaining("certificate_required");
            }));
  }

  @Test
  void before_the_handshake_there_is_no_session() throws Exception {
    withNewPair(pair -> {
      assertThatThrownBy(pair.client()::session)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(
              "TlsStream[client of localhost over Pipe] has none before the handshake")
          .hasMessageContaining("Call handshake() first");
      assertThatThrownBy(pair.client()::applicationProtocol)
          .isInstanceOf(IllegalStateException.class);
      assertThat(pair.server()).hasToString("TlsStream[server over Pipe]");
      assertThat(pair.client().transport()).isSameAs(pair.clientPipe());
    });
  }

  @Test
  void a_second_conversation_resumes_the_session_of_the_first() throws Exception {
    var client = client();
    var server = server();
    withPair(
        client,
        server,
        first -> {
          first.shakeHands();
          Nursery.run(nursery -> {
            nursery.start(() -> first.server().sendAll("the ticket comes before this"));
            first.client().receiveSome(100);
          });
          try (var second = Tls.pair(client, server, Pipe.pair())) {
            second.shakeHands();
            assertThat(second.client().session().getCreationTime())
                .isEqualTo(first.client().session().getCreationTime());
          }
        });
  }
}
