package dev.roost.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/**
 * The forwarder in a process of its own, between clients and servers that know nothing of Roost.
 */
class PortForwarderTest {

  private static final int SIGTERM = 128 + 15;

  /** Answers when it has heard the end of the question, as many programs do. */
  private static final String PERL_SERVER =
      """
      use IO::Socket::INET; $| = 1;
      my $l = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1') or die $!;
      print "listening on ", $l->sockport, "\\n";
      for (1, 2) {
        my $s = $l->accept or die $!;
        my $question = join '', <$s>;
        print $s "you asked: $question";
        close $s;
      }
      """;

  /** Says that it has sent all, and then wants the answer. */
  private static final String PERL_CLIENT =
      """
      use IO::Socket::INET;
      my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $ARGV[0]) or die $!;
      print $s "what is the time?\\nand the place?\\n";
      shutdown $s, 1;
      print while <$s>;
      """;

  @Test
  void endOfQuestion_isPassedOn_andAnswerComesBack() throws Exception {
    assumeTrue(Installed.is("perl"), "perl is not installed");
    try (var server = Program.command("perl", "-e", PERL_SERVER)) {
      var target = portOf(server);
      try (var forwarder = Program.start(PortForwarder.class, "0", "127.0.0.1", target)) {
        var port = portOf(forwarder);
        for (int i = 0; i < 2; i++) {
          try (var client = Program.command("perl", "-e", PERL_CLIENT, port)) {
            var result = client.result();
            assertThat(result.lines())
                .as(result.errors())
                .containsExactly("you asked: what is the time?", "and the place?");
          }
        }
        forwarder.terminate();
        var end = forwarder.result();
        assertThat(end.exitCode()).isEqualTo(SIGTERM);
        assertThat(end.complaints()).isEmpty();
        assertThat(end.lines()).hasSize(1);
      }
    }
  }

  @Test
  void muchIsDownloadedThroughIt_andAServerThatIsNotThere_isALostConnection() throws Exception {
    assumeTrue(Installed.is("curl"), "curl is not installed");
    var page = new byte[3_000_000];
    var loopback = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    var server = HttpServer.create(loopback, 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      server.setExecutor(executor);
      server.start();
      var target = Integer.toString(server.getAddress().getPort());
      try (var forwarder = Program.start(PortForwarder.class, "0", "127.0.0.1", target)) {
        var url = "http://127.0.0.1:" + portOf(forwarder) + "/";
        var five = new String[] {"curl", "-sS", "-w", "%{size_download}\\n", "-o", "/dev/null"};
        for (int i = 0; i < 3; i++) {
          assertThat(curl(five, url).output()).isEqualTo("3000000");
        }
        server.stop(0);
        assertThat(curl(five, url).exitCode()).isNotZero();
        assertThat(forwarder.awaitLine("lost a connection: ")).contains("127.0.0.1:" + target);
      }
    } finally {
      server.stop(0);
    }
  }

  private static Program.Result curl(String[] command, String url) throws Exception {
    var all = Arrays.copyOf(command, command.length + 1);
    all[command.length] = url;
    try (var curl = Program.command(all)) {
      return curl.result();
    }
  }

  private static String portOf(Program program) throws Exception {
    return program.awaitLine("listening on ").replaceAll("\\D", "");
  }
}
