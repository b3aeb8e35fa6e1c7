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
import dev.roost.testing.StreamChecks;
import dev.roost.testing.StreamPair;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Engines that are not the JDK's: a user may bring a context of any provider, or Netty's. */
@Timeout(30)
class TlsOtherEnginesTest {

  /** The JDK's where there is no other. */
  private static TlsOptions options(
      @Nullable OtherEngine engine, @Nullable String own, String trusted) throws Exception {
    return engine == null
        ? TlsStream.with(certificates().context("TLS", own, trusted))
        : engine.options(own, trusted);
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
      StreamPair<? extends ByteStream> transports,
      @Nullable OtherEngine client,
      @Nullable OtherEngine server,
      String version)
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
    return engines()
        .flatMap(all -> {
          var engine = all.get()[0];
          var version = all.get()[1];
          return Stream.of(
              Arguments.of(engine, engine, version),
              Arguments.of(engine, null, version),
              Arguments.of(null, engine, version));
        });
  }

  static Stream<Arguments> engines() {
    return Stream.of(OtherEngine.values())
        .filter(OtherEngine::isAvailable)
        .flatMap(engine -> Tls.VERSIONS.stream().map(version -> Arguments.of(engine, version)));
  }

  @ParameterizedTest(name = "client: {0}, server: {1}, {2}")
  @MethodSource("combinations")
  void much_goes_both_ways_and_ends_well(
      @Nullable OtherEngine client, @Nullable OtherEngine server, String version) throws Exception {
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

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("engines")
  void a_certificate_for_another_host_is_refused(OtherEngine engine, String version)
      throws Exception {
    Roost.run(() -> {
      var transports = MemoryStreams.pair();
      var client =
          options(engine, null, "ca")
              .parameters(Tls.only(version))
              .client(transports.left(), "other.test");
      var server = options(engine, "server", "ca").server(transports.right());
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

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("engines")
  void what_was_cut_off_or_tampered_with_is_found(OtherEngine engine, String version)
      throws Exception {
    Roost.run(() -> {
      var pair = pair(MemoryStreams.pair(), engine, engine, version);
      pair.shakeHands();
      pair.client().sendAll("half of wh");
      pair.client().transport().close();
      assertThat(pair.server().receiveSome(100)).hasSize(10);
      assertThatThrownBy(() -> pair.server().receiveSome(1))
          .isInstanceOf(BrokenStreamException.class)
          .hasMessageContaining("ended without a close notification");

      var other = pair(MemoryStreams.pair(), engine, engine, version);
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

  @ParameterizedTest(name = "{0}")
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BOUNCY_CASTLE") // slow, and nothing new
  void streams_keep_the_contract_of_all_streams(OtherEngine engine) throws Exception {
    Assumptions.assumeTrue(engine.isAvailable());
    Roost.run(() ->
        StreamChecks.endingBy(stream -> ((TlsStream) stream).closeGracefully())
            .twoWay(() -> newPair(engine)));
  }

  private static StreamPair<TlsStream> newPair(OtherEngine engine) throws InterruptedException {
    try {
      var pair = pair(MemoryStreams.pair(), engine, engine, "TLSv1.3");
      pair.shakeHands();
      return new StreamPair<>(pair.client(), pair.server());
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] random(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
