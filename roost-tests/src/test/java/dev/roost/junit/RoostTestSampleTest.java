package dev.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.sync.Event;
import dev.roost.testing.MockClock;
import dev.roost.testing.Testing;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;

// @start region="class"
/** How a program with timeouts is tested. */
@RoostTest
class RoostTestSampleTest {

  private final Event ready = new Event();

  @BeforeEach
  void start_server(Nursery nursery) {
    nursery.start(() -> {
      Roost.sleep(Duration.ofMinutes(5)); // it takes its time
      ready.set();
    });
  }

  @RoostTest(autojump = true)
  void a_slow_server_is_waited_for() throws InterruptedException {
    ready.await(); // for five minutes, which take no time
  }

  @RoostTest
  void a_client_loses_patience_after_thirty_seconds(MockClock clock, Nursery nursery)
      throws InterruptedException {
    var patience = CancelScope.moveOnAfter(Duration.ofSeconds(30));
    nursery.start(() -> patience.run(ready::await));
    Testing.waitAllTasksBlocked();

    clock.jump(Duration.ofSeconds(30));

    Testing.waitAllTasksBlocked();
    assertThat(patience.cancelledCaught()).isTrue();
  }
}
// @end
