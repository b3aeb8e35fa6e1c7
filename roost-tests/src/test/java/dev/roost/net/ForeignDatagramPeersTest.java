package dev.roost.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Blocking;
import dev.roost.Nursery;
import dev.roost.Roost;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Datagrams to and from programs that we did not write. */
@Timeout(30)
class ForeignDatagramPeersTest {

  private static String run(String... command) throws Exception {
    Assumptions.assumeTrue(isInstalled(command[0]), "there is no " + command[0]);
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  @Test
  void a_shell_sends_datagrams() throws Exception {
    Roost.run(() -> {
      try (var socket = DatagramSocket.open(Tcp.ANY_PORT)) {
        int port = socket.localAddress().getPort();
        Blocking.run(() ->
            run(
                "bash",
                "-c",
                "echo one > /dev/udp/127.0.0.1/$0; echo two > /dev/udp/127.0.0.1/$0",
                Integer.toString(port)));
        assertThat(socket.receive().text()).isEqualTo("one\n");
        assertThat(socket.receive().text()).isEqualTo("two\n");
      }
    });
  }

  @Test
  void a_python_program_asks_and_is_answered() throws Exception {
    var program =
        """
        import socket, sys
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.settimeout(20)
        for size in (0, 1, 1400, 60000):
            s.sendto(b'x' * size, ('127.0.0.1', int(sys.argv[1])))
            answer, sender = s.recvfrom(100)
            print(answer.decode(), sender[1] == int(sys.argv[1]))
        """;
    Roost.run(() -> {
      try (var socket = DatagramSocket.open()) {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        assertThat(address.isUnresolved()).isFalse();
        Nursery.run(nursery -> {
          nursery.start(() -> {
            for (int i = 0; i < 4; i++) {
              var question = socket.receive();
              socket.send("got " + question.bytes().length, question.sender());
            }
          });
          var port = Integer.toString(socket.localAddress().getPort());
          assertThat(Blocking.call(() -> run("python3", "-c", program, port)))
              .isEqualTo("got 0 True\ngot 1 True\ngot 1400 True\ngot 60000 True\n");
          nursery.cancel();
        });
      }
    });
  }
}
