package dev.roost.junit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/**
 * What a test has left behind. Filled by the run, and read by JUnit's thread when that has ended.
 */
final class Leaks {

  /** Where nobody looks for the culprit: our own packages, but for the tests in them. */
  private static final Pattern LIBRARY =
      Pattern.compile(
          "(java|jdk|sun)\\..*|dev\\.roost\\.(\\w+\\.)?(?!\\w*(Test|Cases))\\w+(\\$.*)?");

  private final List<String> lines = new ArrayList<>();
  private final List<Throwable> places = new ArrayList<>();

  Leaks() {}

  /** Something was left, and where it comes from if that is known. */
  void add(String what, @Nullable Throwable place) {
    lines.add(
        what
            + (place == null
                ? ""
                : ", "
                    + String.valueOf(place.getMessage()).replace(" here", " at ")
                    + frameOf(place)));
    if (place != null) {
      places.add(place);
    }
  }

  private static String frameOf(Throwable place) {
    Optional<StackTraceElement> frame =
        Stream.of(place.getStackTrace())
            .filter(f -> !LIBRARY.matcher(f.getClassName()).matches())
            .findFirst();
    return frame.map(StackTraceElement::toString).orElse("(see below)");
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /** The failure that tells of all. */
  AssertionError failure() {
    AssertionError failure =
        new AssertionFailedError(
            "@RoostTest: the test has left something behind:\n  "
                + String.join("\n  ", lines)
                + "\nClose it, with try-with-resources or in a fixture; or say"
                + " @RoostTest(leakChecks = false).");
    places.forEach(failure::addSuppressed);
    return failure;
  }
}
