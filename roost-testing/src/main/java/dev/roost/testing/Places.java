package dev.roost.testing;

import dev.roost.Roost;
import dev.roost.Task;
import dev.roost.net.TcpStream;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where tasks are, in few words: the frames of the program, without those of Roost and the JDK. */
final class Places {

  private static final List<String> NEVER = List.of("java.", "jdk.", "sun.", "org.junit.");

  private Places() {}

  /** The innermost frame of the program. */
  static String of(Task task) {
    StackTraceElement[] stack = task.stackTrace();
    if (stack.length == 0) {
      return "its beginning";
    }
    return Arrays.stream(stack)
        .filter(frame -> !isFiltered(frame) && !isLibrary(frame.getClassName()))
        .findFirst()
        .map(StackTraceElement::toString)
        .orElse("code of Roost");
  }

  /** The frames of the program, and the one of Roost that it called, a line each. */
  static List<String> frames(StackTraceElement[] stack, int most) {
    StackTraceElement called = null;
    List<StackTraceElement> kept =
        Arrays.stream(stack).filter(frame -> !isFiltered(frame)).toList();
    for (StackTraceElement frame : kept) {
      if (!isLibrary(frame.getClassName())) {
        break;
      }
      called = frame;
    }
    StackTraceElement outermost = called;
    return Stream.concat(
            Stream.ofNullable(outermost),
            kept.stream().filter(frame -> !isLibrary(frame.getClassName())))
        .limit(most)
        .map(StackTraceElement::toString)
        .toList();
  }

  private static boolean isFiltered(StackTraceElement frame) {
    return NEVER.stream().anyMatch(frame.getClassName()::startsWith);
  }

  /** Programs may have packages of the same names: it is the jar that tells. */
  private static boolean isLibrary(String name) {
    if (!name.startsWith("dev.roost.")) {
      return false;
    }
    try {
      Class<?> type = Class.forName(name, false, Places.class.getClassLoader());
      return Stream.of(Roost.class, TcpStream.class, Places.class)
          .anyMatch(ours -> Objects.equals(source(ours), source(type)));
    } catch (ClassNotFoundException | LinkageError e) {
      return false; // not ours, then
    }
  }

  private static @Nullable CodeSource source(Class<?> type) {
    ProtectionDomain domain = type.getProtectionDomain();
    return domain.getCodeSource();
  }
}
