package dev.roost.net;

import static java.net.StandardProtocolFamily.INET6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.Roost;
import dev.roost.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two questions about one name, and a race that begins with the first answer. */
@Timeout(30)
class FamilyResolverTest {

  private static final List<InetAddress> SIX = literals("2001:db8::1", "2001:db8::2");
  private static final List<InetAddress> FOUR = literals("192.0.2.1", "192.0.2.2");

  private static List<InetAddress> literals(String... addresses) {
    return Stream.of(addresses).map(InetAddress::ofLiteral).toList();
  }

  /** Answers after so many milliseconds. */
  private static FamilyResolver answering(
      long sixAfter, List<InetAddress> six, long fourAfter, List<InetAddress> four) {
    return (host, family) -> {
      Roost.sleep(Duration.ofMillis(family == INET6 ? sixAfter : fourAfter));
      return family == INET6 ? six : four;
    };
  }

  /** When which address is tried, if each attempt takes for ever but those that fail. */
  private static List<String> attempts(FamilyResolver resolver, boolean failing) throws Exception {
    var attempts = new ArrayList<String>();
    World.run(() -> {
      var race =
          new HappyEyeballs<InetAddress, String>(
              new Answers(resolver, "a.test"),
              Duration.ofMillis(250),
              address -> {
                long now = Duration.between(Instant.EPOCH, Roost.now()).toMillis();
                attempts.add(now + " " + Targets.text(address.getHostAddress(), 1));
                if (failing) {
                  throw new IOException("refused");
                }
                Roost.sleepForever();
                return "never";
              },
              unused -> {});
      CancelScope.moveOnAfter(Duration.ofSeconds(10)).run(race::run);
    });
    return attempts.stream()
        .map(a -> a.replace("[2001:db8:0:0:0:0:0:", "six ").replace("192.0.2.", "four "))
        .map(a -> a.replaceAll("\\]?:1$", ""))
        .toList();
  }

  @Test
  void both_answers_at_once_begin_with_six_and_alternate_once() throws Exception {
    assertThat(attempts(answering(10, SIX, 10, FOUR), false))
        .containsExactly("10 six 1", "260 four 1", "510 six 2", "760 four 2");
  }

  @Test
  void six_that_comes_first_does_not_wait_for_four() throws Exception {
    assertThat(attempts(answering(10, SIX, 300, FOUR), false))
        .containsExactly("10 six 1", "260 six 2", "510 four 1", "760 four 2");
  }

  @Test
  void four_that_comes_first_waits_fifty_milliseconds_for_six() throws Exception {
    assertThat(attempts(answering(50, SIX, 10, FOUR), false))
        .containsExactly("50 six 1", "300 four 1", "550 six 2", "800 four 2");
    assertThat(attempts(answering(100, SIX, 10, FOUR), false))
        .containsExactly("60 four 1", "310 six 1", "560 six 2", "810 four 2");
  }

  @Test
  void an_answer_that_never_comes_holds_up_nobody() throws Exception {
    assertThat(attempts(answering(1_000_000, SIX, 10, FOUR), false))
        .containsExactly("60 four 1", "310 four 2");
    assertThat(attempts(answering(10, SIX, 1_000_000, FOUR), true))
        .containsExactly("10 six 1", "10 six 2");
  }

  @Test
  void an_empty_answer_is_not_waited_for() throws Exception {
    assertThat(attempts(answering(5, List.of(), 10, FOUR), true))
        .containsExactly("10 four 1", "10 four 2");
    assertThat(attempts(answering(20, List.of(), 10, FOUR), true))
        .containsExactly("20 four 1", "20 four 2");
  }

  @Test
  void a_late_answer_is_tried_when_all_others_have_failed() throws Exception {
    assertThat(attempts(answering(500, SIX, 10, FOUR), true))
        .containsExactly("60 four 1", "60 four 2", "500 six 1", "500 six 2");
  }

  @Test
  void it_is_a_resolver_like_any_other_too() throws Exception {
    World.run(() -> {
      assertThat(answering(20, SIX, 10, FOUR).resolve("a.test"))
          .containsExactly(SIX.get(0), FOUR.get(0), SIX.get(1), FOUR.get(1));
      assertThatThrownBy(() -> answering(1, List.of(), 2, List.of()).resolve("a.test"))
          .isInstanceOf(UnknownHostException.class)
          .hasMessageContaining("a.test");
    });
  }

  @Test
  void if_neither_is_found_the_error_has_both_reasons() throws Exception {
    FamilyResolver failing =
        (host, family) -> {
          throw new IOException("no " + family);
        };
    World.run(() ->
        assertThatThrownBy(() -> TcpStream.connector().resolver(failing).connect("a.test", 80))
            .hasMessageStartingWith("no INET") // whichever was first
            .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1)));
  }

  @Test
  void the_connector_asks_for_names_and_not_for_numbers() throws Exception {
    Roost.run(() -> {
      try (var listener = TcpListener.open(Tcp.ANY_PORT)) {
        int port = listener.localAddress().getPort();
        // @start region="resolver"
        Map<String, InetAddress> table = Map.of("db.test", InetAddress.ofLiteral("127.0.0.1"));
        FamilyResolver resolver =
            (host, family) ->
                family == StandardProtocolFamily.INET && table.containsKey(host)
                    ? List.of(table.get(host))
                    : List.of();
        TcpConnector connector = TcpStream.connector().resolver(resolver);
        // @end
        for (var host : List.of("db.test", "127.0.0.1")) {
          try (var client = connector.connect(host, port);
              var server = listener.accept()) {
            assertThat(client.localAddress()).isEqualTo(server.remoteAddress());
          }
        }
        assertThatThrownBy(() -> connector.connect("other.test", port))
            .isInstanceOf(UnknownHostException.class);
        assertThatThrownBy(() -> connector.connect(" ", port))
            .isInstanceOf(IllegalArgumentException.class);
      }
      FamilyResolver onlyRefused = (host, family) -> literals("127.0.0.1");
      assertThatThrownBy(() -> TcpStream.connector().resolver(onlyRefused).connect("a.test", 1))
          .hasMessageContaining("attempts to connect to a.test:1 failed");
    });
  }
}
