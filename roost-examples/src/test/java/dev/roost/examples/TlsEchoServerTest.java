package dev.roost.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server in a process of its own, and the openssl program as its client. */
class TlsEchoServerTest {

  private static final int SIGTERM = 128 + 15;

  @TempDir Path folder;

  @Test
  void openssl_gets_its_lines_back_and_a_stranger_is_turned_away() throws Exception {
    assumeTrue(hasOpenssl(), "the program openssl is not installed: it makes the certificate");
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout %s/key.pem"
            + " -out %s/cert.pem -subj /CN=localhost -addext subjectAltName=DNS:localhost");
    openssl(
        "pkcs12 -export -in %s/cert.pem -inkey %s/key.pem -out %s/keys.p12 -passout pass:secret");
    var keys = folder.resolve("keys.p12").toString();
    try (var server = Program.start(TlsEchoServer.class, "0", keys, "secret")) {
      var port = server.awaitLine("listening on ").replaceAll("\\D", "");

      try (var client = client(port, "localhost")) {
        client.type("Is anybody there?");
        client.awaitLine("Is anybody there?");
        client.type("Q"); // a word that openssl keeps for itself: it says goodbye and ends
        assertThat(client.result().output()).contains("Verify return code: 0 (ok)");
      }
      try (var stranger = client(port, "other.test")) { // that is not who we are
        assertThat(stranger.result().exitCode()).isNotZero();
      }
      server.awaitLine("lost a client: ");

      server.terminate();
      var end = server.result();
      assertThat(end.exitCode()).isEqualTo(SIGTERM);
      assertThat(end.complaints()).isEmpty();
    }
  }

  @Test
  void without_arguments_it_says_what_it_needs() throws Exception {
    assertThat(Program.run(TlsEchoServer.class).output())
        .isEqualTo("Usage: TlsEchoServer PORT KEYS.p12 PASSWORD");
  }

  private Program client(String port, String expected) throws Exception {
    return Program.command(
        "openssl",
        "s_client",
        "-connect",
        "127.0.0.1:" + port,
        "-servername",
        "localhost",
        "-verify_hostname",
        expected,
        "-verify_return_error",
        "-CAfile",
        folder.resolve("cert.pem").toString());
  }

  private void openssl(String arguments) throws Exception {
    var command = ("openssl " + arguments.replace("%s", folder.toString())).split(" ");
    try (var program = Program.command(command)) {
      var result = program.result();
      assertThat(result.exitCode()).as(result.errors()).isZero();
    }
  }

  private static boolean hasOpenssl() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "openssl")));
  }
}
