package dev.roost.net;

import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncConsumer;
import dev.roost.BusyResourceException;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskStatus;
import dev.roost.io.BrokenStreamException;
import dev.roost.testing.MockClock;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Conversations over DTLS, on a network in memory that does its best. */
@Timeout(20)
class DtlsTest {

  static final SSLContext CONTEXT = DtlsCertificates.dtls();

  @FunctionalInterface
  interface Body {
    void run(RoughNetwork network, DtlsEndpoint server, Nursery nursery) throws Exception;
  }

  /** Runs a test with a network, on a clock that jumps, and a server that echoes. */
  static void withServer(Body body) throws Exception {
    withServer(DtlsTest::echo, body);
  }

  static void withServer(AsyncConsumer<DtlsChannel, ?> handler, Body body) throws Exception {
    withNetwork((network, nursery) -> {
      try (var server = DtlsEndpoint.over(network.open())) {
        Nursery.run(servers -> {
          servers.startAndWait(
              (TaskStatus<InetSocketAddress> status) -> server.serve(CONTEXT, handler, status));
          body.run(network, server, nursery);
          servers.cancel();
        });
      }
    });
  }

  @FunctionalInterface
  interface NetworkBody {
    void run(RoughNetwork network, Nursery nursery) throws Exception;
  }

  static void withNetwork(NetworkBody body) throws Exception {
    Roost.with()
        .clock(new MockClock().autojump())
        .seed(1)
        .run(() ->
            Nursery.run(nursery -> {
              body.run(new RoughNetwork(nursery, 1), nursery);
              nursery.cancel();
            }));
  }

  static void echo(DtlsChannel channel) throws IOException, InterruptedException {
    while (true) {
      var message = channel.receiveOrEnd();
      if (message.isEmpty()) {
        return;
      }
      channel.send(message.get());
    }
  }

  static String text(byte[] message) {
    return new String(message, StandardCharsets.UTF_8);
  }

  @Test
  void messages_go_to_and_fro() throws Exception {
    withServer((network, server, _) -> {
      try (var client = DtlsEndpoint.over(network.open());
          var channel = client.connect(server.localAddress(), CONTEXT)) {
        for (var word : List.of("hello", "again", "grüße")) {
          channel.send(word);
          assertThat(text(channel.receive())).isEqualTo(word);
        }
        channel.send(new byte[] {1});
        channel.send(ByteBuffer.wrap(new byte[] {2}));
        assertThat(channel.receive()).containsExactly(1);
        assertThat(channel.receive()).containsExactly(2);
        assertThat(channel.session().getProtocol()).isEqualTo("DTLSv1.2");
        assertThat(channel.remoteAddress()).isEqualTo(server.localAddress());
        assertThat(server.statistics().peers()).isEqualTo(1);
        assertThat(server.statistics().cookies()).isEqualTo(1);
      }
      assertThat(network.sent)
          .filteredOn(datagram -> datagram.text().contains("hello"))
          .extracting(datagram -> java.util.HexFormat.of().formatHex(datagram.bytes()))
          .isEmpty();
    });
  }

  @Test
  void one_socket_serves_many_peers() throws Exception {
    withServer((network, server, _) -> {
      Nursery.run(clients -> {
        for (int i = 0; i < 8; i++) {
          int number = i;
          clients.start(() -> {
            try (var client = DtlsEndpoint.over(network.open());
                var channel = client.connect(server.localAddress(), CONTEXT)) {
              for (int j = 0; j < 5; j++) {
                channel.send("message " + j + " of " + number);
                assertThat(text(channel.receive())).isEqualTo("message " + j + " of " + number);
              }
            }
          });
        }
      });
    });
  }

