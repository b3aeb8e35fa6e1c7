package dev.roost.junit;

import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A method of a test as JUnit called it, to be called again in another schedule.
 *
 * @param role when it is called
 * @param method what is called
 * @param target on which instance, null for a static method
 * @param arguments with what
 */
record Step(
    Role role, Method method, @Nullable Object target, List<? extends @Nullable Object> arguments) {

  /** The parts of a test. */
  enum Role {
    BEFORE(Job.Kind.SETUP),
    TEST(Job.Kind.TEST),
    AFTER(Job.Kind.CLEANUP);

    final Job.Kind kind;

    Role(Job.Kind kind) {
      this.kind = kind;
    }
  }
}
