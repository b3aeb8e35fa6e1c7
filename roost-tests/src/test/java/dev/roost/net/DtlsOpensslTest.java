package dev.roost.net;

import static dev.roost.net.DtlsTest.CONTEXT;
import static dev.roost.net.DtlsTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DTLS with OpenSSL on the other side. */
@Timeout(30)
class DtlsOpensslTest {

  private static final Path PEM = Certificates.get().folder().resolve("localhost.pem");
  private static final Path KEY = Certificates.get().folder().resolve("localhost.key");

  @BeforeAll
  static void needsOpenssl() {
    Openssl.assumeInstalled();
  }

  private static Process openssl(String... arguments) throws IOException {
    var command = new java.util.ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static void end(Process process) throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Reads up to a line that contains a text. */
  private static String readTo(String expected, BufferedReader output) throws IOException {
    var all = new StringBuilder();
    for (String line; (line = output.readLine()) != null; ) {
      all.append(line).append('\n');
      if (line.contains(expected)) {
        return line;
      }
    }
    throw new AssertionError("no " + expected + " in what openssl said:\n" + all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1400", "300"})
  void openssl_is_the_client(String mtu) throws Exception {
    Roost.run(() -> {
      try (var server = DtlsEndpoint.open(Tcp.ANY_PORT).mtu(Integer.parseInt(mtu))) {
        Nursery.run(nursery -> {
          var address =
              nursery.startAndWait((TaskStatus<InetSocketAddress> status) ->
                  server.serve(
                      CONTEXT,
                      channel -> channel.send("you said " + text(channel.receive())),
                      status));
          var client =
              openssl(
                  "s_client",
                  "-dtls1_2",
                  "-mtu",
                  mtu,
                  "-verify_return_error",
                  "-CAfile",
                  PEM.toString(),
                  "-connect",
                  "127.0.0.1:" + address.getPort());
          try {
            Blocking.run(() -> {
              client.getOutputStream().write("hello\n".getBytes());
              client.getOutputStream().flush();
              assertThat(readTo("you said", client.inputReader())).contains("you said hello");
            });
          } finally {
            end(client);
          }
          nursery.cancel();
        });
        assertThat(server.statistics().cookies()).isEqualTo(1);
      }
    });
  }

  @Test
  void openssl_is_a_client_with_a_certificate() throws Exception {
    Roost.run(() -> {
      try (var server = DtlsEndpoint.open(Tcp.ANY_PORT)) {
        server.parameters(parameters -> parameters.setNeedClientAuth(true));
        Nursery.run(nursery -> {
          var address =
              nursery.startAndWait((TaskStatus<InetSocketAddress> status) ->
                  server.serve(
                      CONTEXT,
                      channel ->
                          channel.send("hello " + channel.session().getPeerPrincipal() + "\n"),
                      status));
          var client =
              openssl(
                  "s_client",
                  "-dtls1_2",
                  "-cert",
                  PEM.toString(),
                  "-key",
                  KEY.toString(),
                  "-CAfile",
                  PEM.toString(),
                  "-connect",
                  "127.0.0.1:" + address.getPort());
          try {
            Blocking.run(() -> readTo("hello CN=localhost", client.inputReader()));
          } finally {
            end(client);
          }
          nursery.cancel();
        });
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-listen"})
  void openssl_is_the_server(String listen) throws Exception {
    int port;
    try (var free = new DatagramSocket(Tcp.ANY_PORT)) {
      port = free.getLocalPort();
    }
    var arguments =
        Stream.of(
                "s_server",
                "-dtls1_2",
                listen,
                "-accept",
                "127.0.0.1:" + port,
                "-cert",
                PEM.toString(),
                "-key",
                KEY.toString())
            .filter(argument -> !argument.isEmpty())
            .toArray(String[]::new);
    var server = openssl(arguments);
    try {
      Roost.run(() -> {
        var output = server.inputReader();
        Blocking.run(() -> readTo("ACCEPT", output));
        try (var endpoint = DtlsEndpoint.open()) {
          var got =
              CancelScope.moveOnAfter(Duration.ofSeconds(20))
                  .call(() -> {
                    try (var channel = endpoint.connect("127.0.0.1", port, CONTEXT)) {
                      channel.send("hello from here\n");
                      Blocking.run(() -> {
                        readTo("hello from here", output);
                        server.getOutputStream().write("hello from there\n".getBytes());
                        server.getOutputStream().flush();
                      });
                      return text(channel.receive());
                    }
                  });
          assertThat(got).contains("hello from there\n");
        }
      });
    } finally {
      end(server);
    }
  }
}
