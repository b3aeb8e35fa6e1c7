package dev.roost.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.net.Datagram;
import dev.roost.net.DatagramSocket;
import dev.roost.net.DtlsChannel;
import dev.roost.net.DtlsEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The samples of docs/datagrams.md. */
@Timeout(30)
class DatagramsTest {

  private static final InetSocketAddress HERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  // @start region="server"
  static void answer(DatagramSocket socket) throws IOException, InterruptedException {
    while (true) {
      Datagram question = socket.receive();
      socket.send("you said " + question.text(), question.sender());
    }
  }

  // @end

  // @start region="client"
  static Optional<String> ask(InetSocketAddress server) throws IOException, InterruptedException {
    try (DatagramSocket socket = DatagramSocket.open()) {
      socket.connect(server);
      for (int attempt = 0; attempt < 3; attempt++) {
        socket.send("hello");
        Optional<Datagram> answer =
            CancelScope.moveOnAfter(Duration.ofSeconds(1)).call(socket::receive);
        if (answer.isPresent()) {
          return answer.map(Datagram::text);
        }
      }
      return Optional.empty();
    }
  }

  // @end

  @Test
  void asks_and_is_answered() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          try (var server = DatagramSocket.open(HERE)) {
            nursery.start(() -> answer(server));
            assertThat(ask(server.localAddress())).contains("you said hello");
            nursery.cancel();
          }
        }));
  }

  // @start region="dtls-server"
  static void serve(DtlsEndpoint endpoint, SSLContext context) throws InterruptedException {
    endpoint.serve(
        context,
        peer -> {
          Optional<byte[]> message;
          while ((message = peer.receiveOrEnd()).isPresent()) {
            peer.send(message.get());
          }
        });
  }

  // @end

  // @start region="dtls-client"
  static byte[] askInPrivate(String host, int port, SSLContext context)
      throws IOException, InterruptedException {
    try (DtlsEndpoint endpoint = DtlsEndpoint.open();
        DtlsChannel server = endpoint.connect(host, port, context)) {
      server.send("hello");
      return server.receive();
    }
  }

  // @end

  @Test
  void cancelled_calls_leave_nothing_open() throws Exception {
    var context = SSLContext.getInstance("DTLS");
    context.init(null, null, null);
    Roost.run(() ->
        Nursery.run(nursery -> {
          try (var server = DtlsEndpoint.open(HERE)) {
            nursery.start(() -> serve(server, context));
            int port = server.localAddress().getPort();
            assertThat(
                    CancelScope.moveOnAfter(Duration.ZERO)
                        .run(() -> askInPrivate("127.0.0.1", port, context)))
                .isFalse();
            nursery.cancel();
          }
        }));
  }
}
