package dev.roost.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of the sixty tests names tests that exist. */
class TrioTableTest {

  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| `[^`]+` \\| (.+) \\|");
  private static final Pattern NAME = Pattern.compile("`([\\w.]*Test)?(?:#(\\w+))?`");

  @Test
  void everyRow_isThere() throws IOException {
    List<Integer> numbers = new ArrayList<>();
    for (Matcher row = ROW.matcher(table()); row.find(); ) {
      numbers.add(Integer.valueOf(row.group(1)));
    }
    assertThat(numbers).hasSize(60).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void everyTestThatIsNamed_exists() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Matcher row = ROW.matcher(table()); row.find(); ) {
      String source = "";
      for (Matcher name = NAME.matcher(row.group(2)); name.find(); ) {
        if (name.group(1) != null) {
          Path file = sources().resolve(name.group(1).replace('.', '/') + ".java");
          source = Files.exists(file) ? Files.readString(file) : "";
        }
        boolean found =
            name.group(2) == null
                ? !source.isEmpty()
                : source.contains("void " + name.group(2) + "()");
        if (!found) {
          missing.add("row " + row.group(1) + ": " + name.group());
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  private static String table() throws IOException {
    return Files.readString(root().resolve("docs/decisions/0003-trio-tests.md"));
  }

  private static Path sources() {
    return root().resolve("roost-tests/src/test/java/dev/roost");
  }

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    return Files.exists(at.resolve("roost-tests")) ? at : at.getParent();
  }
}
