package dev.roost.net;

import static dev.roost.net.Tcp.ANY_PORT;
import static dev.roost.net.Tcp.receiveAll;
import static dev.roost.net.Tcp.text;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.Blocking;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskStatus;
import dev.roost.io.BrokenStreamException;
import dev.roost.io.BufferedStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Roost on one side, somebody else's code on the other. */
@Timeout(30)
class ForeignPeersTest {

  private static final Path BASH = Path.of("/bin/bash");
  private static final Path CURL = Path.of("/usr/bin/curl");

  private static String bash(String script) throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(BASH), "there is no " + BASH);
    var process =
        new ProcessBuilder(BASH.toString(), "-c", script).redirectErrorStream(true).start();
    var output = text(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void a_shell_talks_to_a_server() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          List<TcpListener> listeners =
              nursery.startAndWait((TaskStatus<List<TcpListener>> status) ->
                  Serve.tcp(0, ForeignPeersTest::answerOneLine, status));
          int port = listeners.getFirst().localAddress().getPort();
          for (var word : List.of("hello", "again")) {
            var answer =
                Blocking.call(() ->
                    bash(
                        "exec 3<>/dev/tcp/127.0.0.1/%d; echo %s >&3; cat <&3"
                            .formatted(port, word)));
            assertThat(answer).isEqualTo("you said " + word + "\n");
          }
          nursery.cancel();
        }));
  }

  private static void answerOneLine(TcpStream stream) throws IOException, InterruptedException {
    var line = new StringBuilder();
    while (line.indexOf("\n") < 0) {
      line.append(text(stream.receiveSome(100)));
    }
    stream.sendAll("you said " + line);
  }

  @Test
  void a_blocking_server_of_the_jdk_answers() throws Exception {
    try (var server = new ServerSocket(0)) {
      Roost.run(() ->
          Nursery.run(nursery -> {
            nursery.start(() ->
                Blocking.run(() -> {
                  try (Socket socket = server.accept()) {
                    var request = socket.getInputStream().readAllBytes();
                    socket.getOutputStream().write(request);
                    socket.getOutputStream().write('!');
                  }
                }));
            try (var stream = TcpStream.connect("127.0.0.1", server.getLocalPort())) {
              stream.sendAll("hello");
              stream.sendEof();
              assertThat(text(receiveAll(stream))).isEqualTo("hello!");
            }
          }));
    }
  }

  @Test
  void a_blocking_client_of_the_jdk_that_resets_breaks_the_stream() throws Exception {
    Roost.run(() -> {
      try (var listener = TcpListener.open(ANY_PORT)) {
        Nursery.run(nursery -> {
          nursery.start(() ->
              Blocking.run(() -> {
                var address = listener.localAddress();
                try (var socket = new Socket(address.getAddress(), address.getPort())) {
                  socket.setSoLinger(true, 0);
                }
              }));
          try (var stream = listener.accept()) {
            assertThatThrownBy(() -> stream.receiveSome(10))
                .isInstanceOf(BrokenStreamException.class);
          }
        });
      }
    });
  }

  @Test
  void channels_of_ones_own_can_be_waited_for() throws Exception {
    Roost.run(() -> {
      var pipe = Pipe.open();
      pipe.source().configureBlocking(false);
      pipe.sink().configureBlocking(false);
      Nursery.run(nursery -> {
        nursery.start(() -> {
          Readiness.waitWritable(pipe.sink());
          pipe.sink().write(ByteBuffer.allocate(1));
        });
        Readiness.waitReadable(pipe.source());
        assertThat(pipe.source().read(ByteBuffer.allocate(10))).isEqualTo(1);
        nursery.start(() ->
            assertThatThrownBy(() -> Readiness.waitReadable(pipe.source()))
                .isInstanceOf(ClosedChannelException.class));
        waitAllTasksBlocked();
        for (var end : List.of(pipe.source(), pipe.sink())) {
          Readiness.notifyClosing(end);
          end.close();
        }
        Readiness.closed();
      });
    });
  }

  @Test
  void curl_talks_to_a_unix_socket(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(CURL), "there is no " + CURL);
    Roost.run(() ->
        Nursery.run(nursery -> {
          var path = folder.resolve("http.socket");
          var listener = UnixListener.open(path);
          nursery.start(() ->
              Serve.listeners(
                  List.of(listener),
                  stream -> {
                    new BufferedStream(stream).readUntil("\r\n\r\n", 10_000);
                    stream.sendAll("HTTP/1.0 200 OK\r\n\r\nhello from a socket");
                  }));
          for (int i = 0; i < 3; i++) {
            var answer =
                Blocking.call(
                    () -> bash(CURL + " -sS --unix-socket " + path + " http://localhost/ 2>&1"));
            assertThat(answer).isEqualTo("hello from a socket");
          }
          nursery.cancel();
        }));
  }
}
