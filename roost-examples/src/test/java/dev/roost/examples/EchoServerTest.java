package dev.roost.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server in a process of its own, and clients that know nothing of Roost. */
class EchoServerTest {

  private static final int SIGTERM = 128 + 15;

  /**
   * All open at once; the second hundred ask for a lot, take a little of it, and hang up: a reset.
   */
  private static final String TWO_HUNDRED =
      """
      set -e
      port=$1
      bulk=$(printf '%010000d' 0)
      for i in {1..200}; do
        exec {fds[i]}<>/dev/tcp/127.0.0.1/$port
      done
      for i in {1..100}; do
        echo "first $i" >&${fds[i]}
      done
      for i in {101..200}; do
        echo "first $i" >&${fds[i]}
        read -r line <&${fds[i]}
        echo "$bulk" >&${fds[i]}
      done
      for i in {101..200}; do
        read -r -N 1 byte <&${fds[i]}
        exec {fds[i]}>&-
      done
      for i in {1..100}; do
        echo "second $i" >&${fds[i]}
        read -r one <&${fds[i]}
        read -r two <&${fds[i]}
        [ "$one, $two" = "first $i, second $i" ]
        exec {fds[i]}>&-
      done
      echo "all answers are right"
      """;

  @Test
  void halfOfTwoHundredConnectionsReset_serverGoesOn() throws Exception {
    assumeTrue(installed("bash"), "bash is not installed");
    try (var server = Program.start(EchoServer.class, "0")) {
      var port = portOf(server);

      try (var clients = Program.command("bash", "-c", TWO_HUNDRED, "clients", port)) {
        var result = clients.result();
        assertThat(result.lines()).as(result.errors()).containsExactly("all answers are right");
        assertThat(result.exitCode()).isZero();
      }
      for (int lost = 0; lost < 100; lost++) {
        server.awaitLine("lost a client: ");
      }

      var late = Program.run(EchoClient.class, "localhost", port, "still", "there?");
      assertThat(late.lines()).as(late.errors()).containsExactly("still there?");
      server.terminate();
      var end = server.result();
      assertThat(end.exitCode()).isEqualTo(SIGTERM);
      assertThat(end.complaints()).isEmpty();
      assertThat(end.lines()).as("one line for each reset, and the first").hasSize(101);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"curl -sN telnet://127.0.0.1:PORT", "nc 127.0.0.1 PORT"})
  void clientOfOthers_getsItsLineBack_andSigtermEndsBoth(String command) throws Exception {
    assumeTrue(installed(command.split(" ")[0]), "it is not installed");
    try (var server = Program.start(EchoServer.class, "0")) {
      var port = portOf(server);
      try (var client = Program.command(command.replace("PORT", port).split(" "))) {
        assertThat(answer(client, "Is anybody there?")).isEqualTo("Is anybody there?");

        server
            .terminate(); // with a client that stays connected: it has a second, then it is cut off

        var end = server.result();
        assertThat(end.exitCode()).isEqualTo(SIGTERM);
        assertThat(end.complaints()).isEmpty();
        assertThat(end.lines()).hasSize(1);
      }
    }
  }

  /**
   * What comes back first. The line is typed again while nothing does: curl looks at the network
   * for a tenth of a second, and then no more until there is input.
   */
  private static String answer(Program client, String line) throws Exception {
    var answer = new FutureTask<>(() -> client.awaitLine(""));
    Thread.startVirtualThread(answer);
    while (true) {
      client.type(line);
      try {
        return answer.get(250, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        continue; // a client that has ended makes type fail
      }
    }
  }

  private static String portOf(Program server) throws Exception {
    return server.awaitLine("listening on ").replaceAll("\\D", "");
  }

  private static boolean installed(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
