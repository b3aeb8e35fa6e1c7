package dev.roost.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The server on all cores, with bash for clients. */
class AllCoresTest {

  private static final int SIGTERM = 143;
  private static final int VISITORS = 40;

  /** Connects again and again, and prints the last line of each answer. */
  private static final String CLIENT =
      """
      port=$1
      for i in $(seq $2); do
        exec 3<>/dev/tcp/127.0.0.1/$port
        printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3
        while read -r line <&3; do last=$line; done
        exec 3>&-
        echo "$last"
      done
      """;

  @Test
  void connections_are_spread_over_the_runs() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "bash, and ports that can be shared");
    try (var server = Program.start(AllCores.class, "0", "3")) {
      var port = server.awaitLine("listening on ").replaceAll("\\D", "");
      try (var clients =
          Program.command("bash", "-c", CLIENT, "client", port, Integer.toString(VISITORS))) {
        var answers = clients.result();
        assertThat(answers.lines()).as(answers.errors()).hasSize(VISITORS);
        var greeting = Pattern.compile("You are visitor \\d+ of core ([012])");
        assertThat(answers.lines()).allMatch(line -> greeting.matcher(line).matches());
        assertThat(answers.lines()).as("each is counted by one run alone").doesNotHaveDuplicates();
        assertThat(answers.lines().stream().map(line -> line.replaceAll(".* ", "")).distinct())
            .as("cores that answered")
            .hasSizeGreaterThan(1);
      }
      server.terminate();
      var end = server.result();
      assertThat(end.exitCode()).isEqualTo(SIGTERM);
      assertThat(end.complaints()).isEmpty();
    }
  }
}
