package dev.roost.internal;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Makes virtual threads with an executor of one's own, which the JDK can but does not offer yet:
 * the only place where Roost reaches into it. Works where {@code java.lang} is open to Roost
 * ({@code --add-opens java.base/java.lang=…}), and says so where it does not.
 */
final class VirtualThreads {

  /** Not to inherit the inheritable thread-locals of whoever happens to start the thread. */
  private static final int NO_INHERITED_LOCALS = 1 << 2;

  private static final @Nullable VirtualThreads INSTANCE = open();

  private final Method constructor;
  private final Executor defaultScheduler;

  private VirtualThreads(Method constructor, Executor defaultScheduler) {
    this.constructor = constructor;
    this.defaultScheduler = defaultScheduler;
  }

  /** What makes them, null if this JVM does not let us. */
  static @Nullable VirtualThreads available() {
    return INSTANCE;
  }

  private static @Nullable VirtualThreads open() {
    try {
      Method made =
          Class.forName("java.lang.ThreadBuilders")
              .getDeclaredMethod(
                  "newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
      Field shared = Class.forName("java.lang.VirtualThread").getDeclaredField("DEFAULT_SCHEDULER");
      made.setAccessible(true);
      shared.setAccessible(true);
      return new VirtualThreads(made, (Executor) Objects.requireNonNull(shared.get(null)));
    } catch (ReflectiveOperationException | RuntimeException e) {
      System.getLogger("dev.roost")
          .log(System.Logger.Level.DEBUG, "Roost: carrier OWN is not available", e);
      return null;
    }
  }

  Executor defaultScheduler() {
    return defaultScheduler;
  }

  Thread create(Executor executor, @Nullable String name, Runnable task) {
    try {
      return (Thread) constructor.invoke(null, executor, name, NO_INHERITED_LOCALS, task);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "Roost: this JVM refused to make a virtual thread for carrier OWN. Use carrier SHARED.",
          e);
    }
  }
}
