package dev.roost.net;

import static dev.roost.net.Tcp.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.Together;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that talk TLS, and names that clients give. */
@Timeout(30)
class TlsListenerTest {

  private static void echoOnce(TlsStream stream) throws IOException, InterruptedException {
    stream.sendAll(stream.receiveSome(100));
    stream.closeGracefully();
  }

  @Test
  void many_clients_are_served_at_once() throws Exception {
    var client = Tls.client();
    var context = Tls.certificates().with("server");
    Roost.run(() ->
        Nursery.run(nursery -> {
          var listener = TlsListener.open(0, context);
          int port = ((TcpListener) listener.transports()).localAddress().getPort();
          nursery.start(() -> Serve.listeners(List.of(listener), TlsListenerTest::echoOnce));
          var answers =
              Together.map(
                  IntStream.range(0, 10).boxed().toList(),
                  10,
                  i -> {
                    try (var stream = client.connect("localhost", port)) {
                      stream.sendAll("client " + i);
                      return text(Tcp.receiveAll(stream));
                    }
                  });
          assertThat(answers).contains("client 0", "client 9").doesNotHaveDuplicates();
          nursery.cancel();
        }));
  }

  @Test
  void a_client_that_fails_fails_its_handler_and_no_other() throws Exception {
    var client = Tls.client();
    var server = Tls.server();
    var errors = new ArrayList<Exception>();
    Roost.run(() ->
        Nursery.run(nursery -> {
          var tcp = TcpListener.open(Tcp.ANY_PORT);
          int port = tcp.localAddress().getPort();
          nursery.start(() ->
              Serve.onHandlerError(errors::add)
                  .listeners(List.of(server.listener(tcp)), TlsListenerTest::echoOnce));
          try (var plain = TcpStream.connect("127.0.0.1", port)) {
            plain.sendAll("this is not TLS, whatever else it may be");
            while (errors.isEmpty()) {
              Roost.checkpoint();
              if (plain.receiveSome(100).length == 0) {
                break;
              }
            }
          }
          try (var stream = client.connect("localhost", port)) {
            stream.sendAll("still there?");
            assertThat(text(Tcp.receiveAll(stream))).isEqualTo("still there?");
          }
          nursery.cancel();
        }));
    assertThat(errors).singleElement().isInstanceOf(dev.roost.io.BrokenStreamException.class);
  }

  @Test
  void a_listener_closes_the_one_that_it_is_made_of() throws Exception {
    var context = Tls.certificates().with("server");
    Roost.run(() -> {
      var listener = TlsListener.open(0, context);
      assertThat(listener).hasToString("TlsListener[over " + listener.transports() + "]");
      listener.close();
      assertThatThrownBy(listener::accept).isInstanceOf(ClosedChannelException.class);
    });
  }

  @Test
  void a_stream_whose_options_are_wrong_is_closed() throws Exception {
    var wrong =
        Tls.server()
            .parameters(p -> {
              throw new IllegalArgumentException("wrong");
            });
    Roost.run(() -> {
      try (var tcp = TcpListener.open(Tcp.ANY_PORT);
          var listener = wrong.listener(tcp)) {
        int port = tcp.localAddress().getPort();
        try (var plain = TcpStream.connect("127.0.0.1", port)) {
          assertThatThrownBy(listener::accept).hasMessage("wrong");
          assertThat(plain.receiveSome(1)).isEmpty();
        }
        assertThatThrownBy(() -> wrong.connect("127.0.0.1", port)).hasMessage("wrong");
        try (var accepted = tcp.accept()) {
          assertThat(accepted.receiveSome(1)).isEmpty();
        }
      }
    });
  }

  @Test
  void hosts_that_cannot_be_are_refused() throws Exception {
    var options = Tls.client();
    var pipe = Pipe.pair().client();
    assertThatThrownBy(() -> options.client(pipe, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TlsStream.client: the host is empty");
    assertThatThrownBy(() -> TlsStream.client(pipe, Tls.certificates().trustingAll(), "a..b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"a..b\" cannot be the name of a host");
    assertThatThrownBy(() -> options.applicationProtocols("h2", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is empty");
    Roost.run(() ->
        assertThatThrownBy(() -> TlsStream.connect(".", 1))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("TlsStream.connect: the host is empty"));
  }

  @Test
  void names_are_taken_as_the_network_writes_them() {
    assertThat(TlsServerName.of("x", "example.org.").host()).isEqualTo("example.org");
    assertThat(TlsServerName.of("x", "bücher.example").host()).isEqualTo("xn--bcher-kva.example");
    assertThat(TlsServerName.of("x", "::1").sni()).isEmpty();
    assertThat(TlsServerName.of("x", "localhost").sni()).isPresent();
  }

  @Test
  void the_java_runtime_does_not_trust_an_authority_of_ours() throws Exception {
    var context = Tls.certificates().with("server");
    Roost.run(() ->
        Nursery.run(nursery -> {
          var tcp = TcpListener.open(Tcp.ANY_PORT);
          nursery.start(() -> {
            try (tcp;
                var server = TlsStream.server(tcp.accept(), context)) {
              assertThatThrownBy(server::handshake)
                  .hasMessageContaining("Received fatal alert: certificate_unknown");
            }
          });
          try (var stream = TlsStream.connect("localhost", tcp.localAddress().getPort())) {
            assertThatThrownBy(stream::handshake)
                .hasMessageContaining("unable to find valid certification path");
          }
        }));
  }
}
