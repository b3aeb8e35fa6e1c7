package dev.roost.lowlevel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Nursery;
import dev.roost.Portal;
import dev.roost.Roost;
import dev.roost.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The samples in the documentation of this package. */
class LowlevelSamplesTest {

  // @start region="line"
  /** A place where tasks meet in pairs, each getting what the other brought. */
  static final class Exchange {
    private final RunBinding binding = new RunBinding();
    private final Line<Waiter> waiting = new Line<>();

    static final class Waiter extends Line.Place {
      final String brought;
      final Suspension<String> partner = Suspension.create("a partner");

      Waiter(String brought) {
        this.brought = brought;
      }
    }

    String exchange(String mine) throws InterruptedException {
      binding.startCheckpoint("Exchange.exchange");
      Waiter other = waiting.poll();
      if (other != null) {
        other.partner.resume(mine);
        binding.endCheckpoint();
        return other.brought;
      }
      Waiter me = new Waiter(mine);
      waiting.add(me);
      return me.partner.await(cancellation -> waiting.remove(me));
    }
  }

  // @end

  @Test
  void line() throws Exception {
    List<String> got = new ArrayList<>();
    Exchange exchange = new Exchange();
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> got.add(exchange.exchange("a")));
          AllTasksBlocked.await(Duration.ZERO);
          got.add(exchange.exchange("b"));
        }));
    assertThat(got).containsExactly("a", "b");
  }

  @Test
  void wakeup_isExpected() throws Exception {
    Roost.run(() -> {
      Event done = new Event();
      Portal portal = Portal.current();
      // @start region="outside-wakeup"
      try (var _ = OutsideWakeup.expect()) {
        CompletableFuture.runAsync(() -> portal.post(done::set));
        done.await();
      }
      // @end
      assertThat(done.isSet()).isTrue();
    });
  }
}
