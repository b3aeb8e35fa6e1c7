package dev.roost.net;

import static dev.roost.testing.Testing.assertCheckpoints;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.testing.StreamChecks;
import dev.roost.testing.StreamPair;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Connections through Unix sockets. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class UnixStreamTest {

  @TempDir Path folder;

  private Path path() {
    return folder.resolve("s");
  }

  private StreamPair<UnixStream> pair() throws IOException, InterruptedException {
    try (var listener = UnixListener.open(path())) {
      return new StreamPair<>(UnixStream.connect(path()), listener.accept());
    }
  }

  private StreamPair<UnixStream> cloggedPair() throws IOException, InterruptedException {
    var pair = pair();
    for (var end : List.of(pair.left(), pair.right())) {
      end.setOption(StandardSocketOptions.SO_SNDBUF, 8 * 1024);
      var scope = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(() -> scope.run(() -> end.sendAll(new byte[1024 * 1024])));
        waitAllTasksBlocked();
        scope.cancel();
      });
    }
    return pair;
  }

  @Test
  void unix_streams_pass_the_checks() throws Exception {
    Roost.run(() -> StreamChecks.halfCloseable(this::pair, this::cloggedPair));
  }

  @Test
  void they_tell_their_addresses() throws Exception {
    Roost.run(() -> {
      var pair = pair();
      var client = pair.left();
      assertThat(client.remoteAddress()).isEqualTo(UnixDomainSocketAddress.of(path()));
      assertThat(pair.right().localAddress()).isEqualTo(UnixDomainSocketAddress.of(path()));
      assertThat(client.localAddress().getPath()).isEqualTo(Path.of(""));
      assertThat(client).hasToString("UnixStream[unnamed -> " + path() + "]");
      assertThat(pair.right().option(StandardSocketOptions.SO_SNDBUF)).isPositive();
      pair.close();
      assertThat(client).hasToString("UnixStream[unnamed -> " + path() + ", closed]");
      assertThatThrownBy(() -> client.option(StandardSocketOptions.SO_SNDBUF))
          .isInstanceOf(ClosedChannelException.class);
    });
  }

  @Test
  void connecting_is_a_checkpoint_and_leaves_nothing_open_when_cancelled() throws Exception {
    Roost.run(() -> {
      long before = Tcp.openSockets();
      try (var listener = UnixListener.open(path())) {
        assertCheckpoints(() -> UnixStream.connect(path()).close());
        var scope = CancelScope.create();
        scope.cancel();
        assertThat(scope.run(() -> UnixStream.connect(path()))).isFalse();
        listener.accept().close();
      }
      assertThat(Tcp.openSockets()).isEqualTo(before);
    });
  }

  @Test
  void a_failed_attempt_names_the_path() throws Exception {
    Roost.run(() -> {
      long before = Tcp.openSockets();
      assertThatThrownBy(() -> UnixStream.connect(path()))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("connect to " + path() + " failed: No such file")
          .hasCauseInstanceOf(IOException.class);
      ServerSocketChannel.open(StandardProtocolFamily.UNIX)
          .bind(UnixDomainSocketAddress.of(path()))
          .close(); // leaves its file
      assertThatThrownBy(() -> UnixStream.connect(path()))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("refused");
      assertThat(Tcp.openSockets()).isEqualTo(before);
    });
  }

  @Test
  void a_listener_that_has_no_room_is_asked_again() throws Exception {
    try (var busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      busy.bind(UnixDomainSocketAddress.of(path()), 1);
      busy.configureBlocking(false);
      Roost.run(() -> {
        var waiting = new ArrayList<SocketChannel>();
        for (boolean room = true; room; ) {
          var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
          channel.configureBlocking(false);
          waiting.add(channel);
          try {
            room = channel.connect(UnixDomainSocketAddress.of(path()));
          } catch (SocketException full) {
            room = false;
          }
        }
        Nursery.run(nursery -> {
          var connected = new ArrayList<UnixStream>();
          nursery.start(() -> connected.add(UnixStream.connect(path())));
          waitAllTasksBlocked();
          assertThat(connected).isEmpty();
          while (connected.isEmpty()) {
            var accepted = busy.accept();
            if (accepted == null) {
              Readiness.waitReadable(busy);
            } else {
              accepted.close();
            }
            Roost.checkpoint();
          }
          connected.getFirst().close();
        });
        Readiness.notifyClosing(busy);
        for (var channel : waiting) {
          channel.close();
        }
      });
    }
  }

  @Test
  void a_blocking_client_of_the_jdk_talks_to_a_server() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          var listener = UnixListener.open(path());
          nursery.start(() -> Serve.listeners(List.of(listener), NetSamplesTest::echo));
          Blocking.run(() -> {
            try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
              channel.write(ByteBuffer.wrap("hello".getBytes()));
              channel.shutdownOutput();
              var buffer = ByteBuffer.allocate(100);
              while (channel.read(buffer) >= 0) {
                assertThat(buffer.hasRemaining()).isTrue();
              }
              assertThat(new String(buffer.array(), 0, buffer.position())).isEqualTo("hello");
            }
          });
          nursery.cancel();
        }));
    assertThat(Files.exists(path())).isFalse();
  }
}
