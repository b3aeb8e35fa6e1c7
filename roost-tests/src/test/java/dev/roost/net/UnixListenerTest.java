package dev.roost.net;

import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.BusyResourceException;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Unix sockets to connect to, and what becomes of their files. */
@Timeout(30)
@DisabledOnOs(OS.WINDOWS)
class UnixListenerTest {

  @TempDir Path folder;

  private Path path() {
    return folder.resolve("s");
  }

  /** What a program leaves behind that was killed. */
  private void leaveStaleSocket() throws IOException {
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(path()))
        .close();
    assertThat(path()).exists();
  }

  private void assertThatItAnswers(UnixListener listener) throws Exception {
    try (var client = UnixStream.connect(path());
        var server = listener.accept()) {
      server.sendAll("x");
      assertThat(client.receiveSome(10)).containsExactly('x');
    }
  }

  @Test
  void closing_removes_the_file_wakes_who_accepts_and_can_be_done_twice() throws Exception {
    Roost.run(() -> {
      var listener = UnixListener.open(path());
      assertThat(listener.localAddress()).isEqualTo(UnixDomainSocketAddress.of(path()));
      Nursery.run(nursery -> {
        nursery.start(
            () -> assertThatThrownBy(listener::accept).isInstanceOf(ClosedChannelException.class));
        waitAllTasksBlocked();
        assertThatThrownBy(listener::accept).isInstanceOf(BusyResourceException.class);
        listener.close();
        listener.close();
      });
      assertThat(listener).hasToString("UnixListener[" + path() + ", closed]");
    });
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void the_run_closes_what_was_left_open_and_removes_the_file() throws Exception {
    var left = Roost.call(() -> UnixListener.open(path()));
    assertThat(folder).isEmptyDirectory();
    left.close();
  }

  @Test
  void a_stale_socket_is_replaced() throws Exception {
    Roost.run(() -> {
      leaveStaleSocket();
      try (var listener = UnixListener.open(path())) {
        assertThatItAnswers(listener);
      }
      leaveStaleSocket();
      var permissions = PosixFilePermissions.fromString("rw-rw----");
      try (var listener = UnixListener.open(path(), permissions)) {
        assertThatItAnswers(listener);
        assertThat(Files.getPosixFilePermissions(path())).isEqualTo(permissions);
      }
    });
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_socket_that_somebody_listens_at_is_not_replaced() throws Exception {
    Roost.run(() -> {
      try (var first = UnixListener.open(path())) {
        for (int i = 0; i < 2; i++) {
          assertThatThrownBy(() -> UnixListener.open(path()))
              .isInstanceOf(BindException.class)
              .hasMessageContaining("Cannot listen at " + path() + ": another program listens");
        }
        assertThatThrownBy(
                () -> UnixListener.open(path(), PosixFilePermissions.fromString("rw-------")))
            .isInstanceOf(BindException.class)
            .hasMessageContaining("another program listens there");
        for (int i = 0; i < 3; i++) {
          first.accept().close(); // those who came to see whether anybody listens
        }
        assertThatItAnswers(first);
      }
    });
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_listener_with_no_room_for_another_one_listens_all_the_same() throws Exception {
    try (var full = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      full.bind(UnixDomainSocketAddress.of(path()), 1);
      Roost.run(() -> {
        for (int i = 0; i < 5; i++) {
          assertThatThrownBy(() -> UnixListener.open(path()))
              .isInstanceOf(BindException.class)
              .hasMessageContaining("another program listens there");
        }
      });
    }
  }

  @Test
  void a_file_of_another_kind_is_left_alone() throws Exception {
    Files.writeString(path(), "precious");
    Roost.run(() -> {
      assertThatThrownBy(() -> UnixListener.open(path()))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("a file of another kind");
      assertThatThrownBy(
              () -> UnixListener.open(path(), PosixFilePermissions.fromString("rw-------")))
          .isInstanceOf(BindException.class);
    });
    assertThat(path()).hasContent("precious");
  }

  @Test
  void a_link_to_a_stale_socket_is_left_alone() throws Exception {
    leaveStaleSocket();
    var link = Files.createSymbolicLink(folder.resolve("link"), path());
    Roost.run(
        () -> assertThatThrownBy(() -> UnixListener.open(link)).isInstanceOf(BindException.class));
    assertThat(Files.isSymbolicLink(link)).isTrue();
  }

  @Test
  void a_file_that_is_somebody_elses_by_now_is_not_removed() throws Exception {
    Roost.run(() -> {
      var listener = UnixListener.open(path());
      Files.delete(path());
      try (var other = UnixListener.open(path())) {
        listener.close();
        assertThatItAnswers(other);
      }
      var gone = UnixListener.open(path());
      Files.delete(path());
      gone.close();
      var replaced = UnixListener.open(path());
      Files.delete(path());
      Files.writeString(path(), "somebody else's");
      replaced.close();
    });
    assertThat(path()).hasContent("somebody else's");
  }

  @Test
  void a_place_that_does_not_exist_is_an_error_that_names_it() throws Exception {
    Roost.run(() -> {
      var nowhere = folder.resolve("no/such/folder");
      assertThatThrownBy(() -> UnixListener.open(nowhere))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(nowhere.toString());
      var tooLong = folder.resolve("x".repeat(200));
      assertThatThrownBy(() -> UnixListener.open(tooLong))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Cannot listen at " + tooLong);
    });
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void outside_a_run_nothing_is_left() {
    assertThatThrownBy(() -> UnixListener.open(path())).isInstanceOf(IllegalStateException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_cancelled_accept_loses_nobody() throws Exception {
    Roost.run(() -> {
      try (var listener = UnixListener.open(path());
          var client = UnixStream.connect(path())) {
        var scope = CancelScope.create();
        scope.cancel();
        assertThat(scope.run(listener::accept)).isFalse();
        try (var server = listener.accept()) {
          client.sendAll("x");
          assertThat(server.receiveSome(1)).containsExactly('x');
        }
      }
    });
  }
}
