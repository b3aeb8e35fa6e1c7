package dev.roost.junit;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/**
 * What {@link RoostTest} hooks into JUnit: takes each method of a test to the {@link
 * TestLifecycle}.
 */
final class RoostExtension
    implements ExecutionCondition,
        BeforeEachCallback,
        AfterEachCallback,
        InvocationInterceptor,
        ParameterResolver {

  static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(RoostExtension.class);

  RoostExtension() {}

  // ---- one lifecycle for each test

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    FixturePlan plan = FixturePlan.of(context, methodsOf(context));
    TestSettings settings =
        TestSettings.of(
            annotationOf(context),
            context,
            asksFor(Parameters::isClock, plan, context),
            asksFor(Parameters::isSeed, plan, context));
    TestLifecycle lifecycle = new TestLifecycle(settings, plan);
    context.getStore(NAMESPACE).put(TestLifecycle.class, lifecycle);
    lifecycle.begin(context);
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    TestLifecycle lifecycle = lifecycleOf(context);
    if (lifecycle != null) {
      lifecycle.end(context);
    }
  }

  private static @Nullable TestLifecycle lifecycleOf(ExtensionContext context) {
    return context.getStore(NAMESPACE).get(TestLifecycle.class, TestLifecycle.class);
  }

  private static TestLifecycle requiredLifecycle(ExtensionContext context) {
    return Objects.requireNonNull(lifecycleOf(context), "@RoostTest: the test has not begun");
  }

  /** The method's annotation, or that of the class, or that of a class around it. */
  private static RoostTest annotationOf(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getTestMethod(), RoostTest.class)
        .or(() ->
            AnnotationSupport.findAnnotation(
                context.getRequiredTestClass(), RoostTest.class, context.getEnclosingTestClasses()))
        .orElseThrow();
  }

  private static boolean asksFor(
      Predicate<? super Parameter> kind, FixturePlan plan, ExtensionContext context) {
    return plan.asksFor(kind)
        || methodsOf(context).flatMap(method -> Stream.of(method.getParameters())).anyMatch(kind);
  }

  /** The test method, and those that run before and after it in its run. */
  private static Stream<Method> methodsOf(ExtensionContext context) {
    return Stream.concat(
        context.getTestMethod().stream(),
        context.getRequiredTestInstances().getAllInstances().stream()
            .map(Object::getClass)
            .flatMap(RoostExtension::lifecycleMethods));
  }

  private static Stream<Method> lifecycleMethods(Class<?> testClass) {
    return Stream.of(BeforeEach.class, AfterEach.class)
        .flatMap(kind ->
            AnnotationSupport.findAnnotatedMethods(testClass, kind, HierarchyTraversalMode.TOP_DOWN)
                .stream());
  }

  // ---- not twice

  /**
   * {@code @RoostTest} makes a method a test. If something else makes it a template as well, JUnit
   * finds both, and the template is the one that is meant.
   */
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    boolean plain = context.getUniqueId().matches(".*/\\[method:[^/]*]");
    if (plain
        && Stream.of(TestTemplate.class, TestFactory.class)
            .anyMatch(kind -> AnnotationSupport.isAnnotated(context.getElement(), kind))) {
      return ConditionEvaluationResult.disabled(
          "The method has another annotation that makes it a test. Put @RoostTest on its class.");
    }
    return ConditionEvaluationResult.enabled(null);
  }

  // ---- parameters

  @Override
  public boolean supportsParameter(ParameterContext context, ExtensionContext extension) {
    return isOfFixture(context)
        ? Parameters.areOursInFixture(context.getParameter())
        : Parameters.areOurs(context.getParameter(), planOf(extension));
  }

  private static boolean isOfFixture(ParameterContext context) {
    return context.getDeclaringExecutable().isAnnotationPresent(Fixture.class);
  }

  private static FixturePlan planOf(ExtensionContext context) {
    TestLifecycle lifecycle = lifecycleOf(context);
    return lifecycle == null ? FixturePlan.of(context) : lifecycle.plan();
  }

  @Override
  public Object resolveParameter(ParameterContext context, ExtensionContext extension) {
    Parameter parameter = context.getParameter();
    if (isOfFixture(context)) {
      return Parameters.argumentInFixture(parameter);
    }
    TestLifecycle lifecycle = lifecycleOf(extension);
    if (lifecycle == null) {
      throw new ParameterResolutionException(
          "@RoostTest: "
              + context.getDeclaringExecutable()
              + " asks for a "
              + parameter.getType().getSimpleName()
              + ", but it runs outside of the test's run. Only test methods, @BeforeEach,"
              + " @AfterEach and @Fixture methods can have one.");
    }
    try {
      return lifecycle.argument(parameter);
    } catch (Throwable error) {
      throw Failures.<RuntimeException>sneaky(error);
    }
  }

  // ---- the methods of a test

  @Override
  public void interceptBeforeEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    requiredLifecycle(context).run(Step.Role.BEFORE, invocation, method);
  }

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    requiredLifecycle(context).run(Step.Role.TEST, invocation, method);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    interceptTestMethod(invocation, method, context);
  }

  /** The tests that it makes come later, and use its nursery. */
  @Override
  public <T extends @Nullable Object> T interceptTestFactoryMethod(
      Invocation<T> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    return requiredLifecycle(context).runOnce(invocation);
  }

  @Override
  public void interceptDynamicTest(
      Invocation<@Nullable Void> invocation,
      DynamicTestInvocationContext test,
      ExtensionContext context)
      throws Throwable {
    requiredLifecycle(context).runOnce(invocation);
  }

  @Override
  public void interceptAfterEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    requiredLifecycle(context).run(Step.Role.AFTER, invocation, method);
  }
}
