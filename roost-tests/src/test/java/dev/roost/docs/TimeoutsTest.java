package dev.roost.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.Cancelled;
import dev.roost.DeadlineExceededException;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.channel.MemoryChannel;
import dev.roost.channel.ReceiveChannel;
import dev.roost.junit.RoostTest;
import dev.roost.testing.MockClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** The samples in docs/timeouts.md. */
@RoostTest(autojump = true)
class TimeoutsTest {

  private final List<String> log = new ArrayList<>();

  private void work(int seconds) throws InterruptedException {
    Roost.sleep(Duration.ofSeconds(seconds));
  }

  private String price(String article) throws IOException, InterruptedException {
    work(article.length());
    return "1.50";
  }

  private String stock(String article) throws IOException, InterruptedException {
    work(article.length());
    return "17";
  }

  // @start region="callers"
  String offer(String article) throws IOException, InterruptedException {
    return price(article) + ", " + stock(article) + " in stock"; // no time limits in here
  }

  // @end

  @Test
  void timeout_is_the_callers() throws Exception {
    String article = "a pen";
    // @start region="three-ways"
    // null if it takes too long
    String maybe =
        CancelScope.moveOnAfter(Duration.ofSeconds(2)).call(() -> offer(article)).orElse(null);

    // a TimeoutException if it takes too long
    String surely = CancelScope.failAfter(Duration.ofSeconds(20)).call(() -> offer(article));

    // both by the same moment
    Instant deadline = Roost.now().plusSeconds(30);
    CancelScope.failAt(deadline).run(() -> log.add(offer("ink")));
    CancelScope.failAt(deadline).run(() -> log.add(offer("paper")));
    // @end
    assertThat(maybe).isNull();
    assertThat(surely).isEqualTo("1.50, 17 in stock");
    assertThat(log).hasSize(2);
  }

  @Test
  void earliest_deadline_counts() throws Exception {
    // @start region="nested"
    CancelScope outer = CancelScope.moveOnAfter(Duration.ofSeconds(10));
    CancelScope inner = CancelScope.moveOnAfter(Duration.ofSeconds(60));
    outer.run(() -> {
      inner.run(() -> work(30));
      log.add("never reached"); // the inner block passes on what is not its own
    });
    // after ten seconds: outer.cancelledCaught() is true, inner.cancelledCaught() is false
    // @end
    assertThat(outer.cancelledCaught()).isTrue();
    assertThat(inner.cancelledCaught()).isFalse();
    assertThat(log).isEmpty();
  }

  @Test
  void deadline_moves() throws Exception {
    var data = MemoryChannel.<String>open(0);
    Nursery.run(nursery -> {
      nursery.start(() -> {
        for (int i = 0; i < 5; i++) {
          work(8);
          data.sender().send("piece " + i);
        }
      });
      ReceiveChannel<String> incoming = data.receiver();
      // @start region="moved"
      CancelScope idle = CancelScope.moveOnAfter(Duration.ofSeconds(10));
      idle.run(() -> {
        while (true) {
          log.add(incoming.receive());
          idle.setTimeout(Duration.ofSeconds(10)); // counts from now
        }
      });
      // @end
      assertThat(idle.cancelledCaught()).isTrue();
    });
    assertThat(log).hasSize(5);
  }

  private void sayGoodbye() throws InterruptedException {
    Roost.sleep(Duration.ofMillis(500));
    log.add("goodbye");
  }

  private void converse() throws InterruptedException {
    work(3600);
  }

  @Test
  void cleanup_waits() throws Exception {
    CancelScope scope = CancelScope.moveOnAfter(Duration.ofSeconds(1));
    scope.run(() -> {
      // @start region="cleanup"
      try {
        converse();
      } finally {
        CancelScope.cleanup(Duration.ofSeconds(2)).run(() -> sayGoodbye());
      }
      // @end
    });
    assertThat(log).containsExactly("goodbye");
  }

  private void payInvoice() throws InterruptedException {
    work(3);
    log.add("paid");
  }