  @Test
  void one_socket_is_client_of_many_servers_and_server_at_the_same_time() throws Exception {
    withServer((network, first, _) -> {
      try (var second = DtlsEndpoint.over(network.open());
          var both = DtlsEndpoint.over(network.open());
          var client = DtlsEndpoint.over(network.open())) {
        Nursery.run(servers -> {
          for (var endpoint : List.of(second, both)) {
            servers.startAndWait((TaskStatus<InetSocketAddress> status) ->
                endpoint.serve(CONTEXT, DtlsTest::echo, status));
          }
          try (var one = both.connect(first.localAddress(), CONTEXT);
              var other = both.connect(second.localAddress(), CONTEXT);
              var back = client.connect(both.localAddress(), CONTEXT)) {
            one.send("one");
            other.send("other");
            back.send("back");
            assertThat(text(back.receive())).isEqualTo("back");
            assertThat(text(other.receive())).isEqualTo("other");
            assertThat(text(one.receive())).isEqualTo("one");
          }
          servers.cancel();
        });
      }
    });
  }

  @Test
  void closing_tells_the_peer() throws Exception {
    withServer(
        channel -> channel.send("bye"),
        (network, server, _) -> {
          try (var client = DtlsEndpoint.over(network.open());
              var channel = client.connect(server.localAddress(), CONTEXT)) {
            assertThat(text(channel.receive())).isEqualTo("bye");
            assertThat(channel.receiveOrEnd()).isEmpty();
            assertThatThrownBy(channel::receive)
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("has closed");
          }
        });
  }

