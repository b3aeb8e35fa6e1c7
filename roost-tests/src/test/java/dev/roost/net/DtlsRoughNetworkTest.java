package dev.roost.net;

import static dev.roost.net.DtlsTest.CONTEXT;
import static dev.roost.net.DtlsTest.text;
import static dev.roost.net.DtlsTest.withServer;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncRunnable;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskStatus;
import dev.roost.io.BrokenStreamException;
import dev.roost.testing.MockClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DTLS on networks that lose, duplicate, delay and reorder, and among those who mean no good. */
@Timeout(20)
class DtlsRoughNetworkTest {

  /** After Trio's test of handshakes over a terrible network. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 11, 12, 30, 45, 54}) // the last five got stuck once
  void handshakes_get_through_a_terrible_network(long seed) throws Exception {
    var context = DtlsCertificates.dtls(); // it knows no sessions yet, but will
    Roost.with()
        .clock(new MockClock().autojump())
        .seed(seed)
        .run(() ->
            Nursery.run(nursery -> {
              var network =
                  new RoughNetwork(nursery, seed)
                      .losing(0.25)
                      .duplicating(0.25)
                      .delaying(Duration.ofMillis(1500));
              try (var server =
                      DtlsEndpoint.over(network.open()).handshakeTimeout(Duration.ofHours(1));
                  var client = DtlsEndpoint.over(network.open())) {
                // Where goodbyes are lost too, the next handshake may be the end of a channel.
                server.onHandlerError(e -> assertThat(e).isInstanceOf(BrokenStreamException.class));
                serving(
                    server,
                    context,
                    () -> {
                      for (int i = 0; i < 3; i++) {
                        try (var channel = client.connect(server.localAddress(), context)) {
                          assertThat(ask(channel, "question " + i)).isEqualTo("question " + i);
                        }
                      }
                    });
              }
              nursery.cancel();
            }));
  }

  /** Runs a body beside a server that echoes. */
  private static void serving(DtlsEndpoint server, SSLContext context, AsyncRunnable<?> body)
      throws Exception {
    Nursery.run(servers -> {
      servers.startAndWait(
          (TaskStatus<InetSocketAddress> status) -> server.serve(context, DtlsTest::echo, status));
      body.run();
      servers.cancel();
    });
  }

  /** Sends until there is an answer. */
  private static String ask(DtlsChannel channel, String question)
      throws IOException, InterruptedException {
    while (true) {
      channel.send(question);
      var answer = CancelScope.moveOnAfter(Duration.ofSeconds(2)).call(channel::receive);
      if (answer.isPresent()) {
        return text(answer.get());
      }
    }
  }

  @Test
  void the_same_seed_gives_the_same_conversation() throws Exception {
    assertThat(conversation(5)).isEqualTo(conversation(5)).isNotEqualTo(conversation(6));
  }

  private static List<String> conversation(long seed) throws Exception {
    var times = new ArrayList<String>();
    var context = DtlsCertificates.dtls();
    Roost.with()
        .clock(new MockClock().autojump())
        .seed(seed)
        .run(() ->
            Nursery.run(nursery -> {
              var network =
                  new RoughNetwork(nursery, seed).losing(0.3).delaying(Duration.ofMillis(800));
              try (var server = DtlsEndpoint.over(network.open());
                  var client = DtlsEndpoint.over(network.open())) {
                serving(
                    server,
                    context,
                    () -> {
                      var start = Roost.now();
                      try (var channel = client.connect(server.localAddress(), context)) {
                        ask(channel, "hello");
                        times.add(Duration.between(start, Roost.now()).toString());
                      }
                      times.add(network.sent.size() + " datagrams");
                    });
              }
              nursery.cancel();
            }));
    return times;
  }

