package dev.roost.junit;

import dev.roost.testing.Schedule;
import dev.roost.testing.ScheduleSearch;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExecutableInvoker;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** Repeats the methods of a test that went well, in another schedule and on a fresh instance. */
final class Replay {

  private final TestSettings settings;
  private final List<Step> steps;
  private final FixturePlan plan;
  private final ExtensionContext context;

  /** Whether a run did not end in time: more of them would only cost more. */
  private boolean hangs;

  Replay(TestSettings settings, List<Step> steps, FixturePlan plan, ExtensionContext context) {
    this.settings = settings;
    this.steps = steps;
    this.plan = plan;
    this.context = context;
  }

  /**
   * As JUnit would: after a failure only what cleans up; the first error wins, others hang on it.
   */
  void run(Trials.Trial trial) throws InterruptedException {
    Throwable error = attempt(trial);
    if (error != null) {
      Throwable failure = Failures.named(error, settings, trial);
      lookInto(failure, error, trial);
      throw Failures.<RuntimeException>sneaky(failure);
    }
  }

  /**
   * Has a failure say what its order comes down to: the same failure with fewer turns out of order,
   * if it is one of those that repeat.
   */
  void lookInto(Throwable failure, Throwable error, Trials.Trial trial)
      throws InterruptedException {
    Schedule failed = trial.schedule();
    if (failed == null || hangs || !(failure instanceof OrderFailure order)) {
      return;
    }
    Optional<Trials.Trial> shrunk =
        ScheduleSearch.shrink(
                failed, error, schedule -> attempt(new Trials.Trial(trial.seed(), schedule)))
            .map(schedule -> new Trials.Trial(trial.seed(), schedule));
    order.retell(Failures.message(error, settings, shrunk.orElse(trial), shrunk.isPresent()));
  }

  private @Nullable Throwable attempt(Trials.Trial trial) {
    Map<Object, Object> instances = freshInstances();
    TestRun run = new TestRun(settings, trial);
    Throwable error =
        errorOf(() ->
            run.setUp(
                plan,
                TestLifecycle.invoker(
                    plan, context, old -> Objects.requireNonNull(instances.get(old)))));
    boolean begun = error == null;
    for (Step step : steps) {
      if (begun && run.usable() && (error == null || step.role() == Step.Role.AFTER)) {
        error = plus(error, errorOf(() -> repeat(step, instances, run)));
      }
    }
    error = plus(error, errorOf(run::close));
    if (error == null) {
      error = errorOf(run::ensureNothingLeft);
    }
    hangs |= run.hung();
    return error;
  }

  @FunctionalInterface
  private interface Attempt {
    void run() throws Throwable;
  }

  private static @Nullable Throwable errorOf(Attempt attempt) {
    try {
      attempt.run();
      return null;
    } catch (Throwable error) {
      return error;
    }
  }

  private static @Nullable Throwable plus(@Nullable Throwable first, @Nullable Throwable second) {
    if (first == null || second == null || first == second) {
      return first == null ? second : first;
    }
    first.addSuppressed(second);
    return first;
  }

  private void repeat(Step step, Map<Object, Object> instances, TestRun run) throws Throwable {
    Object target = step.target() == null ? null : instances.get(step.target());
    List<@Nullable Object> arguments = new ArrayList<>();
    Parameter[] parameters = step.method().getParameters();
    for (int i = 0; i < parameters.length; i++) {
      boolean ofTheRun = Parameters.areOurs(parameters[i], plan);
      arguments.add(
          ofTheRun ? Parameters.argument(parameters[i], plan, run) : step.arguments().get(i));
    }
    run.call(
        step.role().kind,
        () -> ReflectionSupport.invokeMethod(step.method(), target, arguments.toArray()));
  }

  /** By the instances that they stand for: those of nested classes come with those around them. */
  private Map<Object, Object> freshInstances() {
    Map<Object, Object> fresh = new IdentityHashMap<>();
    boolean shared =
        context.getTestInstanceLifecycle().equals(Optional.of(TestInstance.Lifecycle.PER_CLASS));
    Object outer = null;
    for (Object old : context.getRequiredTestInstances().getAllInstances()) {
      outer = shared ? old : freshInstance(old, outer);
      fresh.put(old, outer);
    }
    return fresh;
  }

  private Object freshInstance(Object old, @Nullable Object outer) {
    Constructor<?> constructor =
        old.getClass().getDeclaredConstructors()[0]; // JUnit allows no other
    ExecutableInvoker invoker = context.getExecutableInvoker();
    Object fresh = outer == null ? invoker.invoke(constructor) : invoker.invoke(constructor, outer);
    for (Field field :
        ReflectionSupport.findFields(
            old.getClass(), Replay::isInjected, HierarchyTraversalMode.TOP_DOWN)) {
      copy(field, old, fresh);
    }
    return fresh;
  }

  private static boolean isInjected(Field field) {
    int modifiers = field.getModifiers();
    return field.getAnnotations().length > 0
        && !java.lang.reflect.Modifier.isStatic(modifiers)
        && !java.lang.reflect.Modifier.isFinal(modifiers);
  }

  private static void copy(Field field, Object from, Object to) {
    try {
      Field open = ReflectionSupport.makeAccessible(field);
      open.set(to, open.get(from));
    } catch (IllegalAccessException e) {
      throw new AssertionError("A field that was made accessible is not: " + field, e);
    }
  }
}
