package dev.roost.junit;

import java.lang.invoke.MethodType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What there is to know about types where values meet parameters. */
final class Types {

  private Types() {}

  /** The class of a type; for a variable, that of its bound. */
  static Class<?> raw(Type type) {
    return switch (type) {
      case Class<?> c -> c;
      case ParameterizedType p -> raw(p.getRawType());
      case GenericArrayType a -> raw(a.getGenericComponentType()).arrayType();
      case TypeVariable<?> v -> raw(v.getBounds()[0]);
      case WildcardType w -> raw(w.getUpperBounds()[0]);
      default -> Object.class;
    };
  }

  /** The type of the object that stands for a primitive value. */
  static Type boxed(Type type) {
    return type instanceof Class<?> c ? MethodType.methodType(c).wrap().returnType() : type;
  }

  /**
   * Whether a parameter of the wanted type can take what is given. Nobody who asks for an {@code
   * Object} means a fixture. Type arguments are compared where both have some.
   */
  static boolean isAssignable(Type wanted, Type given) {
    Class<?> to = raw(boxed(wanted));
    Class<?> from = raw(boxed(given));
    if (to == Object.class || !to.isAssignableFrom(from)) {
      return false;
    }
    return !(wanted instanceof ParameterizedType asked)
        || !(as(to, boxed(given)) instanceof ParameterizedType found)
        || areSame(asked.getActualTypeArguments(), found.getActualTypeArguments());
  }

  private static boolean areSame(Type[] wanted, Type[] given) {
    for (int i = 0; i < wanted.length; i++) {
      if (isConcrete(wanted[i]) && isConcrete(given[i]) && !wanted[i].equals(given[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isConcrete(Type argument) {
    return !(argument instanceof WildcardType) && !(argument instanceof TypeVariable<?>);
  }

  /**
   * What a type says of itself as one of its supertypes: a {@code List<X>} is a Collection of X.
   */
  private static Type as(Class<?> supertype, Type type) {
    Class<?> from = raw(type);
    if (from == supertype) {
      return type;
    }
    Type above =
        Stream.concat(
                Stream.ofNullable(from.getGenericSuperclass()),
                Stream.of(from.getGenericInterfaces()))
            .filter(t -> supertype.isAssignableFrom(raw(t)))
            .findFirst()
            .orElse(supertype); // of an array, say
    return as(supertype, type instanceof ParameterizedType known ? filledIn(above, known) : above);
  }

  /** With the arguments of a class in place of its variables. */
  private static Type filledIn(Type above, ParameterizedType type) {
    if (!(above instanceof ParameterizedType open)) {
      return above;
    }
    List<? extends Type> variables = List.of(raw(type).getTypeParameters());
    Type[] arguments = open.getActualTypeArguments(); // a copy
    for (int i = 0; i < arguments.length; i++) {
      int known = variables.indexOf(arguments[i]);
      if (known >= 0) {
        arguments[i] = type.getActualTypeArguments()[known];
      }
    }
    return new Filled(raw(open), List.of(arguments));
  }

  /** Only ever looked at here. */
  private record Filled(Class<?> raw, List<Type> arguments) implements ParameterizedType {

    @Override
    public Type[] getActualTypeArguments() {
      return arguments.toArray(new Type[0]);
    }

    @Override
    public Type getRawType() {
      return raw;
    }

    @Override
    public @Nullable Type getOwnerType() {
      return null;
    }
  }
}
