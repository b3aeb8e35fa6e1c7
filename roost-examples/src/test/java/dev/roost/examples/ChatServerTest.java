package dev.roost.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The chat in a process of its own, and clients that know nothing of Roost. */
class ChatServerTest {

  private static final int SIGTERM = 128 + 15;

  /** Three people: Ann writes 50 MB, Bob listens to nothing at all, Cy gets every line. */
  private static final String FLOOD =
      """
      set -e
      port=$1
      expect() {
        read -r line <&$1
        [ "$line" = "$2" ] || { echo "$1 got $line, not $2"; exit 1; }
      }
      skip() { dd bs=$2 count=1 iflag=fullblock of=/dev/null status=none <&$1; }
      exec 3<>/dev/tcp/127.0.0.1/$port 4<>/dev/tcp/127.0.0.1/$port 5<>/dev/tcp/127.0.0.1/$port
      echo ann >&3; expect 3 "* ann is here"
      echo bob >&4; expect 3 "* bob is here"
      echo cy >&5;  expect 3 "* cy is here"; expect 5 "* cy is here"
      echo hello >&5; expect 3 "cy: hello"; expect 5 "cy: hello"
      x=$(printf '%0984d' 0)
      batch=$(for i in {1..500}; do echo "$x"; done)
      for i in {1..100}; do
        echo "$batch" >&3
        skip 3 495000
        skip 5 495000
      done
      echo bye >&3
      grep -m 1 'ann: bye' <&3
      grep -m 1 'ann: bye' <&5
      """;

  @Test
  void slowReader_stopsNobody_andMemoryIsBounded() throws Exception {
    assumeTrue(Installed.is("bash") && Installed.is("dd"), "bash or dd is not installed");
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classes = System.getProperty("java.class.path");
    // What Bob does not read is more than this server has.
    try (var server =
        Program.command(java, "-Xmx24m", "-cp", classes, ChatServer.class.getName(), "0")) {
      var port = server.awaitLine("listening on ").replaceAll("\\D", "");
      try (var clients = Program.command("bash", "-c", FLOOD, "clients", port)) {
        var result = clients.result();
        assertThat(result.output()).as(result.errors()).isEqualTo("ann: bye\nann: bye");
        assertThat(result.exitCode()).isZero();
      }
      server.awaitLine("bob is too slow");
      server.terminate();
      var end = server.result();
      assertThat(end.exitCode()).isEqualTo(SIGTERM);
      assertThat(end.errors()).doesNotContain("OutOfMemory");
    }
  }
}
