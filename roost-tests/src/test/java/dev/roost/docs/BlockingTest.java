package dev.roost.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.BackgroundRun;
import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Portal;
import dev.roost.Roost;
import dev.roost.Together;
import dev.roost.channel.MemoryChannel;
import dev.roost.sync.CapacityLimiter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The samples in docs/blocking.md. */
@Timeout(30)
class BlockingTest {

  private final List<String> log = new ArrayList<>();

  @TempDir Path folder;

  @Test
  void section_gives_a_value() throws Exception {
    Path file = Files.writeString(folder.resolve("notes.txt"), "one\ntwo\n");
    Roost.run(() -> {
      // @start region="call"
      List<String> lines = Blocking.call(() -> Files.readAllLines(file));
      log.addAll(lines); // the task again, with the run to itself
      // @end
    });
    assertThat(log).containsExactly("one", "two");
  }

  /** Blocks its thread until it is told to stop, in one way or another. */
  private static final class Statement {
    final CountDownLatch cancelled = new CountDownLatch(1);
    final CountDownLatch begun = new CountDownLatch(1);

    int executeUpdate() throws IOException, InterruptedException {
      begun.countDown();
      cancelled.await();
      throw new IOException("the statement was cancelled");
    }

    void cancel() {
      cancelled.countDown();
    }

    void commit() {}
  }

  @Test
  void others_go_on_and_cancellation_interrupts() throws Exception {
    var statement = new Statement();
    Roost.run(() -> {
      // @start region="timeout"
      boolean done =
          CancelScope.moveOnAfter(Duration.ofMillis(100))
              .run(() -> Blocking.run(() -> statement.executeUpdate()));
      // @end
      assertThat(done).isFalse();
    });
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void statement_is_cancelled_in_its_own_way() throws Exception {
    var statement = new Statement();
    Roost.run(() -> {
      boolean done =
          CancelScope.moveOnAfter(Duration.ofMillis(100))
              .run(() -> {
                // @start region="on-cancel"
                int rows = Blocking.onCancel(statement::cancel).call(statement::executeUpdate);
                // @end
                log.add(rows + " rows");
              });
      assertThat(done).isFalse();
    });
    assertThat(statement.cancelled.getCount()).isZero();
  }

  @Test
  void commit_is_not_interrupted() throws Exception {
    var connection = new Statement();
    Roost.run(() -> {
      // @start region="uninterrupted"
      Blocking.uninterrupted().run(() -> connection.commit());
      // @end
    });
    assertThat(connection.begun.getCount()).isOne();
  }

  private String lookUp(String name) {
    return name + " found";
  }

  @Test
  void look_up_is_left_behind() throws Exception {
    Roost.run(() -> {
      // @start region="abandoning"
      String address = Blocking.abandoning().call(() -> lookUp("example.org"));
      // @end
      assertThat(address).isEqualTo("example.org found");
    });
  }

  /** A library with threads of its own. */
  private static final class Feed {
    void onMessage(Consumer<String> listener) {
      Thread.startVirtualThread(() -> listener.accept("news"));
    }
  }

  @Test
  void portal_lets_other_threads_in() throws Exception {
    var feed = new Feed();
    Roost.run(() -> {
      // @start region="portal"
      var messages = MemoryChannel.<String>unbounded();
      Portal portal = Portal.current();
      feed.onMessage(text -> portal.post(() -> messages.sender().sendNow(text)));

      log.add(messages.receiver().receive());
      // @end
    });
    assertThat(log).containsExactly("news");
  }

  // @start region="background"
  static final class Prices implements AutoCloseable {
    private final BackgroundRun run = Roost.open();

    List<String> of(List<String> articles) throws InterruptedException { // on any thread
      return run.portal().call(() -> Together.map(articles, 5, article -> price(article)));
    }

    @Override
    public void close() {
      run.close();
    }
  }

  // @end

  private static String price(String article) throws InterruptedException {
    Roost.checkpoint();
    return article + ": 1.50";
  }

  @Test
  void background_run_serves_any_thread() throws Exception {
    try (var prices = new Prices()) {
      assertThat(prices.of(List.of("pen", "ink"))).containsExactly("pen: 1.50", "ink: 1.50");
    }
  }

  @Test
  void limiter_bounds_sections() throws Exception {
    var files = new ArrayList<Path>();
    for (int i = 0; i < 20; i++) {
      files.add(Files.writeString(folder.resolve("f" + i), "x".repeat(i)));
    }
    Roost.run(() -> {
      // @start region="limited"
      var atMostFour = Blocking.limitedBy(new CapacityLimiter(4));
      long[] total = {0};
      Nursery.run(nursery -> {
        for (Path file : files) {
          nursery.start(() -> {
            long size = atMostFour.call(() -> Files.size(file));
            total[0] += size; // on a line of its own: see below
          });
        }
      });
      // @end
      assertThat(total[0]).isEqualTo(190);
    });
  }
}
