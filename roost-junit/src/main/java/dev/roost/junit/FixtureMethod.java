package dev.roost.junit;

import dev.roost.Nursery;
import dev.roost.Portal;
import dev.roost.TaskStatus;
import dev.roost.testing.MockClock;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/**
 * A method with {@link Fixture}, understood.
 *
 * @param method the method
 * @param form how it gives its value
 * @param provided the type of the value, {@code void.class} if there is none
 */
record FixtureMethod(Method method, Form form, Type provided) {

  /** Types that parameters get from Roost, so that no fixture could ever be asked for one. */
  private static final List<Class<?>> OURS =
      List.of(Nursery.class, MockClock.class, Portal.class, Provider.class, TaskStatus.class);

  /** How a fixture gives its value. */
  enum Form {
    /** Returns it. */
    VALUE,
    /** Takes a {@link Provider}. */
    BLOCK,
    /** Takes a {@link TaskStatus}. */
    SERVICE,
    /** Has none. */
    NOTHING
  }

  /** How well a value suits a parameter. */
  enum Match {
    NONE,
    ASSIGNABLE,
    EXACT
  }

  static FixtureMethod of(Method method) {
    List<Parameter> givers =
        Stream.of(method.getParameters()).filter(FixtureMethod::givesValue).toList();
    boolean returns = method.getReturnType() != void.class;
    if (givers.size() > (returns ? 0 : 1)) {
      throw mistake(
          method,
          "gives its value in more than one way. Return it, or take one Provider, or one TaskStatus.");
    }
    FixtureMethod fixture;
    if (returns) {
      fixture = new FixtureMethod(method, Form.VALUE, method.getGenericReturnType());
    } else if (givers.isEmpty()) {
      fixture = new FixtureMethod(method, Form.NOTHING, void.class);
    } else {
      Parameter giver = givers.getFirst();
      Form form = giver.getType() == Provider.class ? Form.BLOCK : Form.SERVICE;
      fixture = new FixtureMethod(method, form, givenBy(giver, method));
    }
    if (OURS.contains(Types.raw(fixture.provided))) {
      throw mistake(
          method,
          "gives a "
              + Types.raw(fixture.provided).getSimpleName()
              + ", which parameters get from Roost itself. Wrap it in a type of your own.");
    }
    return fixture;
  }

  private static boolean givesValue(Parameter parameter) {
    return parameter.getType() == Provider.class || parameter.getType() == TaskStatus.class;
  }

  private static Type givenBy(Parameter giver, Method method) {
    if (giver.getParameterizedType() instanceof ParameterizedType type) {
      Type argument = type.getActualTypeArguments()[0];
      if (!(argument instanceof WildcardType wildcard)) {
        return argument;
      }
      if (wildcard.getLowerBounds().length > 0) {
        return wildcard.getLowerBounds()[0];
      }
    }
    String name = giver.getType().getSimpleName();
    throw mistake(
        method, "takes a " + name + " without saying of what: write " + name + "<TheType>.");
  }

  private static ExtensionConfigurationException mistake(Method method, String what) {
    return new ExtensionConfigurationException("@Fixture " + show(method) + " " + what);
  }

  String name() {
    return method.getName();
  }

  /** Whether every test has it. */
  boolean isForAll() {
    return form == Form.NOTHING
        || provided == Void.class
        || method.getAnnotation(Fixture.class).always();
  }

  private static String show(Method method) {
    return method.getName() + " of " + method.getDeclaringClass().getSimpleName();
  }

  /** How well its value suits a parameter. */
  Match match(Type wanted) {
    if (form == Form.NOTHING) {
      return Match.NONE;
    }
    if (Types.boxed(wanted).equals(Types.boxed(provided))) {
      return Match.EXACT;
    }
    return Types.isAssignable(wanted, provided) ? Match.ASSIGNABLE : Match.NONE;
  }

  /** The name of the method and of its class. */
  @Override
  public String toString() {
    return show(method);
  }
}
