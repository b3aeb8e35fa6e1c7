package dev.roost.net;

import static dev.roost.net.Tcp.receiveAll;
import static dev.roost.net.Tls.certificates;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.BrokenStreamException;
import dev.roost.io.ByteStream;
import dev.roost.testing.MemoryStreams;
import dev.roost.testing.StreamPair;
import java.security.Provider;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Engines that are not the JDK's: a user may bring a context of any provider. */
@Timeout(30)
class TlsOtherEnginesTest {

  private static Provider conscrypt;

  @BeforeAll
  static void loadLibrary() {
    Assumptions.assumeTrue(Conscrypt.isAvailable(), "Conscrypt has no library for this system");
    conscrypt = Conscrypt.newProviderBuilder().provideTrustManager(true).build();
  }

  private static TlsOptions options(boolean other, @Nullable String own, String trusted)
      throws Exception {
    if (!other) {
      return TlsStream.with(certificates().context("TLS", own, trusted));
    }
    var trust = TrustManagerFactory.getInstance("PKIX", conscrypt);
    trust.init(certificates().identity(trusted).store());
    var context = SSLContext.getInstance("TLS", conscrypt);
    context.init(
        own == null ? null : certificates().identity(own).keys(), trust.getTrustManagers(), null);
    return TlsStream.with(context);
  }

  private record Pair(TlsStream client, TlsStream server) {
    void shakeHands() throws InterruptedException {
      Nursery.run(nursery -> {
        nursery.start(server::handshake);
        client.handshake();
      });
    }
  }

  private static Pair pair(
      StreamPair<? extends ByteStream> transports, boolean client, boolean server, String version)
      throws Exception {
    return new Pair(
        options(client, null, "ca")
            .parameters(Tls.only(version))
            .applicationProtocols("h2", "http/1.1")
            .client(transports.left(), "localhost"),
        options(server, "server", "ca")
            .applicationProtocols("http/1.1")
            .server(transports.right()));
  }

  static Stream<Arguments> combinations() {
    return Tls.VERSIONS.stream()
        .flatMap(version ->
            Stream.of(
                Arguments.of(true, true, version),
                Arguments.of(true, false, version),
                Arguments.of(false, true, version)));
  }

  @ParameterizedTest(name = "client: {0}, server: {1}, {2}")
  @MethodSource("combinations")
  void much_goes_both_ways_and_ends_well(boolean client, boolean server, String version)
      throws Exception {
    Roost.run(() -> {
      converse(pair(MemoryStreams.pair(), client, server, version), version);
      converse(pair(Tcp.ends(), client, server, version), version);
    });
  }

  private static void converse(Pair pair, String version) throws Exception {
    var there = random(100_000);
    var back = random(100_001);
    var client = pair.client();
    var server = pair.server();
    Nursery.run(nursery -> {
      nursery.start(() -> server.sendAll(back));
      nursery.start(() -> {
        client.sendAll(there);
        assertThat(Tcp.receiveExactly(client, back.length)).isEqualTo(back);
        client.closeGracefully();
      });
      assertThat(receiveAll(server)).isEqualTo(there);
      server.closeGracefully();
    });
    for (var side : List.of(client, server)) {
      assertThat(side.session().getProtocol()).isEqualTo(version);
      assertThat(side.applicationProtocol()).hasValue("http/1.1");
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void a_certificate_for_another_host_is_refused(String version) throws Exception {
    Roost.run(() -> {
      var transports = MemoryStreams.pair();
      var client =
          options(true, null, "ca")
              .parameters(Tls.only(version))
              .client(transports.left(), "other.test");
      var server = options(true, "server", "ca").server(transports.right());
      Nursery.run(nursery -> {
        nursery.start(() ->
            assertThatThrownBy(() -> server.receiveSome(1))
                .isInstanceOf(BrokenStreamException.class)
                .hasCauseInstanceOf(SSLException.class));
        assertThatThrownBy(client::handshake)
            .isInstanceOf(BrokenStreamException.class)
            .hasMessageContaining("the handshake failed: ")
            .hasMessageContaining("other.test")
            .hasCauseInstanceOf(SSLException.class);
      });
    });
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void what_was_cut_off_or_tampered_with_is_found(String version) throws Exception {
    Roost.run(() -> {
      var pair = pair(MemoryStreams.pair(), true, true, version);
      pair.shakeHands();
      pair.client().sendAll("half of wh");
      pair.client().transport().close();
      assertThat(pair.server().receiveSome(100)).hasSize(10);
      assertThatThrownBy(() -> pair.server().receiveSome(1))
          .isInstanceOf(BrokenStreamException.class)
          .hasMessageContaining("ended without a close notification");

      var other = pair(MemoryStreams.pair(), true, true, version);
      other.shakeHands();
      other.client().sendAll("x");
      assertThat(other.server().receiveSome(100)).hasSize(1);
      other.client().transport().sendAll(new byte[] {23, 3, 3, 0, 30});
      other.client().transport().sendAll(new byte[30]);
      assertThatThrownBy(() -> other.server().receiveSome(1))
          .isInstanceOf(BrokenStreamException.class)
          .hasMessageContaining("TLS failed: ")
          .hasCauseInstanceOf(SSLException.class);
    });
  }

  private static byte[] random(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
