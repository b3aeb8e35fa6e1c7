package dev.roost.junit;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * One test from its first method to its last: the run that they share, and in a search for bad
 * schedules the steps to repeat. Touched by JUnit's thread alone.
 */
final class TestLifecycle {

  private final TestSettings settings;
  private final FixturePlan plan;
  private final Trials trials;
  private final List<Step> steps = new ArrayList<>();

  /** Begun when first needed. */
  private @Nullable TestRun run;

  private boolean repeatable = true;

  /** What the first order failed with, as it came, and as JUnit has it. */
  private @Nullable Throwable error;

  private @Nullable Throwable failure;

  TestLifecycle(TestSettings settings, FixturePlan plan) {
    this.settings = settings;
    this.plan = plan;
    this.trials = new Trials(settings);
  }

  FixturePlan plan() {
    return plan;
  }

  /** Sets up the fixtures that the test needs. */
  void begin(ExtensionContext context) throws Exception {
    if (!plan.needed().isEmpty()) {
      TestRun current = run();
      try {
        current.setUp(plan, invoker(plan, context, old -> old));
      } catch (Throwable thrown) {
        throw Failures.<Exception>sneaky(named(thrown, current));
      }
    }
  }

  private Throwable named(Throwable thrown, TestRun in) {
    Throwable named = Failures.named(thrown, settings, in.trial());
    if (failure == null) {
      error = thrown;
      failure = named;
    }
    return named;
  }

  /** Calls fixtures with what JUnit resolves, on an instance that stands for that of JUnit. */
  static LiveFixture.Invoker invoker(
      FixturePlan plan, ExtensionContext context, UnaryOperator<Object> instanceFor) {
    return fixture -> {
      Object old =
          context
              .getRequiredTestInstances()
              .findInstance(fixture.method().getDeclaringClass())
              .orElseThrow();
      boolean isStatic = Modifier.isStatic(fixture.method().getModifiers());
      try {
        return context
            .getExecutableInvoker()
            .invoke(fixture.method(), isStatic ? null : instanceFor.apply(old));
      } catch (ParameterResolutionException e) {
        throw plan.unresolved(fixture, e);
      }
    };
  }

  private TestRun run() {
    TestRun begun = run;
    if (begun == null) {
      begun = new TestRun(settings, trials.first());
      run = begun;
    }
    return begun;
  }

  /** What a parameter gets. */
  Object argument(Parameter parameter) throws Throwable {
    TestRun current = run();
    if (!current.usable()) {
      throw new ParameterResolutionException(
          "@RoostTest: the run of this test hangs, and was left behind.");
    }
    return Parameters.argument(parameter, plan, current);
  }

  /** Runs a method of the test, and remembers it for further schedules. */
  void run(
      Step.Role role,
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method)
      throws Throwable {
    if (settings.exploring()) {
      steps.add(
          new Step(
              role,
              method.getExecutable(),
              method.getTarget().orElse(null),
              method.getArguments().stream().toList()));
    }
    call(role.kind, invocation);
  }

  /** Runs what cannot be repeated. */
  <T extends @Nullable Object> T runOnce(Invocation<T> invocation) throws Throwable {
    repeatable = false;
    return call(Job.Kind.SETUP, invocation);
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // T itself says whether it may be null
  private <T extends @Nullable Object> T call(Job.Kind kind, Invocation<T> invocation)
      throws Throwable {
    TestRun current = run();
    if (!current.usable()) {
      invocation.skip();
      return null;
    }
    try {
      return (T) current.call(kind, invocation::proceed);
    } catch (Throwable thrown) {
      throw named(thrown, current);
    }
  }

  /** Ends the run; if all went well, tries the other schedules, otherwise looks into this one. */
  void end(ExtensionContext context) throws Exception {
    TestRun first = run;
    if (first == null) {
      return;
    }
    try {
      first.close();
      if (context.getExecutionException().isEmpty()) {
        first.ensureNothingLeft();
      }
    } catch (Throwable thrown) {
      Throwable named = named(thrown, first);
      lookInto(first, context);
      throw Failures.<Exception>sneaky(named);
    }
    if (context.getExecutionException().isPresent()) {
      lookInto(first, context);
    } else if (settings.exploring() && repeatable) {
      Replay replay = new Replay(settings, steps, plan, context);
      Optional<Trials.Trial> next = trials.next();
      while (next.isPresent()) {
        replay.run(next.get());
        next = trials.next();
      }
    }
  }

  /** What is told of the first order that failed is told of any. */
  private void lookInto(TestRun first, ExtensionContext context) throws InterruptedException {
    if (repeatable && !first.hung() && error != null && failure != null) {
      new Replay(settings, steps, plan, context).lookInto(failure, error, first.trial());
    }
  }
}
