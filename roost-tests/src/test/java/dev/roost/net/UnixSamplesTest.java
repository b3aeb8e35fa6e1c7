package dev.roost.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Nursery;
import dev.roost.Roost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The samples in the documentation of Unix sockets. */
@Timeout(30)
@DisabledOnOs(OS.WINDOWS)
class UnixSamplesTest {

  @TempDir Path folder;

  @Test
  void listens_and_connects() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          // @start region="listen"
          UnixListener listener = UnixListener.open(folder.resolve("echo.socket"));
          nursery.start(() -> Serve.listeners(List.of(listener), NetSamplesTest::echo));
          // @end
          // @start region="connect"
          try (UnixStream stream = UnixStream.connect(folder.resolve("echo.socket"))) {
            stream.sendAll("hello");
            assertThat(stream.receiveSome(100)).asString().isEqualTo("hello");
          }
          // @end
          nursery.cancel();
        }));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void is_for_its_owner_alone() throws Exception {
    var path = folder.resolve("private.socket");
    Roost.run(() -> {
      // @start region="permissions"
      var onlyMe = PosixFilePermissions.fromString("rw-------");
      try (UnixListener listener = UnixListener.open(path, onlyMe)) {
        // @end
        assertThat(listener.toString()).isEqualTo("UnixListener[" + path + "]");
        assertThat(Files.getPosixFilePermissions(path)).isEqualTo(onlyMe);
        try (var client = UnixStream.connect(path);
            var server = listener.accept()) {
          client.sendAll("x");
          assertThat(server.receiveSome(10)).containsExactly('x');
          assertThat(server.localAddress()).isEqualTo(client.remoteAddress());
        }
      }
    });
    assertThat(folder).isEmptyDirectory();
  }
}
