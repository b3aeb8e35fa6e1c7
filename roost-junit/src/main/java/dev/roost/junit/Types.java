package dev.roost.junit;

import java.lang.invoke.MethodType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.stream.Stream;

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
    return to != from
        || !(wanted instanceof ParameterizedType asked)
        || !(given instanceof ParameterizedType)
        || Stream.of(asked.getActualTypeArguments()).anyMatch(WildcardType.class::isInstance);
  }
}
