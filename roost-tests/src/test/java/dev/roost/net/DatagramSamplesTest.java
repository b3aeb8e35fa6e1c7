package dev.roost.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Nursery;
import dev.roost.Roost;
import java.net.InetSocketAddress;
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
}
