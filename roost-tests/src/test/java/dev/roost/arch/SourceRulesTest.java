package dev.roost.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for the sources of the library modules, comments included. */
class SourceRulesTest {

  private static final int MOST_LINES = 500;
  private static final List<String> MODULES =
      List.of("roost-core", "roost-io", "roost-testing", "roost-junit");

  private static final String EXPECTED =
      "{@snippet file=\"dev/roost/…Test.java\" region=\"…\"}, the code of a passing test";

  /** The head of a sample: what stands before a colon (then it is inline) or the closing brace. */
  private static final Pattern SAMPLE = Pattern.compile("\\{@snippet\\b([^:}]*)([:}])");

  private static final Pattern FILE = Pattern.compile("\\bfile\\s*=\\s*\"([^\"]+)\"");
  private static final Pattern REGION = Pattern.compile("\\bregion\\s*=\\s*\"([^\"]+)\"");

  @Test
  void no_file_is_too_long_to_read() throws IOException {
    var tooLong = new ArrayList<String>();
    for (var source : sources()) {
      var lines = Files.readAllLines(source).size();
      if (lines > MOST_LINES) {
        tooLong.add(shown(source) + " has " + lines + " lines");
      }
    }
    assertThat(tooLong).as("files of more than %s lines: split them", MOST_LINES).isEmpty();
  }

  /** A sample that is no part of a passing test will be wrong one day. */
  @Test
  void every_sample_is_a_region_of_a_test() throws IOException {
    var wrong = new ArrayList<String>();
    for (var source : sources()) {
      var text = Files.readString(source);
      for (var samples = SAMPLE.matcher(text); samples.find(); ) {
        var line = 1 + text.substring(0, samples.start()).lines().count();
        faultOf(samples.group(1), samples.group(2).equals(":"))
            .ifPresent(fault -> wrong.add(shown(source) + ":" + line + ": " + fault));
      }
    }
    assertThat(wrong).as("samples that no test covers").isEmpty();
  }

  private static Optional<String> faultOf(String head, boolean inline) throws IOException {
    var file = FILE.matcher(head);
    var region = REGION.matcher(head);
    if (inline) {
      return Optional.of("an inline sample; expected " + EXPECTED);
    }
    if (!file.find() || !region.find()) {
      return Optional.of("a sample without file or region; expected " + EXPECTED);
    }
    var sample = root().resolve("roost-tests/src/test/java").resolve(file.group(1));
    if (!Files.exists(sample)) {
      return Optional.of("there is no " + shown(sample));
    }
    var start = Pattern.compile("@start\\s+region\\s*=\\s*\"?" + Pattern.quote(region.group(1)));
    return start.matcher(Files.readString(sample)).find()
        ? Optional.empty()
        : Optional.of(shown(sample) + " has no region \"" + region.group(1) + "\"");
  }

  private static List<Path> sources() throws IOException {
    var sources = new ArrayList<Path>();
    for (var module : MODULES) {
      try (Stream<Path> tree = Files.walk(root().resolve(module + "/src/main/java"))) {
        tree.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    return sources;
  }

  private static String shown(Path file) {
    return root().relativize(file).toString();
  }

  /** Maven starts the tests in roost-tests, editors often in the folder above. */
  private static Path root() {
    var here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("roost-core")) ? here : here.getParent();
  }
}
