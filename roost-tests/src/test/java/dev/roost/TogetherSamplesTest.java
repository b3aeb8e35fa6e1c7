package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.testing.MockClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The samples in the documentation of {@link Together} and {@link Outcome}. */
class TogetherSamplesTest {

  private final List<String> log = new ArrayList<>();

  private static <X extends Exception> void inRun(AsyncRunnable<X> main)
      throws X, InterruptedException {
    Roost.with().clock(new MockClock().autojump()).run(main);
  }

  record User(String name) {}

  record Page(User user, List<String> orders) {}

  private static User user(int id) throws InterruptedException {
    Roost.sleep(Duration.ofSeconds(1));
    return new User("user " + id);
  }

  private static List<String> orders(int id) throws IOException, InterruptedException {
    Roost.sleep(Duration.ofSeconds(2));
    if (id < 0) {
      throw new IOException("no such user");
    }
    return List.of("order of " + id);
  }

  @Test
  void both() throws InterruptedException {
    int id = 7;
    inRun(() -> {
      // @start region="both"
      Page page = Together.both(() -> user(id), () -> orders(id), Page::new);
      // @end
      assertThat(page).isEqualTo(new Page(new User("user 7"), List.of("order of 7")));
    });
  }

  @Test
  void all() throws InterruptedException {
    inRun(() -> {
      // @start region="all"
      List<User> users = Together.all(() -> user(1), () -> user(2), () -> user(3));
      // @end
      assertThat(users).extracting(User::name).containsExactly("user 1", "user 2", "user 3");
    });
  }

  private static String ask(String server, int seconds) throws InterruptedException {
    Roost.sleep(Duration.ofSeconds(seconds));
    return "answer of " + server;
  }

  @Test
  void race() throws InterruptedException {
    inRun(() -> {
      // @start region="race"
      String answer = Together.race(() -> ask("near", 1), () -> ask("far", 5));
      // @end
      assertThat(answer).isEqualTo("answer of near");
    });
  }

  private static String download(String mirror) throws IOException, InterruptedException {
    Roost.sleep(Duration.ofSeconds(1));
    if (mirror.startsWith("broken")) {
      throw new IOException(mirror);
    }
    return "file from " + mirror;
  }

  @Test
  void firstSuccess() throws InterruptedException {
    inRun(() -> {
      // @start region="first-success"
      String file =
          Together.firstSuccess(() -> download("broken mirror"), () -> download("mirror"));
      // @end
      assertThat(file).isEqualTo("file from mirror");
    });
  }

  record Connection(String host, List<String> log) implements AutoCloseable {
    @Override
    public void close() {
      log.add("closed " + host);
    }
  }

  private Connection connect(String host) throws InterruptedException {
    Roost.sleep(Duration.ofSeconds(1));
    return new Connection(host, log);
  }

  @Test
  void disposer() throws InterruptedException {
    inRun(() -> {
      // @start region="disposer"
      List<AsyncCallable<Connection, RuntimeException>> attempts =
          List.of(() -> connect("one"), () -> connect("two"));
      try (Connection first = Together.race(attempts, Connection::close)) {
        log.add("use " + first.host());
      }
      // @end
      assertThat(log).containsExactly("closed two", "use one", "closed one");
    });
  }

  @Test
  void settle() throws InterruptedException {
    inRun(() -> {
      // @start region="settle"
      for (Outcome<List<String>> outcome : Together.settle(() -> orders(1), () -> orders(-1))) {
        switch (outcome) {
          case Outcome.Success<List<String>>(var orders) -> log.add("fine: " + orders);
          case Outcome.Failure<List<String>>(var error) -> log.add("failed: " + error.getMessage());
        }
      }
      // @end
      assertThat(log).containsExactly("fine: [order of 1]", "failed: no such user");
    });
  }

  @Test
  void map() throws InterruptedException {
    List<String> servers = List.of("a", "b", "c");
    inRun(() -> {
      // @start region="map"
      List<String> answers = Together.map(servers, 2, server -> ask(server, 1)); // two at once
      // @end
      assertThat(answers).containsExactly("answer of a", "answer of b", "answer of c");
    });
  }

  record Transfer(Connection from, Connection to) {}

  @Test
  void owned() throws InterruptedException {
    inRun(() -> {
      // @start region="owned"
      Transfer transfer = // both are open, or both are closed again
          Together.both(
              Together.owned(() -> connect("a"), Connection::close),
              Together.owned(() -> connect("b"), Connection::close),
              Transfer::new);
      // @end
      assertThat(transfer.from().host() + transfer.to().host()).isEqualTo("ab");
    });
    assertThat(log).isEmpty();
  }
}
