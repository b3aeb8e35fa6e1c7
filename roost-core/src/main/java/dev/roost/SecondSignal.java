package dev.roost;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Ends the JVM at once when it is asked to end a second time, while it waits for runs to unwind. By
 * itself the JVM ignores that.
 *
 * <p>Signals can be handled through a class of the JDK that is there in every JDK we know, but not
 * a part of Java: without it, or where the JVM was told not to handle signals, the second one is
 * ignored as before.
 */
final class SecondSignal {

  private static final List<String> NAMES = List.of("INT", "TERM", "HUP");

  /** What shells add to a signal's number to tell that a process was ended by it. */
  private static final int EXIT_STATUS_OF_SIGNALS = 128;

  private SecondSignal() {}

  /** Has the next signal end the JVM. */
  static void arm() {
    NAMES.forEach(name -> arm(name, Runtime.getRuntime()::halt));
  }

  /**
   * Has the signal of that name, when it comes, hand the exit status of its kind to {@code end}.
   */
  static void arm(String name, IntConsumer end) {
    try {
      handle(name, end);
    } catch (ReflectiveOperationException | RuntimeException e) {
      System.getLogger("dev.roost")
          .log(
              System.Logger.Level.DEBUG,
              "Roost: a second SIG" + name + " will not end the JVM at once",
              e);
    }
  }

  private static void handle(String name, IntConsumer end) throws ReflectiveOperationException {
    Class<?> signals = Class.forName("sun.misc.Signal");
    Class<?> handlers = Class.forName("sun.misc.SignalHandler");
    Object signal = signals.getConstructor(String.class).newInstance(name);
    int status = EXIT_STATUS_OF_SIGNALS + (int) signals.getMethod("getNumber").invoke(signal);
    Object handler =
        Proxy.newProxyInstance(
            handlers.getClassLoader(),
            new Class<?>[] {handlers},
            (_, _, _) -> {
              end.accept(status);
              return null;
            });
    signals.getMethod("handle", signals, handlers).invoke(null, signal, handler);
  }
}
