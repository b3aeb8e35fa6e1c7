package dev.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Nursery;
import dev.roost.Portal;
import dev.roost.sync.Event;
import dev.roost.testing.MockClock;
import dev.roost.testing.Testing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fixtures take, and which one a parameter gets. */
class FixtureChoiceTest {

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

  @RoostTest(seed = 5)
  static class ParametersCases {
    @Fixture
    Thing thing(
        Nursery nursery,
        MockClock clock,
        Portal portal,
        @Seed long seed,
        TestInfo info,
        @TempDir Path folder) {
      nursery.start("child", () -> seen.add("child of " + info.getDisplayName()));
      portal.post(() -> seen.add("posted"));
      assertThat(Files.isDirectory(folder)).isTrue();
      return new Thing(seed + " at " + clock.instant().getEpochSecond());
    }

    @Test
    void test(Thing thing, Nursery own, @Seed Long seed) throws InterruptedException {
      Testing.waitAllTasksBlocked();
      assertThat(thing.name()).isEqualTo("5 at 0");
      assertThat(seed).isEqualTo(5);
      assertThat(own.children()).isEmpty();
    }
  }

  @Test
  void they_take_what_a_test_takes() {
    Cases.runWell(ParametersCases.class, 1);

    assertThat(seen)
        .hasSize(3)
        .contains("posted")
        .anyMatch(s -> s.startsWith("child of test("))
        .endsWith("close 5 at 0");
  }

  @RoostTest
  static class PortalCases {
    @Test
    void test(Portal portal, @Seed long seed) throws Exception {
      assertThat(seed).isZero();
      var answer = new Event();
      var thread = Thread.ofPlatform().start(() -> portal.post(answer::set));
      answer.await();
      dev.roost.Blocking.run(thread::join);
    }
  }

  @Test
  void a_test_takes_a_portal_and_a_seed() {
    Cases.runWell(PortalCases.class, 1);
  }

  static class Base {
    @Fixture
    Thing inherited() {
      return new Thing("inherited");
    }

    @Fixture
    Integer overridden() {
      return 1;
    }
  }

  @RoostTest
  static class HierarchyCases extends Base {
    @Override
    @Fixture
    Integer overridden() {
      return 2;
    }

    @Fixture
    static StringBuilder shared() {
      return new StringBuilder("static");
    }

    @Test
    void inherits(Thing inherited, Integer number, StringBuilder shared) {
      seen.add(inherited.name() + number + shared);
    }

    @Nested
    class Inner {
      @Fixture
      Thing inner(Thing outer) {
        return new Thing("inner of " + outer.name());
      }

      @Test
      void hides(Thing thing, Integer number) {
        seen.add(thing.name() + number);
      }
    }
  }

  @Test
  void those_of_superclasses_and_of_classes_around_count() {
    Cases.runWell(HierarchyCases.class, 2);

    assertThat(seen)
        .containsExactlyInAnyOrder(
            "inherited2static",
            "close inherited",
            "inner of inherited2",
            "close inner of inherited",
            "close inherited");
  }

  @RoostTest
  static class NamedCases {
    @Fixture
    Thing first() {
      return new Thing("first");
    }

    @Fixture
    Thing second(@Fixture("first") Thing first) {
      return new Thing("second after " + first.name());
    }

    @Test
    void test(@Fixture("second") Thing thing, @Fixture("first") Object other) {
      seen.add(thing.name() + " and " + ((Thing) other).name());
    }
  }

  @Test
  void one_of_several_of_a_type_is_chosen_by_name() {
    Cases.runWell(NamedCases.class, 1);

    assertThat(seen)
        .containsExactly("second after first and first", "close second after first", "close first");
  }

  @RoostTest
  static class ArgumentCases {
    @Fixture
    String text() {
      return "fixture";
    }

    @Fixture
    Thing thing() {
      return new Thing("thing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void test(String argument, Thing thing, @Fixture String text) {
      seen.add(argument + " " + thing.name() + " " + text);
    }
  }

  @Test
  void arguments_of_a_parameterized_test_are_its_own() {
    Cases.runWell(ArgumentCases.class, 2);

    assertThat(seen)
        .containsExactly("a thing fixture", "close thing", "b thing fixture", "close thing");
  }

  @RoostTest
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClassCases {
    private int made;

    @Fixture
    Thing thing() {
      return new Thing("thing " + ++made);
    }

    @Test
    void one(Thing thing) {
      assertThat(thing.name()).endsWith(" " + made);
    }

    @Test
    void two(Thing thing) {
      assertThat(thing.name()).endsWith(" " + made);
    }
  }

  @Test
  void with_one_instance_for_the_class_they_are_fresh_all_the_same() {
    Cases.runWell(PerClassCases.class, 2);

    assertThat(seen).containsExactly("close thing 1", "close thing 2");
  }

  @RoostTest(schedules = 3)
  static class ScheduleCases {
    private int calls;

    @Fixture
    Thing thing(@Seed long seed) {
      return new Thing(++calls + " with " + seed);
    }

    @Test
    void test(Thing thing) {
      seen.add("test " + thing.name());
    }
  }

  @Test
  void each_schedule_has_its_own() {
    Cases.runWell(ScheduleCases.class, 1);

    assertThat(seen)
        .containsExactly(
            "test 1 with 0",
            "close 1 with 0",
            "test 1 with 1",
            "close 1 with 1",
            "test 1 with 2",
            "close 1 with 2");
  }

  interface Named<A, B> {}

  static final class Turned<T> implements Named<T, Integer> {}

  @RoostTest
  static class GenericCases {
    @Fixture
    List<String> words() {
      return List.of("word");
    }

    @Fixture
    ArrayList<Integer> numbers() {
      return new ArrayList<>(List.of(1));
    }

    @Fixture
    Turned<String> turned() {
      return new Turned<>();
    }

    @Fixture
    Path path() {
      return Path.of("x");
    }

    @Test
    void supertypesAreToldApartByTheirArguments(
        Collection<String> words,
        Collection<Integer> numbers,
        Iterable<Path> path,
        Named<String, Integer> named) {
      assertThat(words).containsExactly("word");
      assertThat(numbers).containsExactly(1);
      assertThat(path).containsExactly(Path.of("x"));
      assertThat(named).isInstanceOf(Turned.class);
    }
  }

  @Test
  void a_supertype_gets_the_fixture_with_the_same_type_arguments() {
    Cases.runWell(GenericCases.class, 1);
  }
}