  @Test
  @SuppressWarnings("try") // closes before the end of the block
  void closing_wakes_the_receiver_whether_it_reads_for_the_others_or_not() throws Exception {
    withServer((network, server, _) -> {
      try (var client = DtlsEndpoint.over(network.open());
          var channel = client.connect(server.localAddress(), CONTEXT)) {
        var errors = new ArrayList<Throwable>();
        Nursery.run(nursery -> {
          nursery.start(() -> {
            try {
              channel.receive();
            } catch (ClosedChannelException e) {
              errors.add(e);
            }
          });
          waitAllTasksBlocked();
          channel.close();
          channel.close();
        });
        assertThat(errors).hasSize(1);
        assertThatThrownBy(() -> channel.send("x")).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::receive).isInstanceOf(ClosedChannelException.class);
        assertThat(channel.toString()).endsWith(", closed]");
      }
    });
  }

  @Test
  void closing_the_endpoint_closes_its_channels_and_ends_the_server() throws Exception {
    withNetwork((network, nursery) -> {
      var server = DtlsEndpoint.over(network.open());
      var errors = new AtomicReference<Throwable>();
      nursery.start(() -> {
        try {
          server.serve(CONTEXT, DtlsTest::echo);
        } catch (dev.roost.ExceptionGroup e) {
          errors.set(e);
        }
      });
      waitAllTasksBlocked();
      try (var client = DtlsEndpoint.over(network.open());
          var channel = client.connect(server.localAddress(), CONTEXT)) {
        waitAllTasksBlocked();
        server.close();
        server.close();
        assertThat(channel.receiveOrEnd()).isEmpty();
      }
      waitAllTasksBlocked();
      assertThat(((dev.roost.ExceptionGroup) errors.get()).leaves())
          .allMatch(ClosedChannelException.class::isInstance);
      assertThat(server.toString()).contains("closed");
      assertThatThrownBy(() -> server.connect(new InetSocketAddress("127.0.0.1", 9), CONTEXT))
          .isInstanceOf(ClosedChannelException.class);
    });
  }

  @Test
  void a_soft_cancel_lets_the_handlers_end() throws Exception {
    withNetwork((network, nursery) -> {
      var server = DtlsEndpoint.over(network.open());
      var scope = CancelScope.create();
      var ended = new ArrayList<String>();
      nursery.startAndWait((TaskStatus<InetSocketAddress> status) -> {
        scope.run(() -> server.serve(CONTEXT, DtlsTest::echo, status));
        ended.add("server");
      });
      try (var client = DtlsEndpoint.over(network.open());
          var channel = client.connect(server.localAddress(), CONTEXT)) {
        channel.send("before");
        assertThat(text(channel.receive())).isEqualTo("before");
        scope.softCancel(Duration.ofHours(1));
        waitAllTasksBlocked();
        channel.send("after");
        assertThat(text(channel.receive())).isEqualTo("after");
        assertThat(ended).isEmpty();
      }
      waitAllTasksBlocked();
      assertThat(ended).containsExactly("server");
      server.close();
    });
  }

  @Test
  void a_cancelled_receive_loses_no_message() throws Exception {
    withServer((network, server, _) -> {
      try (var client = DtlsEndpoint.over(network.open());
          var channel = client.connect(server.localAddress(), CONTEXT)) {
        for (int i = 0; i < 10; i++) {
          var scope = CancelScope.create();
          int number = i;
          Nursery.run(nursery -> {
            nursery.start(() -> scope.run(() -> channel.receive()));
            waitAllTasksBlocked();
            channel.send("message " + number);
            scope.cancel();
          });
          assertThat(text(channel.receive())).isEqualTo("message " + i);
        }
      }
    });
  }

  @Test
  void a_message_has_to_fit_into_a_datagram() throws Exception {
    withServer((network, server, _) -> {
      try (var client = DtlsEndpoint.over(network.open()).mtu(600);
          var channel = client.connect(server.localAddress(), CONTEXT)) {
        int most = channel.maxMessageSize();
        assertThat(most).isBetween(500, 599);
        channel.send(new byte[most]);
        assertThat(channel.receive()).hasSize(most);
        assertThat(network.sent).allMatch(datagram -> datagram.bytes().length <= 1472);
        assertThatThrownBy(() -> channel.send(new byte[most + 1]))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContainingAll((most + 1) + " bytes", "room for " + most);
        assertThatThrownBy(() -> channel.send(""))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("empty");
        channel.send("still works");
        assertThat(text(channel.receive())).isEqualTo("still works");
      }
    });
  }

  @Test
  void the_server_has_to_be_who_was_asked_for() throws Exception {
    withServer((network, server, _) -> {
      try (var client = DtlsEndpoint.over(network.open())) {
        assertThatThrownBy(
                () -> client.connect(server.localAddress(), DtlsCertificates.dtlsOfAStranger()))
            .isInstanceOf(SSLHandshakeException.class);
        var wrongName =
            new InetSocketAddress(
                java.net.InetAddress.getByAddress(
                    "other.test", server.localAddress().getAddress().getAddress()),
                server.localAddress().getPort());
        assertThatThrownBy(() -> client.connect(wrongName, CONTEXT))
            .isInstanceOf(SSLHandshakeException.class)
            .hasMessageContaining("other.test");
        try (var channel = client.connect(server.localAddress(), CONTEXT)) {
          channel.send("right");
          assertThat(text(channel.receive())).isEqualTo("right");
        }
        waitAllTasksBlocked();
        assertThat(server.statistics().failedHandshakes()).isEqualTo(2);
      }
    });
  }

  @Test
  void a_server_can_ask_for_a_certificate() throws Exception {
    withNetwork((network, nursery) -> {
      try (var server = DtlsEndpoint.over(network.open())) {
        server.parameters(parameters -> parameters.setNeedClientAuth(true));
        var names = new ArrayList<String>();
        var serving = CancelScope.create();
        nursery.startAndWait((TaskStatus<InetSocketAddress> status) ->
            serving.run(() ->
                server.serve(
                    CONTEXT,
                    channel -> {
                      names.add(channel.session().getPeerPrincipal().getName());
                      echo(channel);
                    },
                    status)));
        try (var client = DtlsEndpoint.over(network.open());
            var channel = client.connect(server.localAddress(), CONTEXT)) {
          channel.send("it is me");
          assertThat(text(channel.receive())).isEqualTo("it is me");
        }
        assertThat(names).containsExactly("CN=localhost");
        try (var client = DtlsEndpoint.over(network.open())) {
          assertThatThrownBy(() ->
                  client.connect(server.localAddress(), DtlsCertificates.dtlsWithoutCertificate()))
              .isInstanceOf(SSLHandshakeException.class);
        }
        serving.cancel();
        waitAllTasksBlocked();
      }
    });
  }

  @Test
  void a_handler_that_fails_ends_the_server_unless_somebody_takes_its_error() throws Exception {
    withNetwork((network, nursery) -> {
      try (var server = DtlsEndpoint.over(network.open());
          var client = DtlsEndpoint.over(network.open())) {
        var errors = new ArrayList<Exception>();
        server.onHandlerError(errors::add);
        var serving = CancelScope.create();
        nursery.startAndWait((TaskStatus<InetSocketAddress> status) ->
            serving.run(() ->
                server.serve(
                    CONTEXT,
                    channel -> {
                      throw new IOException(text(channel.receive()));
                    },
                    status)));
        for (var word : List.of("one", "two")) {
          try (var channel = client.connect(server.localAddress(), CONTEXT)) {
            channel.send(word);
            assertThat(channel.receiveOrEnd()).isEmpty();
          }
        }
        assertThat(errors).extracting(Exception::getMessage).containsExactly("one", "two");
        serving.cancel();
        waitAllTasksBlocked();
      }
    });
    assertThatThrownBy(() ->
            withServer(
                _ -> {
                  throw new IOException("handler");
                },
                (network, server, _) -> {
                  try (var client = DtlsEndpoint.over(network.open())) {
                    client.connect(server.localAddress(), CONTEXT).receive();
                  }
                }))
        .isInstanceOf(dev.roost.ExceptionGroup.class);
  }

  @Test
  void misuse_is_told() throws Exception {
    withServer((network, server, _) -> {
      assertThatThrownBy(() -> server.serve(CONTEXT, DtlsTest::echo))
          .isInstanceOf(BusyResourceException.class)
          .hasMessageContaining("being served");
      try (var client = DtlsEndpoint.over(network.open())) {
        assertThatThrownBy(() -> client.connect(server.localAddress(), DtlsCertificates.tls()))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("getInstance(\"DTLS\")");
        assertThatThrownBy(() -> client.serve(DtlsCertificates.tls(), DtlsTest::echo))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.mtu(100)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.incomingBuffer(0))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.handshakeTimeout(Duration.ofSeconds(-1)))
            .isInstanceOf(IllegalArgumentException.class);
        try (var channel = client.connect(server.localAddress(), CONTEXT)) {
          Nursery.run(nursery -> {
            nursery.start("the first", channel::receive);
            waitAllTasksBlocked();
            assertThatThrownBy(channel::receive)
                .isInstanceOf(BusyResourceException.class)
                .hasMessageContaining("receiving from DtlsChannel[");
            nursery.cancel();
          });
        }
      }
    });
    assertThatThrownBy(DtlsEndpoint::open).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void a_slow_receiver_has_datagrams_dropped_and_counted() throws Exception {
    withServer((network, server, _) -> {
      try (var client = DtlsEndpoint.over(network.open()).incomingBuffer(5);
          var other = DtlsEndpoint.over(network.open());
          var channel = client.connect(server.localAddress(), CONTEXT);
          var busy = other.connect(server.localAddress(), CONTEXT)) {
        for (int i = 0; i < 20; i++) {
          channel.send("message " + i);
        }
        busy.send("x");
        busy.receive();
        // Somebody else who reads for the slow one:
        try (var second = DtlsEndpoint.over(network.open())) {
          assertThat(
                  CancelScope.moveOnAfter(Duration.ofSeconds(3))
                      .run(() -> client.connect(second.localAddress(), CONTEXT)))
              .isFalse();
        }
        assertThat(channel.statistics().dropped()).isEqualTo(15);
        assertThat(text(channel.receive())).isEqualTo("message 0");
      }
    });
  }

  @Test
  void a_new_handshake_of_a_peer_ends_its_old_channel() throws Exception {
    var ends = new ArrayList<Throwable>();
    withServer(
        channel -> {
          try {
            echo(channel);
          } catch (BrokenStreamException e) {
            ends.add(e);
          }
        },
        (network, server, _) -> {
          var transport = network.open();
          var before = DtlsEndpoint.over(transport);
          var old = before.connect(server.localAddress(), CONTEXT);
          old.send("old");
          assertThat(text(old.receive())).isEqualTo("old");
          // The program dies, and another one gets its port.
          try (var after = DtlsEndpoint.over(transport);
              var channel = after.connect(server.localAddress(), CONTEXT)) {
            channel.send("new");
            assertThat(text(channel.receive())).isEqualTo("new");
            assertThat(ends)
                .singleElement()
                .satisfies(end -> assertThat(end).hasMessageContaining("new handshake"));
            assertThat(server.statistics().peers()).isEqualTo(1);
          }
        });
  }
}
