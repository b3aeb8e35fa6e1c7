package dev.roost.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The samples in the documentation of datagrams. */
@Timeout(30)
class DatagramSamplesTest {

  @Test
  void asks_and_answers() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          try (var server = DatagramSocket.open(Tcp.ANY_PORT)) {
            nursery.start(() -> {
              Datagram question = server.receive();
              server.send("you said " + question.text(), question.sender());
            });
            assertThat(ask(server.localAddress())).isEqualTo("you said hello");
          }
        }));
  }

  private static String ask(InetSocketAddress server) throws Exception {
    // @start region="exchange"
    try (DatagramSocket socket = DatagramSocket.open()) {
      socket.connect(server);
      socket.send("hello");
      Datagram answer = socket.receive();
      return answer.text();
    }
    // @end
  }

  @Test
  void talks_in_private() throws Exception {
    SSLContext context = DtlsCertificates.dtls();
    Roost.run(() ->
        Nursery.run(nursery -> {
          int port =
              nursery
                  .startAndWait((TaskStatus<InetSocketAddress> status) -> serve(context, status))
                  .getPort();
          // @start region="dtls-client"
          CancelScope.failAfter(Duration.ofSeconds(10))
              .run(() -> {
                try (DtlsEndpoint endpoint = DtlsEndpoint.open();
                    DtlsChannel server = endpoint.connect("localhost", port, context)) {
                  server.send("hello");
                  assertThat(new String(server.receive())).isEqualTo("hello");
                }
              });
          // @end
          nursery.cancel();
        }));
  }

  private static void serve(SSLContext context, TaskStatus<InetSocketAddress> status)
      throws IOException, InterruptedException {
    // @start region="dtls-server"
    try (DtlsEndpoint endpoint = DtlsEndpoint.open(0)) {
      endpoint.serve(
          context,
          peer -> {
            Optional<byte[]> message;
            while ((message = peer.receiveOrEnd()).isPresent()) {
              peer.send(message.get());
            }
          },
          status);
    }
    // @end
  }
}
