package dev.roost.docs;

import static dev.roost.testing.RoostAssertions.assertThat;
import static dev.roost.testing.RoostAssertions.assertThatGroupThrownBy;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Portal;
import dev.roost.Roost;
import dev.roost.TaskStatus;
import dev.roost.TaskTree;
import dev.roost.junit.Fixture;
import dev.roost.junit.Provider;
import dev.roost.junit.RoostTest;
import dev.roost.net.Serve;
import dev.roost.net.TcpListener;
import dev.roost.net.TcpStream;
import dev.roost.sync.Event;
import dev.roost.testing.MockClock;
import dev.roost.testing.Sequencer;
import dev.roost.testing.Testing;
import dev.roost.testing.ThreadTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;

/** The samples in docs/testing.md. */
class TestingTest {

  // @start region="code"
  static String fetchWithin(Duration limit, Event ready) throws Exception {
    return CancelScope.failAfter(limit)
        .call(() -> {
          ready.await();
          return "the page";
        });
  }

  // @end

  // @start region="first"
  @RoostTest
  void page_is_fetched_when_ready() throws Exception {
    var ready = new Event();
    ready.set();

    assertThat(fetchWithin(Duration.ofSeconds(30), ready)).isEqualTo("the page");
  }

  // @end

  // @start region="autojump"
  @RoostTest(autojump = true)
  void page_that_never_comes_is_given_up() {
    assertThatThrownBy(() -> fetchWithin(Duration.ofSeconds(30), new Event()))
        .isInstanceOf(TimeoutException.class);
  }

  // @end

  // @start region="clock"
  @RoostTest
  void page_is_waited_for_thirty_seconds(MockClock clock, Nursery nursery) throws Exception {
    var ready = new Event();
    var pages = new ArrayList<String>();
    nursery.start(() -> pages.add(fetchWithin(Duration.ofSeconds(30), ready)));
    waitAllTasksBlocked();

    clock.jump(Duration.ofSeconds(29));
    waitAllTasksBlocked();
    assertThat(pages).isEmpty(); // neither fetched nor given up

    ready.set();
    waitAllTasksBlocked();
    assertThat(pages).containsExactly("the page");
  }

  // @end

  // @start region="sequencer"
  @RoostTest
  void blocks_run_in_the_order_of_the_test(Nursery nursery) throws Exception {
    var order = new ArrayList<String>();
    var sequencer = new Sequencer();
    nursery.start(() -> {
      try (var _ = sequencer.at(0)) {
        order.add("child");
      }
      try (var _ = sequencer.at(2)) {
        order.add("child again");
      }
    });
    try (var _ = sequencer.at(1)) {
      order.add("test");
    }
    try (var _ = sequencer.at(3)) {
      assertThat(order).containsExactly("child", "test", "child again");
    }
  }

  // @end

  // @start region="checkpoints"
  @RoostTest
  void event_keeps_its_promises() throws Exception {
    var event = new Event();
    Testing.assertNoCheckpoints(() -> event.set());
    Testing.assertCheckpoints(() -> event.await()); // also when there is nothing to wait for
  }

  // @end

  // @start region="schedules"
  @RoostTest(schedules = 50)
  void counter_is_right_in_every_order() throws Exception {
    int[] counter = {0};
    Nursery.run(nursery -> {
      for (int i = 0; i < 3; i++) {
        nursery.start(() -> {
          Roost.checkpoint();
          counter[0]++;
        });
      }
    });
    assertThat(counter[0]).isEqualTo(3);
  }

  // @end

  // @start region="server"
  @Fixture
  void server(TaskStatus<List<TcpListener>> status) throws Exception {
    Serve.tcp(
        0, connection -> connection.sendAll("welcome"), status); // is cancelled after the test
  }

  @Fixture
  TcpStream client(List<TcpListener> server) throws Exception {
    return TcpStream.connect("localhost", server.getFirst().localAddress().getPort());
  } // is closed after the test

  @RoostTest
  void client_is_welcomed(TcpStream client) throws Exception {
    assertThat(client.receiveSome(100)).asString().isEqualTo("welcome");
  }

  // @end

  // @start region="block"
  @Fixture
  void counter(Provider<Event> provider) throws Exception {
    var ticked = new Event();
    Nursery.run(nursery -> {
      nursery.start(
          "ticker",
          () -> {
            Roost.sleep(Duration.ofSeconds(1));
            ticked.set();
            Roost.sleepForever();
          });
      provider.provide(ticked); // the test runs meanwhile
      nursery.cancel();
    });
  }

  @RoostTest(autojump = true)
  void ticker_ticks(Event ticked) throws Exception {
    ticked.await();
  }

  // @end

  @RoostTest
  void all_errors_are_reported() {
    // @start region="group"
    assertThatGroupThrownBy(() ->
            Nursery.run(nursery -> {
              nursery.start(() -> {
                throw new IOException("refused");
              });
              nursery.start(() -> {
                throw new TimeoutException();
              });
            }))
        .hasExactlyLeaves(IOException.class, TimeoutException.class)
        .leaf(IOException.class)
        .hasMessage("refused");
    // @end
  }

  @RoostTest
  void consumer_waits(Nursery nursery) throws Exception {
    // @start region="tree"
    var full = new Event();
    nursery.start("consumer", () -> full.await());
    waitAllTasksBlocked();

    assertThat(TaskTree.current()).isWaiting("consumer", "an event").hasNoTask("producer");
    // @end
  }

  // @start region="threads"
  @RoostTest
  void caller_waits_for_the_task(Portal portal) throws Exception {
    ThreadTest.run(threads -> {
      var ready = new Event();
      var caller = threads.start("caller", () -> portal.run(() -> ready.await()));

      caller.awaitBlockedIn(Portal.class, "run");
      ready.set();
      caller.join();
    });
  }

  // @end

  private final List<String> rooms = new ArrayList<>();

  // @start region="fixture"
  @BeforeEach
  void start_heating(Nursery nursery) {
    nursery.start(
        "heating",
        () -> {
          rooms.add("warm");
          Roost.sleepForever(); // serves the test, and is cancelled when that ends
        });
  }

  @RoostTest
  void rooms_are_warm() throws Exception {
    waitAllTasksBlocked();
    assertThat(rooms).containsExactly("warm");
  }
  // @end
}