  @Test
  void lost_flights_come_again_after_one_second_then_two_then_four_up_to_a_minute()
      throws Exception {
    withServer((network, server, _) -> {
      var times = new ArrayList<Long>();
      Instant start = Roost.now();
      var socket = network.open();
      network.passing((sender, _) -> {
        if (sender.equals(socket.localAddress())) {
          times.add(Duration.between(start, Roost.now()).toSeconds());
        }
        return false;
      });
      try (var client = DtlsEndpoint.over(socket)) {
        assertThat(
                CancelScope.moveOnAfter(Duration.ofSeconds(250))
                    .run(() -> client.connect(server.localAddress(), CONTEXT)))
            .isFalse();
      }
      // What comes at last is the goodbye.
      assertThat(times.stream().distinct())
          .containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 123L, 183L, 243L, 250L);
    });
  }

  @Test
  void after_two_losses_the_datagrams_are_short_enough_for_any_network() throws Exception {
    withServer((network, server, _) -> {
      network.carrying(560);
      // Of a context that knows no session: to go on with one takes no long datagrams.
      try (var client = DtlsEndpoint.over(network.open());
          var channel = client.connect(server.localAddress(), DtlsCertificates.dtls())) {
        assertThat(network.sent).anyMatch(datagram -> datagram.bytes().length > 560);
        channel.send("small is beautiful");
        assertThat(text(channel.receive())).isEqualTo("small is beautiful");
      }
    });
  }

  @Test
  void the_last_flight_is_said_again_when_it_was_lost() throws Exception {
    withServer((network, server, _) -> {
      int[] lost = {0};
      network.passing((sender, bytes) -> {
        // The server's last flight has a change of ciphers in it, in the clear.
        boolean last = sender.equals(server.localAddress()) && hasRecordOf(bytes, 20);
        return !last || lost[0]++ >= 3;
      });
      try (var client = DtlsEndpoint.over(network.open());
          var channel = client.connect(server.localAddress(), CONTEXT)) {
        assertThat(lost[0]).isEqualTo(4);
        channel.send("got it");
        assertThat(text(channel.receive())).isEqualTo("got it");
      }
    });
  }

  private static boolean hasRecordOf(byte[] datagram, int type) {
    for (int at = 0; at + 13 <= datagram.length; ) {
      if (datagram[at] == type) {
        return true;
      }
      at += 13 + (int) DtlsRecord.unsigned(datagram, at + 11, 2);
    }
    return false;
  }

  @Test
  void a_peer_that_never_proves_its_address_leaves_nothing_behind() throws Exception {
    withServer((network, server, _) -> {
      var socket = network.open();
      network.passing((sender, _) -> sender.equals(socket.localAddress())); // it hears nothing
      try (var client = DtlsEndpoint.over(socket)) {
        CancelScope.moveOnAfter(Duration.ofSeconds(100))
            .run(() -> client.connect(server.localAddress(), CONTEXT));
      }
      assertThat(server.statistics().cookies()).isGreaterThan(5);
      assertThat(server.statistics().peers()).isZero();
      long answers =
          network.sent.stream()
              .filter(d -> d.sender().equals(server.localAddress()))
              .mapToLong(d -> d.bytes().length)
              .sum();
      long questions =
          network.sent.stream()
              .filter(d -> d.sender().equals(socket.localAddress()))
              .mapToLong(d -> d.bytes().length)
              .sum();
      assertThat(answers).as("no amplification").isLessThan(questions);
    });
  }

  @Test
  void a_cookie_is_good_for_its_address_its_hello_and_a_while() throws Exception {
    withServer((network, server, _) -> {
      var socket = network.open();
      try (var client = DtlsEndpoint.over(socket);
          var channel = client.connect(server.localAddress(), CONTEXT)) {
        channel.send("x");
        channel.receive();
      }
      waitAllTasksBlocked();
      var proven =
          network.sent.stream()
              .filter(d -> d.sender().equals(socket.localAddress()))
              .map(Datagram::bytes)
              .filter(bytes -> hasRecordOf(bytes, 22) && cookieLength(bytes) == 16)
              .findFirst()
              .orElseThrow();
      long asked = server.statistics().cookies();
      var elsewhere = new InetSocketAddress(socket.localAddress().getAddress(), 77);
      network.forge(elsewhere, proven, server.localAddress());
      network.forge(socket.localAddress(), proven, server.localAddress());
      waitAllTasksBlocked();
      assertThat(server.statistics().peers()).as("a late copy").isZero();

      var changed = proven.clone();
      changed[30] ^= 1;
      network.forge(socket.localAddress(), changed, server.localAddress());
      waitAllTasksBlocked();
      assertThat(server.statistics().peers()).as("another hello").isZero();

      assertThat(server.statistics().cookies()).isEqualTo(asked + 1);

      var hello = DtlsClientHello.read(proven);
      var cookies = new DtlsCookies();
      var withCookie =
          DtlsClientHello.read(withCookie(proven, cookies.cookieFor(socket.localAddress(), hello)));
      assertThat(cookies.isGood(socket.localAddress(), withCookie)).isTrue();
      assertThat(cookies.isGood(elsewhere, withCookie)).isFalse();
      assertThat(new DtlsCookies().isGood(socket.localAddress(), withCookie)).isFalse();
      Roost.sleep(Duration.ofSeconds(60));
      assertThat(cookies.isGood(socket.localAddress(), withCookie)).isTrue();
      Roost.sleep(Duration.ofSeconds(60));
      assertThat(cookies.isGood(socket.localAddress(), withCookie)).isFalse();
    });
  }

  /** With another cookie, of the same length. */
  private static byte[] withCookie(byte[] hello, byte[] cookie) {
    var changed = hello.clone();
    int at = 25 + 34;
    at += 1 + changed[at] + 1; // the session
    System.arraycopy(cookie, 0, changed, at, cookie.length);
    return changed;
  }

  private static int cookieLength(byte[] bytes) {
    var hello = DtlsClientHello.read(bytes);
    return hello == null ? -1 : hello.cookie().length;
  }

  @Test
  void an_established_channel_survives_whatever_comes_in_the_name_of_its_peer() throws Exception {
    withServer((network, server, _) -> {
      var socket = network.open();
      try (var client = DtlsEndpoint.over(socket);
          var channel = client.connect(server.localAddress(), CONTEXT)) {
        channel.send("before");
        assertThat(text(channel.receive())).isEqualTo("before");
        var all = List.copyOf(network.sent);
        var random = new Random(4);
        for (int i = 0; i < 500; i++) {
          var original = all.get(random.nextInt(all.size())).bytes();
          var bytes = original.clone();
          switch (i % 4) {
            case 0 -> random.nextBytes(bytes);
            case 1 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            case 2 -> bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
            default -> {} // a repetition
          }
          network.forge(socket.localAddress(), bytes, server.localAddress());
          network.forge(server.localAddress(), bytes, socket.localAddress());
          if (i % 20 == 19) {
            assertThat(ask(channel, "message " + i)).isEqualTo("message " + i);
          }
        }
        // Alerts in the clear could be from anybody.
        var fatal = new byte[] {21, -2, -3, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40};
        network.forge(socket.localAddress(), fatal, server.localAddress());
        network.forge(server.localAddress(), fatal, socket.localAddress());
        assertThat(ask(channel, "after")).isEqualTo("after");
        assertThat(server.statistics().ignored()).isGreaterThan(100);
      }
    });
  }

  @Test
  void garbage_during_the_handshake_is_ignored() throws Exception {
    withServer((network, server, nursery) -> {
      var socket = network.open();
      var random = new Random(9);
      network.passing((sender, bytes) -> {
        var garbage = new byte[random.nextInt(200)];
        random.nextBytes(garbage);
        var target =
            sender.equals(socket.localAddress()) ? server.localAddress() : socket.localAddress();
        network.forge(sender, garbage, target);
        network.forge(sender, new byte[0], target);
        return true;
      });
      try (var client = DtlsEndpoint.over(socket);
          var channel = client.connect(server.localAddress(), CONTEXT)) {
        assertThat(ask(channel, "hello")).isEqualTo("hello");
      }
    });
  }

  @Test
  void replayed_messages_come_once_and_reordered_ones_all() throws Exception {
    withServer((network, server, _) -> {
      try (var client = DtlsEndpoint.over(network.open());
          var channel = client.connect(server.localAddress(), CONTEXT)) {
        network.duplicating(1).delaying(Duration.ofMillis(100));
        var received = new ArrayList<String>();
        for (int i = 0; i < 30; i++) {
          channel.send("message " + i);
        }
        CancelScope.moveOnAfter(Duration.ofSeconds(5))
            .run(() -> {
              while (true) {
                received.add(text(channel.receive()));
              }
            });
        assertThat(received)
            .hasSize(30)
            .doesNotHaveDuplicates()
            .isNotEqualTo(received.stream().sorted().toList());
        assertThat(channel.statistics().repeated()).isEqualTo(30);
      }
    });
  }

  @Test
  void messages_that_overtake_the_end_of_the_handshake_are_kept() throws Exception {
    withServer(
        channel -> {
          channel.send("first");
          DtlsTest.echo(channel);
        },
        (network, server, _) -> {
          var held = new ArrayList<byte[]>();
          var socket = network.open();
          network.passing((sender, bytes) -> {
            if (sender.equals(server.localAddress()) && hasRecordOf(bytes, 20) && held.isEmpty()) {
              held.add(bytes);
              return false;
            }
            if (sender.equals(server.localAddress()) && bytes[0] == 23 && held.size() == 1) {
              held.add(bytes);
              network.forge(sender, bytes, socket.localAddress());
              network.forge(sender, held.getFirst(), socket.localAddress());
              return false;
            }
            return true;
          });
          try (var client = DtlsEndpoint.over(socket);
              var channel = client.connect(server.localAddress(), DtlsCertificates.dtls())) {
            assertThat(held).hasSize(2);
            assertThat(text(channel.receive())).isEqualTo("first");
          }
        });
  }

  @Test
  void an_unproven_handshake_leaves_the_old_channel_alone() throws Exception {
    withServer((network, server, _) -> {
      var socket = network.open();
      try (var client = DtlsEndpoint.over(socket);
          var channel = client.connect(server.localAddress(), CONTEXT)) {
        var hello = network.sent.getFirst().bytes().clone();
        hello[40] ^= 1; // another random
        for (int i = 0; i < 5; i++) {
          network.forge(socket.localAddress(), hello, server.localAddress());
          assertThat(ask(channel, "still here " + i)).isEqualTo("still here " + i);
        }
        assertThat(server.statistics().peers()).isEqualTo(1);
      }
    });
  }

  @Test
  void a_proven_handshake_that_does_not_end_leaves_the_old_channel_alone_too() throws Exception {
    withServer((network, server, _) -> {
      var transport = network.open();
      try (var client = DtlsEndpoint.over(transport);
          var channel = client.connect(server.localAddress(), CONTEXT)) {
        assertThat(ask(channel, "one")).isEqualTo("one");
        // Another program at the same address does not trust the server.
        var other = DtlsEndpoint.over(transport);
        assertThatThrownBy(() ->
                other.connect(server.localAddress(), DtlsCertificates.dtlsTrustingTheStranger()))
            .isInstanceOf(SSLException.class);
        assertThat(ask(channel, "two")).isEqualTo("two");
      }
    });
  }

  @Test
  void a_peer_that_stops_in_the_middle_is_given_up_after_a_while() throws Exception {
    withServer((network, server, _) -> {
      var socket = network.open();
      int[] left = {2}; // its hello, and its cookie
      network.passing((sender, _) -> !sender.equals(socket.localAddress()) || left[0]-- > 0);
      try (var client = DtlsEndpoint.over(socket)) {
        assertThat(
                CancelScope.moveOnAfter(Duration.ofSeconds(50))
                    .run(() -> client.connect(server.localAddress(), CONTEXT)))
            .isFalse();
        assertThat(server.statistics().peers()).isEqualTo(1);
        Roost.sleep(Duration.ofSeconds(30));
        assertThat(server.statistics().peers()).isZero();
        assertThat(server.statistics().failedHandshakes()).isEqualTo(1);
      }
    });
  }
}
