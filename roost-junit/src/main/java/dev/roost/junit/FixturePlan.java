package dev.roost.junit;

import static java.util.stream.Collectors.joining;

import dev.roost.Nursery;
import dev.roost.Portal;
import dev.roost.TaskStatus;
import dev.roost.testing.MockClock;
import java.lang.annotation.Annotation;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/** Which fixtures a test class has, which of them a test needs, and who gets whose value. */
final class FixturePlan {

  private static final Set<Class<?>> OURS =
      Set.of(Nursery.class, MockClock.class, Portal.class, Provider.class, TaskStatus.class);

  private static final Set<String> ABOUT_NULLS =
      Set.of("Nullable", "NonNull", "Nonnull", "NotNull");

  /** The methods of a class and its superclasses, those of subclasses first. */
  private static final ClassValue<List<FixtureMethod>> OF_CLASS =
      new ClassValue<>() {
        @Override
        protected List<FixtureMethod> computeValue(Class<?> type) {
          return AnnotationSupport.findAnnotatedMethods(
                  type, Fixture.class, HierarchyTraversalMode.BOTTOM_UP)
              .stream()
              .map(FixtureMethod::of)
              .toList();
        }
      };

  /** All there are, by the class that declares them: what hides others comes first. */
  private final Map<Class<?>, List<FixtureMethod>> levels = new LinkedHashMap<>();

  /** Those that the test needs, each after those that it asks for itself. */
  private final Set<FixtureMethod> needed = new LinkedHashSet<>();

  private FixturePlan(ExtensionContext context) {
    List<Class<?>> classes = new ArrayList<>(context.getEnclosingTestClasses());
    classes.add(context.getRequiredTestClass());
    for (Class<?> testClass : classes.reversed()) {
      for (FixtureMethod fixture : OF_CLASS.get(testClass)) {
        levels
            .computeIfAbsent(fixture.method().getDeclaringClass(), c -> new ArrayList<>())
            .add(fixture);
      }
    }
  }

  /** What the class of the context has. */
  static FixturePlan of(ExtensionContext context) {
    return new FixturePlan(context);
  }

  /** What a test needs that consists of these methods. */
  static FixturePlan of(ExtensionContext context, Stream<Method> methods) {
    FixturePlan plan = new FixturePlan(context);
    plan.all().filter(FixtureMethod::isForAll).forEach(f -> plan.add(f, List.of()));
    methods.forEach(method -> plan.addAllOf(method, null, List.of()));
    return plan;
  }

  private Stream<FixtureMethod> all() {
    return levels.values().stream().flatMap(List::stream);
  }

  private void addAllOf(Method method, @Nullable FixtureMethod asking, List<FixtureMethod> asked) {
    for (Parameter parameter : method.getParameters()) {
      FixtureMethod found = find(parameter, asking);
      if (found != null) {
        add(found, asked);
      }
    }
  }

  private void add(FixtureMethod fixture, List<FixtureMethod> asked) {
    List<FixtureMethod> path = new ArrayList<>(asked);
    path.add(fixture);
    int before = asked.indexOf(fixture);
    if (before >= 0) {
      throw new ExtensionConfigurationException(
          "@Fixture: "
              + path.subList(before, path.size()).stream()
                  .map(FixtureMethod::toString)
                  .collect(joining(" needs "))
              + ": none of them can be the first. Take a parameter away, or make one fixture of them.");
    }
    if (!needed.contains(fixture)) {
      addAllOf(fixture.method(), fixture, path);
      needed.add(fixture);
    }
  }

  /** Those that the test needs, in an order in which they could be set up one by one. */
  Set<FixtureMethod> needed() {
    return needed;
  }

  /** Whether a fixture that is needed has such a parameter. */
  boolean asksFor(Predicate<? super Parameter> kind) {
    return needed.stream().flatMap(f -> Stream.of(f.method().getParameters())).anyMatch(kind);
  }

  /**
   * The fixture that a parameter gets its value from; null if it is not for a fixture.
   *
   * @param asking the fixture whose parameter it is, null for other methods
   */
  @Nullable FixtureMethod find(Parameter parameter, @Nullable FixtureMethod asking) {
    Fixture asked = parameter.getAnnotation(Fixture.class);
    if (asked != null && !asked.value().isEmpty()) {
      return named(asked.value(), parameter, asking);
    }
    if (OURS.contains(parameter.getType())) {
      return null;
    }
    FixtureMethod found = mayBeMeant(parameter, asked != null) ? typed(parameter, asking) : null;
    if (found == null && asked != null) {
      throw unknown(parameter, "of a type that suits");
    }
    return found;
  }

