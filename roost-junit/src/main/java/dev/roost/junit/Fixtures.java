package dev.roost.junit;

import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The fixtures of one test in one run: tasks beside the main task, in a nursery around everything
 * that this does for the test. They never let an error into that nursery, which would cancel the
 * others, but bring it here. Touched by tasks of the run, as {@link LiveFixture} is.
 */
final class Fixtures {

  private final TestRun run;
  private final Guard guard;

  /** Set with what is in {@code live}. */
  private @Nullable FixturePlan plan;

  private final Map<FixtureMethod, LiveFixture> live = new LinkedHashMap<>();

  /** In the order in which they got there. */
  private final List<LiveFixture> standing = new ArrayList<>();

  /** Those that nobody has reported yet. */
  private final List<Throwable> errors = new ArrayList<>();

  private boolean tearingDown;

  Fixtures(TestRun run, Guard guard) {
    this.run = run;
    this.guard = guard;
  }

  TestRun run() {
    return run;
  }

  /** The fixture that a parameter of another one is for, null if it is for none. */
  @Nullable FixtureMethod find(Parameter parameter, FixtureMethod asking) {
    return Objects.requireNonNull(plan).find(parameter, asking);
  }

  /** The value of a fixture that was set up. */
  Object value(FixtureMethod fixture) {
    return Objects.requireNonNull(live.get(fixture), "a fixture that nobody asked for").value();
  }

  /** Makes what is to be set up; by JUnit's thread, before anything else is done in the run. */
  void plan(FixturePlan whole, LiveFixture.Invoker invoker) {
    plan = whole;
    for (FixtureMethod method : whole.needed()) {
      LiveFixture fixture = new LiveFixture(method, this, invoker);
      Stream.of(method.method().getParameters())
          .flatMap(parameter -> Stream.ofNullable(whole.find(parameter, method)))
          .distinct()
          .forEach(need -> fixture.needs(Objects.requireNonNull(live.get(need))));
      live.put(method, fixture);
    }
  }

  /** Sets all up, and returns when they stand; if one fails, the guard says so. */
  void setUp(Nursery nursery) throws InterruptedException {
    for (LiveFixture fixture : live.values()) {
      nursery.start("fixture " + fixture.method.name(), fixture::live);
    }
    for (LiveFixture fixture : live.values()) {
      fixture.awaitSettled();
    }
  }

  /** Tears all down that stand, the last one first. */
  void tearDown() throws InterruptedException {
    tearingDown = true;
    for (LiveFixture fixture : List.copyOf(standing).reversed()) {
      fixture.tearDown();
    }
  }

  void stands(LiveFixture fixture) {
    standing.add(fixture);
  }

  void failed(LiveFixture fixture, Throwable error) {
    Throwable alone = Failures.alone(error);
    alone.addSuppressed(new Note("it comes from the fixture " + fixture.method));
    if (!tearingDown) {
      live.values().forEach(LiveFixture::giveUpSetUp);
    }
    if (!guard.interrupt(alone, "the fixture " + fixture.method.name() + " failed")) {
      errors.add(alone);
    }
  }

  /** All errors that nobody has reported, and what came out of the nursery. */
  @Nullable Throwable leftover(@Nullable Throwable more) {
    List<Throwable> all = new ArrayList<>(errors);
    errors.clear();
    if (more != null) {
      all.add(more);
    }
    return switch (all.size()) {
      case 0 -> null;
      case 1 -> all.getFirst();
      default -> new ExceptionGroup(all.size() + " fixtures failed", all);
    };
  }
}
