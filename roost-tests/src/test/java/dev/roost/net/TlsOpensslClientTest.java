package dev.roost.net;

import static dev.roost.net.Tcp.text;
import static dev.roost.net.Tls.certificates;
import static dev.roost.net.Tls.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncConsumer;
import dev.roost.Blocking;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.BrokenStreamException;
import java.io.IOException;
import java.nio.file.Files;
import javax.net.ssl.ExtendedSSLSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server of ours, and {@code openssl s_client}. */
@Timeout(60)
class TlsOpensslClientTest {

  private static final String VERIFYING =
      " -servername localhost -CAfile ca.pem -verify_return_error -verify_hostname localhost";

  /** What the two do. */
  private interface Script {
    void play(TlsStream stream, Openssl.Peer client) throws Exception;
  }

  /** One client, one conversation. */
  private static void withClient(TlsOptions server, String options, Script script)
      throws Exception {
    var folder = certificates().folder();
    Roost.run(() -> {
      try (var listener = TcpListener.open(Tcp.ANY_PORT);
          var client =
              Openssl.start(
                  folder,
                  "s_client -connect 127.0.0.1:"
                      + listener.localAddress().getPort()
                      + " "
                      + options);
          var stream = server.server(listener.accept())) {
        script.play(stream, client);
      }
    });
  }

  private static String line(TlsStream stream) throws IOException, InterruptedException {
    var line = new StringBuilder();
    while (line.indexOf("\n") < 0) {
      byte[] some = stream.receiveSome(100);
      assertThat(some).as("more than %s", line).isNotEmpty();
      line.append(text(some));
    }
    return line.toString().strip();
  }

  @ParameterizedTest
  @CsvSource({"tls1_2, TLSv1.2", "tls1_3, TLSv1.3"})
  void talks_and_says_goodbye(String option, String version) throws Exception {
    withClient(
        server(),
        "-" + option + VERIFYING,
        (stream, client) -> {
          client.type("hello\n");
          assertThat(line(stream)).isEqualTo("hello");
          assertThat(stream.session().getProtocol()).isEqualTo(version);
          stream.sendAll("nice to meet you\n");
          Blocking.run(() -> client.await("nice to meet you"));
          client.typeEnd();
          assertThat(stream.receiveSome(1)).as("the close notification").isEmpty();
          stream.closeGracefully();
        });
  }

  @Test
  void hears_our_goodbye() throws Exception {
    withClient(
        server(),
        VERIFYING.strip(),
        (stream, client) -> {
          stream.sendAll("bye\n");
          stream.closeGracefully();
          var all = Blocking.call(client::rest);
          assertThat(all).contains("bye\n", "closed").doesNotContain("unexpected eof");
        });
  }

  @Test
  void chooses_a_protocol() throws Exception {
    withClient(
        server().applicationProtocols("http/1.1"),
        "-alpn h2,http/1.1" + VERIFYING,
        (stream, client) -> {
          stream.handshake();
          assertThat(stream.applicationProtocol()).hasValue("http/1.1");
          Blocking.run(() -> client.await("ALPN protocol: http/1.1"));
        });
  }

  @Test
  void says_which_name_it_wants() throws Exception {
    withClient(
        server(),
        "-servername server.test -CAfile ca.pem",
        (stream, client) -> {
          stream.handshake();
          var session = (ExtendedSSLSession) stream.session();
          assertThat(session.getRequestedServerNames().toString()).contains("server.test");
        });
  }

  @Test
  void shows_its_certificate() throws Exception {
    withClient(
        TlsStream.with(certificates().with("server")).needClientCertificate(),
        "-cert client.pem -key client.key" + VERIFYING,
        (stream, client) -> {
          stream.handshake();
          assertThat(stream.session().getPeerPrincipal()).hasToString("CN=client");
        });
  }

  @Test
  void has_no_certificate_to_show() throws Exception {
    withClient(
        server().needClientCertificate(),
        VERIFYING.strip(),
        (stream, client) -> {
          assertThatThrownBy(stream::handshake).isInstanceOf(BrokenStreamException.class);
          stream.close();
          assertThat(Blocking.call(client::rest)).contains("certificate required");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls1_2", "tls1_3"})
  void resumes_a_session(String option) throws Exception {
    var server = server();
    var file = Files.createTempFile(certificates().folder(), "session", "");
    file.toFile().deleteOnExit();
    AsyncConsumer<String, Exception> talk =
        options ->
            withClient(
                server,
                options,
                (stream, client) -> {
                  client.type("hello\n");
                  line(stream);
                  stream.sendAll("nice to meet you\n"); // after the ticket
                  var output = Blocking.call(() -> client.await("nice to meet you"));
                  assertThat(output).contains(options.contains("-sess_in") ? "Reused, " : "New, ");
                  client.typeEnd();
                  stream.close(); // it waits for that
                  Blocking.run(client::rest);
                });
    talk.accept("-" + option + " -sess_out " + file + VERIFYING);
    talk.accept("-" + option + " -sess_in " + file + VERIFYING);
  }

  @Test
  void refuses_an_expired_certificate() throws Exception {
    withClient(
        TlsStream.with(certificates().with("expired")),
        VERIFYING.strip(),
        (stream, client) ->
            assertThatThrownBy(() -> stream.receiveSome(1))
                .isInstanceOf(BrokenStreamException.class)
                .hasMessageContaining("certificate_expired"));
  }

  @Test
  void refuses_another_host() throws Exception {
    withClient(
        server(),
        "-CAfile ca.pem -verify_return_error -verify_hostname other.test",
        (stream, client) ->
            assertThatThrownBy(() -> stream.receiveSome(1))
                .isInstanceOf(BrokenStreamException.class)
                .hasMessageContaining("bad_certificate"));
  }

  @Test
  void disappears() throws Exception {
    withClient(
        server(),
        VERIFYING.strip(),
        (stream, client) ->
            Nursery.run(nursery -> {
              stream.handshake();
              client.kill();
              assertThatThrownBy(() -> stream.receiveSome(1))
                  .isInstanceOf(BrokenStreamException.class);
            }));
  }

  @ParameterizedTest
  @CsvSource({"tls1_3, K, KEYUPDATE", "tls1_3, k, KEYUPDATE", "tls1_2, R, RENEGOTIATING"})
  void shakes_hands_again(String option, String command, String answer) throws Exception {
    withClient(
        server(),
        "-" + option + VERIFYING,
        (stream, client) ->
            Nursery.run(nursery -> {
              client.type("hello\n");
              assertThat(line(stream)).isEqualTo("hello");
              nursery.start(() ->
                  Blocking.run(() -> {
                    client.type(command + "\n");
                    client.await(answer);
                    client.type("behind it\n");
                  }));
              assertThat(line(stream)).isEqualTo("behind it");
              stream.sendAll("thank you\n");
              Blocking.run(() -> client.await("thank you"));
            }));
  }
}
