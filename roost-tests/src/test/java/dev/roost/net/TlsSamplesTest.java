package dev.roost.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.ByteStream;
import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The samples in the documentation of TLS. */
@Timeout(30)
class TlsSamplesTest {

  private static void echo(ByteStream stream) throws IOException, InterruptedException {
    for (byte[] some; (some = stream.receiveSome(1000)).length > 0; ) {
      stream.sendAll(some);
    }
  }

  @Test
  void serves_and_connects() throws Exception {
    SSLContext context = Tls.certificates().with("server");
    SSLContext trusting = Tls.certificates().trustingAll();
    Roost.run(() ->
        Nursery.run(nursery -> {
          var tcp = TcpListener.open(Tcp.ANY_PORT);
          int port = tcp.localAddress().getPort();
          nursery.start(() -> serve(tcp, context));
          assertThat(ask(trusting, port)).isEqualTo("hello");
          nursery.cancel();
        }));
  }

  private static void serve(TcpListener tcp, SSLContext context) throws InterruptedException {
    // @start region="serve"
    TlsListener listener = TlsStream.with(context).listener(tcp);
    Serve.listeners(List.of(listener), TlsSamplesTest::echo);
    // @end
  }

  private static String ask(SSLContext context, int port) throws IOException, InterruptedException {
    // @start region="connect"
    try (TlsStream stream = TlsStream.with(context).connect("localhost", port)) {
      stream.sendAll("hello");
      String answer = new String(stream.receiveSome(1000), UTF_8);
      stream.closeGracefully();
      return answer;
    }
    // @end
  }

  @Test
  void has_options() throws Exception {
    SSLContext context = Tls.certificates().trustingAll();
    // @start region="options"
    TlsOptions web =
        TlsStream.with(context).applicationProtocols("h2", "http/1.1").httpsCompatible();
    // @end
    // @start region="parameters"
    TlsOptions modern =
        TlsStream.with(context)
            .parameters(parameters -> parameters.setProtocols(new String[] {"TLSv1.3"}));
    // @end
    Tls.withPair(
        modern,
        Tls.server(),
        pair ->
            assertThat(pair.shakeHands().server().session().getProtocol()).isEqualTo("TLSv1.3"));
    Tls.withPair(
        web,
        Tls.server().applicationProtocols("http/1.1"),
        pair -> assertThat(pair.shakeHands().client().applicationProtocol()).hasValue("http/1.1"));
  }
}
