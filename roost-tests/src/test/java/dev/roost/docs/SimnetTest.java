package dev.roost.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskStatus;
import dev.roost.io.BufferedStream;
import dev.roost.junit.RoostTest;
import dev.roost.net.Serve;
import dev.roost.net.TcpListener;
import dev.roost.net.TcpStream;
import dev.roost.testing.SimNet;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** The samples in docs/simnet.md. */
class SimnetTest {

  // @start region="first"
  @RoostTest(autojump = true)
  void greeting_takes_one_round_trip() throws Exception {
    SimNet.<Exception>run(
        42,
        net -> {
          var client = net.host("client");
          var server = net.host("server");
          net.link(client, server).latency(Duration.ofMillis(80));
          Nursery.run(nursery -> {
            var _ =
                nursery.startAndWait((TaskStatus<List<TcpListener>> status) ->
                    server.run(() -> Serve.tcp(7, stream -> stream.sendAll("hello"), status)));
            client.run(() -> {
              try (var stream = TcpStream.connect("server", 7)) {
                assertThat(new String(stream.receiveSome(100))).isEqualTo("hello");
              }
            });
            assertThat(Roost.now()).isEqualTo(Instant.EPOCH.plusMillis(160));
            nursery.cancel();
          });
        });
  }

  // @end

  // @start region="eyeballs"
  @RoostTest(autojump = true)
  void black_hole_costs_a_quarter_of_a_second() throws Exception {
    SimNet.<Exception>run(
        1,
        net -> {
          var client = net.host("client");
          var server = net.host("server"); // its name leads to IPv6 first
          net.blackHole(server.ipv6());
          try (var _ = server.call(() -> TcpListener.open(80));
              var stream = client.call(() -> TcpStream.connect("server", 80))) {
            assertThat(stream.remoteAddress().getAddress()).isEqualTo(server.ipv4());
            assertThat(Roost.now()).isEqualTo(Instant.EPOCH.plusMillis(252));
          }
        });
  }

  // @end

  // @start region="service"
  /** Answers a line with the line and a mark. */
  static void serve(TaskStatus<List<TcpListener>> status) throws IOException, InterruptedException {
    Serve.onHandlerError(error -> {}) // a client that goes away is no reason to stop
        .tcp(7, stream -> stream.sendAll(new BufferedStream(stream).readLine() + "!\n"), status);
  }

  /** One request on one connection; tries again, ever more slowly, until there is an answer. */
  static String ask(String question) throws InterruptedException {
    for (var pause = Duration.ofMillis(100); ; pause = pause.multipliedBy(2)) {
      try {
        return CancelScope.failAfter(Duration.ofSeconds(2))
            .call(() -> {
              try (var stream = TcpStream.connect("server", 7)) {
                stream.sendAll(question + "\n");
                return new BufferedStream(stream).readLine();
              }
            });
      } catch (IOException | TimeoutException e) {
        Roost.sleep(pause);
      }
    }
  }

  // @end

  // @start region="partition"
  @RoostTest(autojump = true)
  void every_request_is_answered_in_ten_bad_minutes() throws Exception {
    var answers = new ArrayList<String>();
    SimNet.<Exception>run(
        7,
        net -> {
          var client = net.host("client");
          var server = net.host("server");
          net.link(client, server)
              .latency(Duration.ofMillis(40))
              .jitter(Duration.ofMillis(20))
              .loss(0.05);
          Nursery.run(nursery -> {
            var _ =
                nursery.startAndWait(
                    (TaskStatus<List<TcpListener>> status) -> server.run(() -> serve(status)));
            nursery.start(
                "trouble",
                () -> {
                  Roost.sleep(Duration.ofMinutes(2));
                  net.partition(server);
                  Roost.sleep(Duration.ofMinutes(1));
                  net.heal();
                  Roost.sleep(Duration.ofMinutes(2));
                  server.reset();
                });
            client.run(() -> {
              while (Roost.now().isBefore(Instant.EPOCH.plus(Duration.ofMinutes(10)))) {
                answers.add(ask("question"));
                Roost.sleep(Duration.ofSeconds(1));
              }
            });
            nursery.cancel();
          });
        });
    assertThat(answers).hasSizeGreaterThan(300).containsOnly("question!");
  }

  // @end

  // @start region="clocks"
  @RoostTest(autojump = true)
  void token_is_too_old_where_the_clock_is_ahead() throws Exception {
    SimNet.<Exception>run(
        1,
        net -> {
          var issuer = net.host("issuer");
          var service = net.host("service");
          service.setClock(Duration.ofMinutes(6), 0);
          Instant expires = issuer.call(() -> Roost.now().plus(Duration.ofMinutes(5)));
          service.run(() -> assertThat(Roost.now()).isAfter(expires)); // at the same moment
        });
  }
  // @end
}
