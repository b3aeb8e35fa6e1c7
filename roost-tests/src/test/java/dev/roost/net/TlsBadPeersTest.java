package dev.roost.net;

import static dev.roost.net.Tls.certificates;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncConsumer;
import dev.roost.Blocking;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.BrokenStreamException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Peers over TCP, on blocking sockets of the JDK, that talk nonsense, stop in the middle or are
 * gone: what our client and our server make of them.
 */
@Timeout(30)
class TlsBadPeersTest {

  /** What a peer does to the connection, in a thread that blocks. */
  private interface Act {
    void on(Socket socket) throws IOException;
  }

  /** Something that a peer does, and what comes of it. */
  private record Misdeed(String name, Act act, Class<? extends Exception> cause, String message) {
    void expectFrom(TlsStream stream) {
      for (var call : TlsEndTest.CALLS) {
        assertThatThrownBy(() -> call.accept(stream))
            .isInstanceOf(BrokenStreamException.class)
            .hasMessageContaining(stream + " is broken: ")
            .hasMessageContaining(message)
            .hasMessageContaining("Close it, and open another one.")
            .hasMessageNotContaining("..")
            .hasCauseInstanceOf(cause);
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final String NO_GOODBYE = "the connection ended without a close notification";
  private static final String GONE = "its transport does not receive any more";

  /** At any time: what comes is no TLS. */
  private static final Misdeed HTTP =
      new Misdeed("HTTP", TlsBadPeersTest::talkHttp, SSLException.class, " failed: ");

  private static final Misdeed RESET =
      new Misdeed("reset", TlsBadPeersTest::reset, BrokenStreamException.class, GONE);

  private static final List<Misdeed> INSTEAD_OF_A_HELLO =
      List.of(
          HTTP,
          RESET,
          new Misdeed("alert", s -> send(s, 21, 3, 3, 0, 2, 2, 40), SSLException.class, "failed: "),
          new Misdeed(
              "a hello of nonsense",
              socket -> send(socket, 22, 3, 3, 0, 8, 1, 0, 0, 4, 9, 9, 9, 9),
              SSLException.class,
              "the handshake failed: "),
          new Misdeed(
              "end", s -> {}, EOFException.class, "closed the connection during the handshake"),
          new Misdeed(
              "end in a record",
              socket -> send(socket, 22, 3, 3, 1, 0, 2, 0),
              EOFException.class,
              "closed the connection during the handshake"));

  private static final List<Misdeed> AFTER_THE_HANDSHAKE =
      List.of(
          HTTP,
          RESET,
          new Misdeed(
              "a record that was tampered with",
              socket -> send(socket, record(new byte[100])),
              SSLException.class,
              "TLS failed: "),
          new Misdeed(
              "a record that is too long",
              socket -> send(socket, record(new byte[20_000])),
              SSLException.class,
              "TLS failed: "),
          new Misdeed("end", s -> {}, EOFException.class, NO_GOODBYE),
          new Misdeed(
              "end in a record",
              socket -> send(socket, Arrays.copyOf(record(new byte[100]), 50)),
              EOFException.class,
              NO_GOODBYE));

  private static byte[] record(byte[] content) {
    var record = new byte[5 + content.length];
    record[0] = 23;
    record[1] = 3;
    record[2] = 3;
    record[3] = (byte) (content.length >> 8);
    record[4] = (byte) content.length;
    return record;
  }

  private static void send(Socket socket, int... bytes) throws IOException {
    for (int each : bytes) {
      socket.getOutputStream().write(each);
    }
  }

  private static void send(Socket socket, byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  private static void talkHttp(Socket socket) throws IOException {
    send(socket, "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
  }

  private static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  static Stream<Arguments> misdeedsBefore() {
    return INSTEAD_OF_A_HELLO.stream()
        .flatMap(deed -> Stream.of(Arguments.of(true, deed), Arguments.of(false, deed)));
  }

  static Stream<Arguments> misdeedsAfter() {
    return AFTER_THE_HANDSHAKE.stream()
        .flatMap(deed ->
            Tls.VERSIONS.stream()
                .flatMap(
                    v -> Stream.of(Arguments.of(true, v, deed), Arguments.of(false, v, deed))));
  }

  @ParameterizedTest(name = "our client: {0}, {1}")
  @MethodSource("misdeedsBefore")
  void a_peer_that_answers_wrongly_fails_the_handshake(boolean ourClient, Misdeed deed)
      throws Exception {
    meet(
        ourClient,
        socket -> {
          if (ourClient) {
            assertThat(socket.getInputStream().read()).as("the first of the hello").isEqualTo(22);
          }
          finish(socket, deed);
        },
        deed::expectFrom);
  }

  @ParameterizedTest(name = "our client: {0}, {1}, {2}")
  @MethodSource("misdeedsAfter")
  void a_peer_that_goes_wrong_later_breaks_the_stream(
      boolean ourClient, String version, Misdeed deed) throws Exception {
    meet(
        ourClient,
        socket -> {
          var secure = shakeHands(socket, ourClient, version);
          secure.getOutputStream().write('x');
          assertThat(secure.getInputStream().read()).isEqualTo('y');
          finish(socket, deed);
        },
        stream -> {
          assertThat(stream.receiveSome(10)).hasSize(1);
          stream.sendAll("y");
          assertThat(stream.session().getProtocol()).isEqualTo(version);
          assertThatThrownBy(() -> stream.receiveSome(1)).isInstanceOf(BrokenStreamException.class);
          deed.expectFrom(stream);
        });
  }

  /** With no more than the deed, and all of our side's words taken before the end. */
  private static void finish(Socket socket, Misdeed deed) throws IOException {
    deed.act.on(socket);
    if (!socket.isClosed()) {
      socket.shutdownOutput();
      // A socket that is closed with something unread in it says so with a reset.
      socket.getInputStream().readAllBytes();
    }
  }

  /** The JDK's own TLS, over a socket that stays open beneath it. */
  private static SSLSocket shakeHands(Socket socket, boolean asServer, String version)
      throws IOException {
    try {
      var factory = certificates().with("server").getSocketFactory();
      var secure = (SSLSocket) factory.createSocket(socket, "localhost", 1, false);
      secure.setUseClientMode(!asServer);
      secure.setEnabledProtocols(new String[] {version});
      secure.startHandshake();
      return secure;
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void meet(boolean ourClient, Act peer, AsyncConsumer<TlsStream, ?> body)
      throws Exception {
    var connected = new CountDownLatch(1);
    Roost.run(() -> {
      try (var listener = new ServerSocket()) {
        listener.bind(Tcp.ANY_PORT);
        Nursery.run(nursery -> {
          nursery.start(
              "the peer",
              () ->
                  Blocking.run(() -> {
                    try (var socket = listener.accept()) {
                      socket.setTcpNoDelay(true);
                      connected.await();
                      peer.on(socket);
                    }
                  }));
          var transport = TcpStream.connect("127.0.0.1", listener.getLocalPort());
          connected.countDown();
          try (var stream =
              ourClient
                  ? Tls.client().client(transport, "localhost")
                  : Tls.server().server(transport)) {
            body.accept(stream);
          }
        });
      }
    });
  }
}
