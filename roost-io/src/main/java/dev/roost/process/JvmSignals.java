package dev.roost.process;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one place that touches {@code sun.misc.Signal}: the JDK has no other way to hear of a signal.
 * It is called by reflection, because javac warns of it wherever it is named, whatever one
 * suppresses.
 */
final class JvmSignals {

  private static final Class<?> SIGNAL = type("sun.misc.Signal");
  private static final Class<?> HANDLER = type("sun.misc.SignalHandler");
  private static final Method HANDLE = method("handle", SIGNAL, HANDLER);
  private static final Method RAISE = method("raise", SIGNAL);
  private static final Object IGNORE = handler("SIG_IGN");

  private JvmSignals() {}

  /** A signal that somebody listens to, and who heard of it before. */
  static final class Handled {

    private final Object signal;
    private final @Nullable Object before;

    private Handled(Object signal, @Nullable Object before) {
      this.signal = signal;
      this.before = before;
    }

    /** Has those hear of it again who did before. */
    void restore() {
      var _ = call(HANDLE, signal, before);
    }

    /**
     * Has those in Java hear of it who handle it now, as if it had come only now. The system does
     * not: the process would just die of it.
     */
    void raise() {
      try {
        var _ = call(RAISE, signal);
      } catch (IllegalArgumentException nobodyInJava) {
        return; // which is what this exception means here
      }
    }

    /** Whether the signal was ignored before, perhaps by the will of who started this process. */
    boolean wasIgnored() {
      return before == IGNORE;
    }
  }

  /** The name of a signal without SIG, in capitals. */
  static String bare(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return upper.startsWith("SIG") ? upper.substring("SIG".length()) : upper;
  }

  /** Has a signal, given by its bare name, handled on a thread that the JVM makes each time. */
  static Handled handle(String bare, Runnable action) {
    Object signal;
    try {
      signal = SIGNAL.getConstructor(String.class).newInstance(bare);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          "Signals.open: this system has no signal SIG"
              + bare
              + ". Names are such as INT, TERM, HUP, USR2, WINCH; `kill -l` lists them.",
          e);
    }
    Object handler =
        Proxy.newProxyInstance(
            HANDLER.getClassLoader(),
            new Class<?>[] {HANDLER},
            (self, called, arguments) -> act(self, called, arguments, action));
    try {
      return new Handled(signal, call(HANDLE, signal, handler));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Signals.open: the JVM keeps the signal SIG"
              + bare
              + " for itself, or the system does. Use another one, such as USR2 or HUP. (If it is"
              + " INT, TERM or HUP: start the JVM without -Xrs.)",
          e);
    }
  }

  /** What the handler does when the JVM, or anybody else, calls one of its methods. */
  private static @Nullable Object act(
      Object self, Method called, Object @Nullable [] arguments, Runnable action) {
    return switch (called.getName()) {
      case "handle" -> {
        action.run();
        yield null;
      }
      case "equals" -> arguments != null && self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      default -> "a handler of Roost";
    };
  }

  private static @Nullable Object call(Method method, @Nullable Object... arguments) {
    try {
      return method.invoke(null, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw broken(e);
    } catch (IllegalAccessException e) {
      throw broken(e);
    }
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw broken(e);
    }
  }

  private static Method method(String name, Class<?>... parameters) {
    try {
      return SIGNAL.getMethod(name, parameters);
    } catch (NoSuchMethodException e) {
      throw broken(e);
    }
  }

  private static Object handler(String name) {
    try {
      return Objects.requireNonNull(HANDLER.getField(name).get(null));
    } catch (ReflectiveOperationException e) {
      throw broken(e);
    }
  }

  private static IllegalStateException broken(Exception cause) {
    return new IllegalStateException(
        "Signals need the class sun.misc.Signal of the JDK's module jdk.unsupported, which this Java"
            + " runtime does not have as it should be. Add the module to it.",
        cause);
  }
}