  /** Whether the type alone says that a parameter is for a fixture. */
  private static boolean mayBeMeant(Parameter parameter, boolean asked) {
    if (asked) {
      return true;
    }
    for (Annotation annotation : parameter.getAnnotations()) {
      if (!ABOUT_NULLS.contains(annotation.annotationType().getSimpleName())) {
        return false; // that of another extension, or of ours
      }
    }
    return !isArgument(parameter);
  }

  /** Whether a parameter looks like one of the arguments of a parameterized test. */
  private static boolean isArgument(Parameter parameter) {
    Class<?> type = Types.raw(Types.boxed(parameter.getType()));
    return (type.isEnum() || type.getName().startsWith("java."))
        && AnnotationSupport.isAnnotated(parameter.getDeclaringExecutable(), TestTemplate.class)
        && !AnnotationSupport.isAnnotated(parameter.getDeclaringExecutable(), RepeatedTest.class);
  }

  private FixtureMethod named(String name, Parameter parameter, @Nullable FixtureMethod asking) {
    FixtureMethod found =
        all()
            .filter(f -> f.name().equals(name) && !f.equals(asking))
            .findFirst()
            .orElseThrow(() -> unknown(parameter, "called \"" + name + "\""));
    if (!suits(found, parameter) && parameter.getType() != Object.class) {
      throw new ParameterResolutionException(
          "@Fixture(\""
              + name
              + "\"): "
              + found
              + " gives "
              + shown(found)
              + ", but "
              + show(parameter)
              + " is a "
              + parameter.getParameterizedType().getTypeName()
              + ".");
    }
    return found;
  }

  private @Nullable FixtureMethod typed(Parameter parameter, @Nullable FixtureMethod asking) {
    for (FixtureMethod.Match wanted :
        List.of(FixtureMethod.Match.EXACT, FixtureMethod.Match.ASSIGNABLE)) {
      boolean visible = asking == null || !suits(asking, parameter);
      for (Map.Entry<Class<?>, List<FixtureMethod>> level : levels.entrySet()) {
        // Who asks for what it gives itself means what it hides, not what hides it.
        visible |= asking != null && asking.method().getDeclaringClass() == level.getKey();
        List<FixtureMethod> found =
            visible ? matching(level.getValue(), parameter, wanted, asking) : List.of();
        if (found.size() > 1) {
          throw ambiguous(parameter, found);
        }
        if (found.size() == 1) {
          return found.getFirst();
        }
      }
    }
    return null;
  }

  private static boolean suits(FixtureMethod fixture, Parameter parameter) {
    return fixture.match(parameter.getParameterizedType()) != FixtureMethod.Match.NONE;
  }

  private static List<FixtureMethod> matching(
      List<FixtureMethod> level,
      Parameter parameter,
      FixtureMethod.Match wanted,
      @Nullable FixtureMethod asking) {
    return level.stream()
        .filter(f -> !f.equals(asking) && f.match(parameter.getParameterizedType()) == wanted)
        .toList();
  }

  private ParameterResolutionException ambiguous(
      Parameter parameter, List<FixtureMethod> candidates) {
    return new ParameterResolutionException(
        "@Fixture: "
            + show(parameter)
            + " could be "
            + candidates.stream().map(FixtureMethod::toString).collect(joining(" or "))
            + ". Say which: @Fixture(\""
            + candidates.getFirst().name()
            + "\") "
            + parameter.getType().getSimpleName()
            + " …");
  }

  private ParameterResolutionException unknown(Parameter parameter, String what) {
    String known = all().map(f -> f + " (gives " + shown(f) + ")").collect(joining(", "));
    return new ParameterResolutionException(
        "@Fixture: "
            + show(parameter)
            + " asks for a fixture "
            + what
            + ", but there is none in its class, the superclasses and the classes around it. There "
            + (known.isEmpty() ? "are no fixtures at all." : "are: " + known + "."));
  }

  /** Says what is wrong when a parameter of a fixture is none that anybody resolves. */
  ParameterResolutionException unresolved(FixtureMethod fixture, ParameterResolutionException why) {
    String known =
        all()
            .filter(f -> !f.equals(fixture))
            .map(f -> f + " (gives " + shown(f) + ")")
            .collect(joining(", "));
    return new ParameterResolutionException(
        "@Fixture "
            + fixture
            + " could not be called: "
            + why.getMessage()
            + ". A fixture may take other fixtures ("
            + (known.isEmpty() ? "there are none" : known)
            + "), a Nursery, MockClock or Portal, a @Seed long, and what other extensions resolve.",
        why);
  }

  private static String shown(FixtureMethod fixture) {
    return fixture.form() == FixtureMethod.Form.NOTHING
        ? "nothing"
        : "a " + fixture.provided().getTypeName();
  }

  private static String show(Parameter parameter) {
    Executable owner = parameter.getDeclaringExecutable();
    int index = Arrays.asList(owner.getParameters()).indexOf(parameter);
    return "parameter " + index + " of " + owner.getName();
  }
}