  @Test
  void shield_hides_what_comes_from_outside() throws Exception {
    CancelScope.moveOnAfter(Duration.ofSeconds(1))
        .run(() -> {
          // @start region="shield"
          CancelScope.moveOnAfter(Duration.ofSeconds(30)).shielded().run(() -> payInvoice());
          // @end
          Roost.checkpoint();
          log.add("never reached");
        });
    assertThat(log).containsExactly("paid");
  }

  @Test
  void soft_cancel_lets_work_end() throws Exception {
    var orders = MemoryChannel.<String>open(10);
    Nursery.run(nursery -> {
      ReceiveChannel<String> incoming = orders.receiver();
      // @start region="until-stopping"
      nursery.start(
          "worker",
          () -> {
            while (true) {
              CancelScope pause = CancelScope.untilStopping();
              Optional<String> order = pause.call(incoming::receive);
              if (order.isEmpty()) {
                return; // asked to stop, and nothing is half done
              }
              work(5);
              log.add("done " + order.get());
            }
          });
      // @end
      orders.sender().send("one");
      work(1);
      // @start region="soft-cancel"
      nursery.cancelScope().softCancel(Duration.ofSeconds(30));
      // @end
    });
    assertThat(log).containsExactly("done one");
  }

  @Test
  void reason_can_be_read() throws Exception {
    CancelScope scope = CancelScope.create();
    scope.run(() -> {
      scope.cancel("the user pressed Esc");
      // @start region="reason"
      try {
        converse();
      } catch (Cancelled cancelled) {
        log.add(cancelled.reason().orElse("no reason given"));
        throw cancelled; // on to the block that it belongs to
      }
      // @end
    });
    assertThat(log).containsExactly("the user pressed Esc");
  }

  private final class Attempt {
    int left = 3;

    void run() throws IOException, InterruptedException {
      work(1);
      if (--left > 0) {
        throw new IOException("not yet");
      }
      log.add("connected");
    }
  }

  @Test
  void retries_that_can_be_cancelled() throws Exception {
    var attempt = new Attempt();
    // @start region="retry"
    while (true) {
      try {
        attempt.run();
        break;
      } catch (IOException e) { // not Exception: a Cancelled has to get out of the loop
        log.add(e.getMessage());
      }
      Roost.sleep(Duration.ofSeconds(1));
    }
    // @end
    assertThat(log).containsExactly("not yet", "not yet", "connected");
  }

  @Test
  void cancellation_stays() throws Exception {
    CancelScope scope = CancelScope.create();
    scope.run(() -> {
      scope.cancel();
      for (int i = 0; i < 3; i++) {
        try {
          Roost.checkpoint();
        } catch (Cancelled swallowed) {
          log.add("again");
        }
      }
    });
    assertThat(log).containsExactly("again", "again", "again");
    assertThat(scope.cancelCalled()).isTrue();
    assertThat(scope.cancelledCaught()).isFalse();
  }

  @Test
  void long_computation_can_be_cancelled() throws Exception {
    CancelScope scope = CancelScope.create();
    int[] steps = {0};
    Nursery.run(nursery -> {
      nursery.start(() ->
          scope.run(() -> {
            // @start region="computation"
            while (true) {
              steps[0]++; // a small piece of the computation
              Roost.checkpoint();
            }
            // @end
          }));
      Roost.checkpoint();
      scope.cancel();
    });
    assertThat(scope.cancelledCaught()).isTrue();
    assertThat(steps[0]).isPositive();
  }

  @Test
  void time_left_is_known() throws Exception {
    CancelScope.failAfter(Duration.ofSeconds(9))
        .run(() -> {
          work(4);
          // @start region="time-left"
          Duration limit = CancelScope.timeLeft().orElse(Duration.ofMinutes(1));
          // @end
          assertThat(limit).isEqualTo(Duration.ofSeconds(5));
        });
  }

  @Test
  void deadline_exception_knows_its_scope() {
    var scope = CancelScope.failAfter(Duration.ofSeconds(1));
    assertThatThrownBy(() -> scope.run(() -> work(2)))
        .isInstanceOf(TimeoutException.class)
        .isInstanceOfSatisfying(
            DeadlineExceededException.class, e -> assertThat(e.scope()).isSameAs(scope.scope()));
  }

  @Test
  void clock_is_virtual(MockClock clock) throws Exception {
    work(60);
    assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plusSeconds(60));
  }
}
