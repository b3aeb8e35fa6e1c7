package dev.roost.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.BrokenStreamException;
import dev.roost.io.ByteStream;
import dev.roost.net.Certificates;
import dev.roost.net.Serve;
import dev.roost.net.TcpListener;
import dev.roost.net.TlsListener;
import dev.roost.net.TlsOptions;
import dev.roost.net.TlsStream;
import dev.roost.testing.MemoryStreams;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The samples of tls.md. */
@Timeout(30)
class TlsTest {

  // @start region="client"
  static String greet(String host, int port) throws IOException, InterruptedException {
    try (TlsStream stream = TlsStream.connect(host, port)) {
      stream.sendAll("hello\n");
      String answer = new String(stream.receiveSome(1000), UTF_8);
      stream.closeGracefully();
      return answer;
    }
  }

  // @end

  // @start region="context"
  static SSLContext trusting(KeyStore authorities) throws GeneralSecurityException {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  // @end

  // @start region="netty"
  static TlsOptions netty(SslContextBuilder builder) throws SSLException {
    SslContext context = builder.sslProvider(SslProvider.OPENSSL).build();
    return TlsStream.with(
        (host, port) -> context.newEngine(UnpooledByteBufAllocator.DEFAULT, host, port));
  }

  // @end

  private static void echo(ByteStream stream) throws IOException, InterruptedException {
    for (byte[] some; (some = stream.receiveSome(1000)).length > 0; ) {
      stream.sendAll(some);
    }
  }

  // @start region="server"
  static void serve(TcpListener tcp, SSLContext context) throws InterruptedException {
    TlsListener listener = TlsStream.with(context).listener(tcp);
    Serve.onHandlerError(e -> System.getLogger("echo").log(Level.DEBUG, "lost a client", e))
        .listeners(List.of(listener), TlsTest::echo);
  }

  // @end

  @Test
  void a_server_answers_those_who_trust_it_and_survives_those_who_do_not() throws Exception {
    var context = Certificates.get().with("server");
    var trusting = trusting(Certificates.get().authorities());
    Roost.run(() ->
        Nursery.run(nursery -> {
          var tcp = TcpListener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
          int port = tcp.localAddress().getPort();
          nursery.start(() -> serve(tcp, context));
          assertThatThrownBy(() -> greet("localhost", port))
              .isInstanceOf(BrokenStreamException.class);
          try (var stream = options(trusting).connect("localhost", port)) {
            stream.sendAll("hello");
            assertThat(stream.receiveSome(100)).asString().isEqualTo("hello");
          }
          nursery.cancel();
        }));
  }

  private static TlsOptions options(SSLContext context) {
    // @start region="options"
    TlsOptions web =
        TlsStream.with(context).applicationProtocols("h2", "http/1.1").httpsCompatible();
    // @end
    return web;
  }

  @Test
  void both_sides_in_memory() throws Exception {
    var context = Certificates.get().with("server");
    var trusting = Certificates.get().trustingAll();
    Roost.run(() -> {
      // @start region="memory"
      var transports = MemoryStreams.pair();
      try (var client = TlsStream.client(transports.left(), trusting, "localhost");
          var server = TlsStream.server(transports.right(), context)) {
        Nursery.run(nursery -> {
          nursery.start(() -> echo(server));
          client.sendAll("hello");
          assertThat(client.receiveSome(100)).asString().isEqualTo("hello");
          nursery.cancel();
        });
      }
      // @end
    });
  }

  @Test
  void engines_of_netty_talk_too() throws Exception {
    assumeTrue(OpenSsl.isAvailable(), "there is no library of Netty's for this system");
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(Certificates.get().authorities());
    var options = netty(SslContextBuilder.forClient().trustManager(trust));
    var context = Certificates.get().with("server");
    Roost.run(() -> {
      var transports = MemoryStreams.pair();
      var server = TlsStream.server(transports.right(), context);
      Nursery.run(nursery -> {
        nursery.start(() -> echo(server));
        var client = options.client(transports.left(), "localhost");
        client.sendAll("hello");
        assertThat(client.receiveSome(100)).asString().isEqualTo("hello");
        client.closeGracefully();
      });
    });
  }
}
