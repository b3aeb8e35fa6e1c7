package dev.roost.net;

import static dev.roost.net.Tcp.receiveExactly;
import static dev.roost.net.Tcp.text;
import static dev.roost.net.Tls.certificates;
import static dev.roost.net.Tls.client;
import static dev.roost.net.Tls.only;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.Blocking;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.BrokenStreamException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client of ours, and {@code openssl s_server}. */
@Timeout(60)
class TlsOpensslServerTest {

  private static final String REVERSE = "-cert server.pem -key server.key -rev";
  private static final String TERMINAL = "-cert server.pem -key server.key";

  /** What a client does with a port. */
  private interface Client {
    void talk(int port, Openssl.Peer server) throws Exception;
  }

  private static void withServer(String options, Client client) throws Exception {
    try (var server =
        Openssl.start(certificates().folder(), "s_server -accept 127.0.0.1:0 " + options)) {
      int port = server.port();
      Roost.run(() -> client.talk(port, server));
    }
  }

  private static String ask(TlsStream stream, String line) throws Exception {
    stream.sendAll(line + "\n");
    return text(receiveExactly(stream, line.length() + 1)).strip();
  }

  @ParameterizedTest
  @CsvSource({"tls1_2, TLSv1.2", "tls1_3, TLSv1.3"})
  void talks(String option, String version) throws Exception {
    withServer(
        REVERSE + " -" + option,
        (port, server) -> {
          try (var stream = client().connect("localhost", port)) {
            assertThat(ask(stream, "hello")).isEqualTo("olleh");
            assertThat(stream.session().getProtocol()).isEqualTo(version);
            stream.sendAll("CLOSE\n"); // the one word that ends the conversation
            assertThat(stream.receiveSome(1)).isEmpty();
            stream.closeGracefully();
          }
        });
  }

  @Test
  void chooses_a_protocol() throws Exception {
    withServer(
        REVERSE + " -alpn http/1.1",
        (port, server) -> {
          try (var stream =
              client().applicationProtocols("h2", "http/1.1").connect("localhost", port)) {
            stream.handshake();
            assertThat(stream.applicationProtocol()).hasValue("http/1.1");
          }
        });
  }

  @Test
  void is_told_the_name_that_the_client_wants() throws Exception {
    withServer(
        REVERSE + " -servername localhost -servername_fatal -cert2 server.pem -key2 server.key",
        (port, server) -> {
          try (var stream = client().connect("localhost", port)) {
            assertThat(ask(stream, "hello")).isEqualTo("olleh");
          }
          try (var stream = client().client(TcpStream.connect("127.0.0.1", port), "server.test")) {
            assertThatThrownBy(stream::handshake).hasMessageContaining("unrecognized_name");
          }
        });
  }

  @Test
  void asks_for_a_certificate() throws Exception {
    withServer(
        REVERSE + " -Verify 1 -verify_return_error -CAfile ca.pem",
        (port, server) -> {
          try (var stream =
              TlsStream.with(certificates().with("client")).connect("localhost", port)) {
            assertThat(ask(stream, "hello")).isEqualTo("olleh");
          }
          try (var stream = client().connect("localhost", port)) {
            assertThatThrownBy(() -> ask(stream, "hello"))
                .isInstanceOf(BrokenStreamException.class)
                .hasMessageContaining("certificate_required");
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls1_2", "tls1_3"})
  void resumes_a_session(String option) throws Exception {
    withServer(
        REVERSE + " -" + option,
        (port, server) -> {
          var options = client();
          long created;
          try (var stream = options.connect("localhost", port)) {
            ask(stream, "hello");
            created = stream.session().getCreationTime();
          }
          try (var stream = options.connect("localhost", port)) {
            assertThat(ask(stream, "again")).isEqualTo("niaga");
            assertThat(stream.session().getCreationTime()).isEqualTo(created);
          }
        });
  }

  @Test
  void has_the_certificate_of_another_host() throws Exception {
    withServer(
        REVERSE,
        (port, server) -> {
          try (var stream = client().client(TcpStream.connect("127.0.0.1", port), "other.test")) {
            assertThatThrownBy(() -> ask(stream, "hello"))
                .isInstanceOf(BrokenStreamException.class)
                .hasMessageContaining("other.test")
                .hasCauseInstanceOf(SSLException.class);
          }
          Blocking.run(() -> server.await("alert"));
        });
  }

  @Test
  void has_an_expired_certificate() throws Exception {
    withServer(
        "-cert expired.pem -key expired.key -rev",
        (port, server) -> {
          try (var stream = client().connect("localhost", port)) {
            assertThatThrownBy(stream::handshake)
                .satisfies(
                    e -> assertThat(Tls.cause(e, CertificateExpiredException.class)).isNotNull());
          }
        });
  }

  @Test
  void has_a_certificate_that_it_has_signed_itself() throws Exception {
    withServer(
        "-cert alone.pem -key alone.key -rev",
        (port, server) -> {
          try (var stream = client().connect("localhost", port)) {
            assertThatThrownBy(stream::handshake)
                .hasMessageContaining("unable to find valid certification path");
          }
          var trusting = TlsStream.with(certificates().trustingOnly("alone"));
          try (var stream = trusting.connect("localhost", port)) {
            assertThat(ask(stream, "hello")).isEqualTo("olleh");
          }
        });
  }

  @Test
  void disappears() throws Exception {
    withServer(
        REVERSE,
        (port, server) ->
            Nursery.run(nursery -> {
              var stream = client().connect("localhost", port);
              ask(stream, "hello");
              nursery.start(() -> {
                assertThatThrownBy(() -> stream.receiveSome(1))
                    .isInstanceOf(BrokenStreamException.class);
                stream.close();
              });
              waitAllTasksBlocked();
              server.kill();
            }));
  }

  @ParameterizedTest
  @CsvSource({"tls1_3, K", "tls1_3, k", "tls1_2, r"})
  void shakes_hands_again(String option, String command) throws Exception {
    withServer(
        TERMINAL + " -" + option,
        (port, server) -> {
          try (var stream = client().connect("localhost", port)) {
            stream.sendAll("hello\n");
            Blocking.run(() -> server.await("hello\n"));
            Nursery.run(nursery -> {
              nursery.start(
                  () -> assertThat(text(receiveExactly(stream, 10))).isEqualTo("behind it\n"));
              server.type(command + "\n");
              for (var output = ""; !output.contains("SSL_do_handshake -> 1"); ) {
                stream.sendAll("done?\n"); // makes openssl write what it has to say
                output = Blocking.call(() -> server.await("done?\n"));
              }
              server.type("behind it\n");
            });
            stream.sendAll("thank you\n");
            Blocking.run(() -> server.await("thank you\n"));
          }
        });
  }

  @Test
  void talks_an_older_version_only() throws Exception {
    withServer(
        REVERSE + " -tls1_2",
        (port, server) -> {
          try (var stream = client().parameters(only("TLSv1.3")).connect("localhost", port)) {
            assertThatThrownBy(stream::handshake).hasMessageContaining("protocol_version");
          }
        });
  }
}
