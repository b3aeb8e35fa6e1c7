package dev.roost;

import java.security.CodeSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where in the program a task is: its innermost frame that is neither Roost's nor the JDK's. */
final class Places {

  private static final List<String> NEVER = List.of("java.", "jdk.", "sun.");
  private static final List<String> MODULES =
      List.of(
          "dev.roost.io.",
          "dev.roost.net.",
          "dev.roost.file.",
          "dev.roost.process.",
          "dev.roost.testing.",
          "dev.roost.junit.");

  private Places() {}

  static Optional<StackTraceElement> of(TaskFiber task) {
    return Arrays.stream(task.stackTrace())
        .filter(frame -> isOfProgram(frame.getClassName()))
        .findFirst();
  }

  private static boolean isOfProgram(String name) {
    return NEVER.stream().noneMatch(name::startsWith)
        && !(name.startsWith("dev.roost.") && isLibrary(name));
  }

  /** Programs may have packages of the core's names: it is the jar that tells. */
  private static boolean isLibrary(String name) {
    if (MODULES.stream().anyMatch(name::startsWith)) {
      return true;
    }
    try {
      Class<?> type = Class.forName(name, false, Roost.class.getClassLoader());
      return Objects.equals(source(Roost.class), source(type));
    } catch (ClassNotFoundException | LinkageError e) {
      return false; // not ours, then
    }
  }

  private static @Nullable CodeSource source(Class<?> type) {
    return type.getProtectionDomain().getCodeSource();
  }
}
