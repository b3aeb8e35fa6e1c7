package dev.roost.net;

import static dev.roost.net.Tcp.receiveAll;
import static dev.roost.net.Tcp.receiveExactly;
import static dev.roost.net.Tcp.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncConsumer;
import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskStatus;
import dev.roost.io.BrokenStreamException;
import dev.roost.io.BufferedStream;
import dev.roost.io.LimitExceededException;
import dev.roost.sync.Event;
import dev.roost.testing.MockClock;
import java.io.IOException;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that reset, stall, dribble, half-close and flood, on sockets of the JDK. */
@Timeout(60)
class BadPeersTest {

  /** What a peer does, in a thread that blocks. */
  private interface Peer {
    void talk(Socket socket) throws Exception;
  }

  /** Serves one peer; what the handler threw comes out. */
  private static void serveOne(Peer peer, AsyncConsumer<TcpStream, ?> handler) throws Exception {
    Roost.run(() -> {
      try (var listener = TcpListener.open(Tcp.ANY_PORT)) {
        Nursery.run(nursery -> {
          nursery.start(() ->
              Blocking.run(() -> {
                var address = listener.localAddress();
                try (var socket = new Socket(address.getAddress(), address.getPort())) {
                  peer.talk(socket);
                }
              }));
          try (var stream = listener.accept()) {
            handler.accept(stream);
          }
        });
      }
    });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void a_peer_that_sends_byte_by_byte_is_understood() throws Exception {
    var message = "first line\r\nsecond line\n" + "body".repeat(100);
    serveOne(
        socket -> {
          socket.setTcpNoDelay(true);
          for (byte one : bytes(message)) {
            socket.getOutputStream().write(one);
          }
          assertThat(text(socket.getInputStream().readAllBytes())).isEqualTo("got it");
        },
        stream -> {
          var input = new BufferedStream(stream);
          assertThat(input.readLine(100)).isEqualTo("first line");
          assertThat(input.readLine(100)).isEqualTo("second line");
          assertThat(text(input.readExactly(400))).isEqualTo("body".repeat(100));
          stream.sendAll("got it");
        });
  }

  @Test
  void a_peer_that_resets_in_the_middle_of_its_message_breaks_the_stream() throws Exception {
    serveOne(
        socket -> {
          socket.getOutputStream().write(bytes("half a li"));
          socket.setSoLinger(true, 0);
        },
        stream ->
            assertThatThrownBy(() -> new BufferedStream(stream).readLine(100))
                .isInstanceOf(BrokenStreamException.class)
                .hasMessageContaining("127.0.0.1"));
  }

  @Test
  void a_peer_that_half_closes_gets_its_answer() throws Exception {
    serveOne(
        socket -> {
          socket.getOutputStream().write(bytes("question"));
          socket.shutdownOutput();
          assertThat(text(socket.getInputStream().readAllBytes())).isEqualTo("the answer");
        },
        stream -> {
          assertThat(text(receiveAll(stream))).isEqualTo("question");
          stream.sendAll("the answer");
        });
  }

  @Test
  void a_peer_that_closes_with_our_bytes_unread_breaks_the_sender() throws Exception {
    serveOne(
        socket -> assertThat(socket.getInputStream().read()).isEqualTo(0),
        stream ->
            assertThatThrownBy(
                    () -> {
                      while (true) {
                        stream.sendAll(new byte[100_000]);
                      }
                    })
                .isInstanceOf(BrokenStreamException.class));
  }

  @Test
  void a_peer_that_floods_without_a_line_is_turned_away_with_little_read() throws Exception {
    serveOne(
        socket -> {
          var junk = new byte[64 * 1024];
          try {
            while (true) {
              socket.getOutputStream().write(junk);
            }
          } catch (IOException turnedAway) {
            assertThat(turnedAway).isNotNull();
          }
        },
        stream -> {
          var input = new BufferedStream(stream);
          assertThatThrownBy(() -> input.readLine(10_000))
              .isInstanceOf(LimitExceededException.class);
          assertThat(input.buffered()).isLessThan(200_000);
        });
  }

  /** A timeout far outside; on a virtual clock, so that it takes no time. */
  @Test
  void a_peer_that_stalls_is_given_up_when_the_caller_says_so() throws Exception {
    Roost.with()
        .clock(new MockClock().autojump())
        .run(() -> {
          try (var listener = TcpListener.open(Tcp.ANY_PORT);
              var silent = TcpStream.connect(listener.localAddress());
              var stream = listener.accept()) {
            silent.sendAll("half a li");
            var input = new BufferedStream(stream);
            assertThat(CancelScope.moveOnAfter(Duration.ofMinutes(1)).run(() -> input.readLine(99)))
                .isFalse();
            silent.sendAll("ne\n");
            assertThat(input.readLine(99)).isEqualTo("half a line");
          }
        });
  }

  /** Those who stall, flood and reset do not stop the one who asks nicely. */
  @Test
  void bad_peers_do_not_get_in_the_way_of_good_ones() throws Exception {
    var lost = new ArrayList<Exception>();
    Roost.run(() ->
        Nursery.run(nursery -> {
          var oneIsLost = new Event();
          var server =
              Serve.onHandlerError(error -> {
                lost.add(error);
                oneIsLost.set();
              });
          List<TcpListener> listeners =
              nursery.startAndWait((TaskStatus<List<TcpListener>> status) ->
                  server.tcp(0, BadPeersTest::answerLines, status));
          var address = listeners.getFirst().localAddress();
          int port = address.getPort();
          var enough = new Event();
          nursery.start(() -> flood(port, enough));
          var stalled = new ArrayList<TcpStream>();
          for (int i = 0; i < 20; i++) {
            var stream = TcpStream.connect("127.0.0.1", port);
            stream.sendAll("never ends");
            stalled.add(stream);
          }
          for (int i = 0; i < 20; i++) {
            try (var stream = TcpStream.connect("127.0.0.1", port)) {
              stream.sendAll("x".repeat(50));
              stream.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
          }
          try (var good = TcpStream.connect("127.0.0.1", port)) {
            for (int i = 0; i < 50; i++) {
              good.sendAll("line " + i + "\n");
              var expected = "you said line " + i + "\n";
              assertThat(text(receiveExactly(good, expected.length()))).isEqualTo(expected);
            }
          }
          oneIsLost.await(); // the flooder comes again until it has been thrown out
          enough.set();
          stalled.forEach(TcpStream::close);
          nursery.cancel();
        }));
    assertThat(lost).allMatch(IOException.class::isInstance);
  }

  private static void answerLines(TcpStream stream) throws IOException, InterruptedException {
    var input = new BufferedStream(stream);
    for (var line = input.readLineOrEnd(100); line.isPresent(); line = input.readLineOrEnd(100)) {
      stream.sendAll("you said " + line.get() + "\n");
    }
  }

  /** Connects again whenever it is thrown out. */
  private static void flood(int port, Event enough) throws IOException, InterruptedException {
    while (!enough.isSet()) {
      try (var stream = TcpStream.connect("127.0.0.1", port)) {
        while (!enough.isSet()) {
          stream.sendAll("x".repeat(10_000));
        }
      } catch (BrokenStreamException thrownOut) {
        Roost.checkpoint();
      }
    }
  }
}
