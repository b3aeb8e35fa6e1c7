package dev.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.Task;
import dev.roost.TaskStatus;
import dev.roost.sync.Event;
import dev.roost.testing.MockClock;
import dev.roost.testing.Testing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** How fixtures live: who gets them, when they are set up and torn down. */
class FixtureTest {

  private static final List<String> seen = new ArrayList<>();

  @BeforeEach
  void forget() {
    seen.clear();
  }

  /** Something that can be closed. */
  record Thing(String name) implements AutoCloseable {
    @Override
    public void close() {
      seen.add("close " + name);
    }
  }

  record Other(Thing thing) {}

  @RoostTest
  static class ValueCases {
    @Fixture
    Thing thing() throws InterruptedException {
      seen.add("make thing");
      Roost.checkpoint();
      return new Thing("thing");
    }

    @Fixture
    Integer never() {
      seen.add("never");
      return 1;
    }

    @BeforeEach
    void before(Thing thing) {
      seen.add("before with " + thing.name());
    }

    @Test
    void test(Thing thing) {
      seen.add("test with " + thing.name());
    }

    @AfterEach
    void after() {
      seen.add("after");
    }
  }

  @Test
  void a_value_is_there_for_all_methods_of_the_test_and_closed_at_the_end() {
    Cases.runWell(ValueCases.class, 1);

    assertThat(seen)
        .containsExactly(
            "make thing", "before with thing", "test with thing", "after", "close thing");
  }

  @RoostTest
  static class FreshCases {
    private static final Set<Thing> things = Collections.newSetFromMap(new IdentityHashMap<>());

    @Fixture
    Thing thing() {
      return new Thing("of " + Task.current().name());
    }

    @Test
    void one(Thing thing) {
      things.add(thing);
    }

    @Test
    void two(Thing thing) {
      things.add(thing);
    }

    @RepeatedTest(2)
    void more(Thing thing) {
      things.add(thing);
    }
  }

  @Test
  void each_test_has_values_of_its_own() {
    FreshCases.things.clear();
    Cases.runWell(FreshCases.class, 4);

    assertThat(FreshCases.things).hasSize(4);
    assertThat(seen).hasSize(4).containsOnly("close of fixture thing");
  }

  @RoostTest
  static class BlockCases {
    @Fixture
    void thing(Provider<Thing> provider) throws InterruptedException {
      try {
        Nursery.run(nursery -> {
          nursery.start(() -> {
            try {
              Roost.sleepForever();
            } finally {
              seen.add("child stopped");
            }
          });
          provider.provide(new Thing("thing"));
          Roost.checkpoint(); // it is not cancelled
          seen.add("test is over");
          nursery.cancel();
        });
      } finally {
        seen.add("block left");
      }
    }

    @Test
    void test(Thing thing) throws InterruptedException {
      Testing.waitAllTasksBlocked();
      seen.add("test with " + thing.name());
    }
  }

  @Test
  void a_block_goes_around_the_test() {
    Cases.runWell(BlockCases.class, 1);

    assertThat(seen)
        .containsExactly("test with thing", "test is over", "child stopped", "block left");
  }

  @RoostTest
  static class ServiceCases {
    private final Event asked = new Event();
    private final Event answered = new Event();

    @Fixture
    void service(TaskStatus<? super Thing> status) throws InterruptedException {
      try {
        status.started(new Thing("service"));
        asked.await();
        answered.set();
        Roost.sleepForever();
      } finally {
        seen.add("service stopped");
      }
    }

    @Fixture
    void brief(TaskStatus<Integer> status) {
      status.started(7);
    }

    @Fixture
    void silent(TaskStatus<Void> status) throws InterruptedException {
      status.started();
      Roost.sleepForever();
    }

    @Test
    void test(Thing service, int seven) throws InterruptedException {
      assertThat(seven).isEqualTo(7);
      asked.set();
      answered.await();
      seen.add("test with " + service.name());
    }
  }

  @Test
  void a_service_serves_and_is_cancelled_at_the_end() {
    Cases.runWell(ServiceCases.class, 1);

    assertThat(seen).containsExactly("test with service", "service stopped");
  }

  @RoostTest
  static class NothingCases {
    @Fixture
    void heating(Nursery nursery) throws InterruptedException {
      nursery.start(() -> {
        try {
          Roost.sleepForever();
        } finally {
          seen.add("heating stopped");
        }
      });
      Testing.waitAllTasksBlocked();
      seen.add("heating on");
    }

    @Fixture(always = true)
    Thing always() {
      return new Thing("always");
    }

    @Test
    void test() {
      seen.add("test");
    }
  }

  @Test
  void what_gives_nothing_is_for_every_test() {
    Cases.runWell(NothingCases.class, 1);

    assertThat(seen).containsExactly("heating on", "test", "heating stopped", "close always");
  }

  @RoostTest
  static class OrderCases {
    @Fixture
    Other top(Thing left, Long right) {
      seen.add("top of " + left.name() + " and " + right);
      return new Other(left);
    }

    @Fixture
    Thing left(StringBuilder base) {
      seen.add("left on " + base);
      return new Thing("left");
    }

    @Fixture
    void right(Provider<Long> provider, StringBuilder base) throws InterruptedException {
      seen.add("right on " + base);
      Roost.sleep(Duration.ofSeconds(1));
      provider.provide(1L);
      seen.add("right down");
    }

    @Fixture
    void base(Provider<StringBuilder> provider) throws InterruptedException {
      provider.provide(new StringBuilder("base"));
      seen.add("base down");
    }

    @RoostTest(autojump = true)
    void test(Other top) {
      assertThat(top.thing().name()).isEqualTo("left");
    }
  }

  @Test
  void they_are_set_up_in_the_order_of_their_needs_and_torn_down_in_reverse() {
    Cases.runWell(OrderCases.class, 1);

    assertThat(seen)
        .contains("left on base", "right on base")
        .containsSubsequence("top of left and 1", "right down")
        .endsWith("right down", "close left", "base down");
  }

  @RoostTest(autojump = true)
  static class ConcurrentCases {
    @Fixture
    Thing slow() throws InterruptedException {
      Roost.sleep(Duration.ofSeconds(10));
      return new Thing("slow");
    }

    @Fixture
    Integer slower() throws InterruptedException {
      Roost.sleep(Duration.ofSeconds(11));
      return 11;
    }

    @Test
    void test(Integer slower, Thing slow, MockClock clock) {
      assertThat(slow.name()).isEqualTo("slow");
      assertThat(clock.instant().getEpochSecond()).isEqualTo(slower.longValue());
    }
  }

  @Test
  void those_that_do_not_need_each_other_are_set_up_at_once() {
    Cases.runWell(ConcurrentCases.class, 1);
  }
}
