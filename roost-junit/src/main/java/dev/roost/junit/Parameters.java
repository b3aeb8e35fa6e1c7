package dev.roost.junit;

import dev.roost.Nursery;
import dev.roost.Portal;
import dev.roost.TaskStatus;
import dev.roost.testing.MockClock;
import java.lang.reflect.Parameter;
import java.util.Objects;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** What parameters of tests, of the methods around them and of fixtures get from Roost. */
final class Parameters {

  private Parameters() {}

  /** Whether a parameter asks for the seed. */
  static boolean isSeed(Parameter parameter) {
    return parameter.isAnnotationPresent(Seed.class);
  }

  /** Whether a parameter asks for the clock. */
  static boolean isClock(Parameter parameter) {
    return parameter.getType() == MockClock.class;
  }

  private static boolean isOfTheRun(Parameter parameter) {
    return isSeed(parameter)
        || isClock(parameter)
        || parameter.getType() == Nursery.class
        || parameter.getType() == Portal.class;
  }

  /** Whether a parameter of a method that is no fixture is for us. */
  static boolean areOurs(Parameter parameter, FixturePlan plan) {
    return isOfTheRun(parameter) || plan.find(parameter, null) != null;
  }

  /** What such a parameter gets. */
  static Object argument(Parameter parameter, FixturePlan plan, TestRun run) throws Throwable {
    FixtureMethod fixture = plan.find(parameter, null);
    if (fixture != null) {
      return run.value(fixture);
    }
    if (parameter.getType() == Nursery.class) {
      return run.openNursery();
    }
    if (parameter.getType() == Portal.class) {
      return run.portal();
    }
    return isClock(parameter) ? clock(run) : seed(parameter, run);
  }

  /** Whether a parameter of a fixture is for us. */
  static boolean areOursInFixture(Parameter parameter) {
    if (isOfTheRun(parameter)
        || parameter.getType() == Provider.class
        || parameter.getType() == TaskStatus.class) {
      return true;
    }
    LiveFixture fixture = LiveFixture.current();
    return fixture.all().find(parameter, fixture.method) != null;
  }

  /** What such a parameter gets. */
  static Object argumentInFixture(Parameter parameter) {
    LiveFixture fixture = LiveFixture.current();
    TestRun run = fixture.all().run();
    FixtureMethod need = fixture.all().find(parameter, fixture.method);
    if (need != null) {
      return fixture.all().value(need);
    }
    if (parameter.getType() == Nursery.class) {
      return fixture.nursery();
    }
    if (parameter.getType() == Portal.class) {
      return Portal.current();
    }
    if (isClock(parameter)) {
      return clock(run);
    }
    return isSeed(parameter) ? seed(parameter, run) : fixture.receiver();
  }

  private static MockClock clock(TestRun run) {
    return Objects.requireNonNull(run.clock());
  }

  private static long seed(Parameter parameter, TestRun run) {
    if (parameter.getType() != long.class && parameter.getType() != Long.class) {
      throw new ParameterResolutionException(
          "@Seed: the parameter is a " + parameter.getType().getTypeName() + ". A seed is a long.");
    }
    return Objects.requireNonNull(run.seed());
  }
}
