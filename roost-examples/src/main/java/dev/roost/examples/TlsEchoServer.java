package dev.roost.examples;

import dev.roost.CancelScope;
import dev.roost.Roost;
import dev.roost.net.Serve;
import dev.roost.net.TcpListener;
import dev.roost.net.TlsListener;
import dev.roost.net.TlsStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Sends back whatever it gets, and nobody else can read it. Make a key and a certificate, put them
 * into one file, start the server, and talk to it:
 *
 * <pre>
 * openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem \
 *     -out cert.pem -subj /CN=localhost -addext subjectAltName=DNS:localhost
 * openssl pkcs12 -export -in cert.pem -inkey key.pem -out keys.p12 -passout pass:secret
 * ./roost run TlsEchoServer 7778 keys.p12 secret
 * openssl s_client -connect localhost:7778 -CAfile cert.pem -verify_return_error
 * </pre>
 */
public final class TlsEchoServer {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private TlsEchoServer() {}

  public static void main(String[] args) throws Exception {
    if (args.length != 3) {
      System.out.println("Usage: TlsEchoServer PORT KEYS.p12 PASSWORD");
      return;
    }
    int port = Integer.parseInt(args[0]);
    SSLContext context = contextOf(Path.of(args[1]), args[2].toCharArray());
    Roost.with().cancelOnShutdown(Duration.ofSeconds(1)).run(() -> serve(port, context));
  }

  private static SSLContext contextOf(Path file, char[] password)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static void serve(int port, SSLContext context) throws IOException, InterruptedException {
    try (TcpListener tcp = TcpListener.open(port);
        TlsListener listener = TlsStream.with(context).listener(tcp)) {
      System.out.println("listening on " + tcp.localAddress().getPort());
      Serve.onHandlerError(e -> System.out.println("lost a client: " + e.getMessage()))
          .listeners(List.of(listener), TlsEchoServer::echo);
    }
  }

  /**
   * A client may be silent for as long as it likes, but not before it has shown that it talks TLS.
   */
  private static void echo(TlsStream client)
      throws IOException, TimeoutException, InterruptedException {
    CancelScope.failAfter(PATIENCE).run(client::handshake);
    byte[] some = client.receiveSome(8_192);
    while (some.length > 0) {
      client.sendAll(some);
      some = client.receiveSome(8_192);
    }
    client.closeGracefully();
  }
}
