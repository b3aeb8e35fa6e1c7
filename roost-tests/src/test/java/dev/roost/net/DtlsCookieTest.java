package dev.roost.net;

import static dev.roost.net.DtlsTest.CONTEXT;
import static dev.roost.net.DtlsTest.text;
import static dev.roost.net.DtlsTest.withServer;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Roost;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often a client is asked for a cookie, and what came from an earlier conversation. */
@Timeout(20)
class DtlsCookieTest {

  /** The numbers of those messages of a type that somebody sent. */
  private static List<Integer> numbers(RoughNetwork network, InetSocketAddress who, int type) {
    return network.sent.stream()
        .filter(datagram -> datagram.sender().equals(who))
        .map(Datagram::bytes)
        .filter(bytes -> DtlsRecord.typeOf(bytes) == DtlsRecord.HANDSHAKE && bytes[13] == type)
        .map(bytes -> (int) DtlsRecord.unsigned(bytes, 17, 2))
        .toList();
  }

  private static List<Integer> hellos(RoughNetwork network, InetSocketAddress client) {
    return numbers(network, client, 1);
  }

  private static List<Integer> requests(RoughNetwork network, DtlsEndpoint server) {
    return numbers(network, server.localAddress(), 3);
  }

  private static void converse(DtlsEndpoint client, DtlsEndpoint server) throws Exception {
    try (var channel = client.connect(server.localAddress(), CONTEXT)) {
      channel.send("hello");
      assertThat(text(channel.receive())).isEqualTo("hello");
    }
  }

  /** By us, and by the engine, which does not know that we have. */
  @Test
  void a_client_is_asked_twice_and_comes_each_time() throws Exception {
    withServer((network, server, _) -> {
      try (var client = DtlsEndpoint.over(network.open())) {
        converse(client, server);
        assertThat(requests(network, server)).containsExactly(0, 1);
        assertThat(hellos(network, client.localAddress())).containsExactly(0, 1, 2);
        assertThat(server.statistics().cookies()).isEqualTo(1);
      }
    });
  }

  @Test
  void a_client_whose_cookie_is_too_old_gets_another_one() throws Exception {
    withServer((network, server, _) -> {
      try (var client = DtlsEndpoint.over(network.open())) {
        var start = Roost.now();
        var late = new ArrayList<Integer>();
        network.passing((sender, bytes) -> {
          int number = (int) DtlsRecord.unsigned(bytes, 17, 2);
          boolean early = Roost.now().isBefore(start.plus(Duration.ofMinutes(3)));
          boolean lost = sender.equals(client.localAddress()) && number == 1 && early;
          if (lost) {
            late.add(number);
          }
          return !lost;
        });
        converse(client, server);
        assertThat(late).as("what got lost meanwhile").hasSizeGreaterThan(5);
        assertThat(requests(network, server)).containsExactly(0, 1, 2);
        assertThat(hellos(network, client.localAddress())).contains(3);
        assertThat(server.statistics().cookies()).isEqualTo(2);
      }
    });
  }

  @Test
  void a_client_that_has_been_asked_too_often_is_ignored() throws Exception {
    withServer((network, server, _) -> {
      try (var client = DtlsEndpoint.over(network.open())) {
        converse(client, server);
        waitAllTasksBlocked();
        var hello = network.sent.getFirst().bytes().clone();
        hello[40] ^= 1; // another random
        long ignored = server.statistics().ignored();
        for (byte number : new byte[] {8, 9}) {
          hello[18] = number;
          network.forge(client.localAddress(), hello, server.localAddress());
        }
        waitAllTasksBlocked();
        assertThat(server.statistics().ignored()).isEqualTo(ignored + 1);
        assertThat(requests(network, server)).containsExactly(0, 1, 8);
      }
    });
  }

  /** They have the numbers that the new one expects. */
  @Test
  void late_copies_of_an_earlier_handshake_do_no_harm() throws Exception {
    withServer((network, server, _) -> {
      try (var client = DtlsEndpoint.over(network.open())) {
        converse(client, server);
        waitAllTasksBlocked();
        var earlier = List.copyOf(network.sent);
        network.passing((sender, _) -> {
          for (var copy : earlier) {
            var to =
                copy.sender().equals(server.localAddress())
                    ? client.localAddress()
                    : server.localAddress();
            if (sender.equals(copy.sender())) { // what it answers, the copies overtake
              network.forge(copy.sender(), copy.bytes(), to);
            }
          }
          return true;
        });
        for (int i = 0; i < 3; i++) {
          converse(client, server);
        }
      }
    });
  }
}
