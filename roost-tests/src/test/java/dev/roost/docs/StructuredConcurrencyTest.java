package dev.roost.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.junit.RoostTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The samples in docs/structured-concurrency.md. */
@RoostTest(autojump = true)
class StructuredConcurrencyTest {

  private final List<String> log = new ArrayList<>();
  private final ExecutorService executor = Executors.newSingleThreadExecutor();

  record Order(String id) {}

  private void save(Order order) {
    log.add("saved " + order.id());
  }

  private void sendMail(Order order) throws IOException {
    throw new IOException("no mail for " + order.id());
  }

  private void tellWarehouse(Order order) throws InterruptedException {
    try {
      Roost.sleep(Duration.ofSeconds(3));
      log.add("told");
    } finally {
      log.add("warehouse done");
    }
  }

  // @start region="unstructured"
  void accept(Order order) {
    save(order);
    executor.submit(() -> {
      sendMail(order);
      return null;
    });
  }

  // @end

  @Test
  void executor_loses_the_error() {
    accept(new Order("7"));
    executor.close(); // waits for the task, and says nothing
    assertThat(log).containsExactly("saved 7");
  }

  // @start region="structured"
  void acceptAndTell(Order order) throws InterruptedException {
    save(order);
    Nursery.run(nursery -> {
      nursery.start(() -> sendMail(order));
      nursery.start(() -> tellWarehouse(order));
    });
  }

  // @end

  @Test
  void nursery_brings_the_error_home() {
    assertThatThrownBy(() -> acceptAndTell(new Order("7")))
        .isInstanceOf(ExceptionGroup.class)
        .hasRootCauseInstanceOf(IOException.class);
    assertThat(log).containsExactly("saved 7", "warehouse done");
  }

  private final class Connection implements AutoCloseable {
    void use(String what) throws InterruptedException {
      Roost.sleep(Duration.ofSeconds(1));
      log.add(what);
    }

    @Override
    public void close() {
      log.add("closed");
    }
  }

  private Connection open() {
    return new Connection();
  }

  @Test
  void resources_outlive_their_users() throws InterruptedException {
    // @start region="resources"
    try (Connection connection = open()) {
      Nursery.run(nursery -> {
        nursery.start(() -> connection.use("one"));
        nursery.start(() -> connection.use("two"));
      });
    } // closed when nobody uses it any more
    // @end
    assertThat(log).containsExactlyInAnyOrder("one", "two", "closed").endsWith("closed");
  }

  // @start region="passed-on"
  void crawl(Nursery nursery, String page) throws InterruptedException {
    for (String link : linksIn(page)) {
      nursery.start(() -> crawl(nursery, link));
    }
  }

  void crawlAll(String first) throws InterruptedException {
    Nursery.run(nursery -> crawl(nursery, first));
  }

  // @end

  private List<String> linksIn(String page) throws InterruptedException {
    Roost.sleep(Duration.ofSeconds(1));
    log.add(page);
    return page.length() < 3 ? List.of(page + "a", page + "b") : List.of();
  }

  @Test
  void nursery_can_be_passed_on() throws InterruptedException {
    crawlAll("x");
    assertThat(log).containsExactlyInAnyOrder("x", "xa", "xb", "xaa", "xab", "xba", "xbb");
  }

  // @start region="one-at-a-time"
  static final class Account {
    private long cents;

    void transferTo(Account other, long amount) {
      if (cents >= amount) {
        cents -= amount;
        other.cents += amount;
      }
    }
  }

  // @end

  @Test
  void nobody_interferes() throws InterruptedException {
    var one = new Account();
    var other = new Account();
    one.cents = 100;
    Nursery.run(nursery -> {
      for (int i = 0; i < 300; i++) {
        nursery.start(() -> {
          one.transferTo(other, 1);
          Roost.checkpoint();
        });
      }
    });
    assertThat(List.of(one.cents, other.cents)).containsExactly(0L, 100L);
  }
}
