package dev.roost.docs;

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

/**
 * Every Java block in README.md and docs/ is a region of a file in this package, letter for letter,
 * so that the compiler and the tests have read it. A comment above the block names it:
 *
 * <pre>
 *   &lt;!-- sample: ReadmeTest#nursery --&gt;
 *   ```java
 *   ...
 *   ```
 * </pre>
 */
class SamplesTest {

  private static final Pattern NAME = Pattern.compile("<!-- sample: (\\w+)#([\\w-]+) -->");

  /** The file of a relative link, without what stands after #. */
  private static final Pattern LINK = Pattern.compile("\\]\\((?!\\w+:|#)([^)#\\s]+)");

  private static final String REMEDY =
      "put <!-- sample: SomeTest#region --> right above it, naming a region of a test in dev.roost.docs";

  @Test
  void every_java_block_is_a_region_of_a_test() throws IOException {
    var wrong = new ArrayList<String>();
    for (var page : pages()) {
      wrong.addAll(faultsIn(page, Files.readAllLines(page)));
    }
    assertThat(wrong).as("samples in the documentation that no test covers").isEmpty();
  }

  @Test
  void block_without_a_name_is_found() throws IOException {
    var faults =
        faultsIn(root().resolve("README.md"), List.of("Look:", "", "```java", "x();", "```"));

    assertThat(faults).singleElement().asString().contains("README.md:3").contains(REMEDY);
  }

  @Test
  void block_that_differs_from_its_region_is_found() throws IOException {
    var page =
        List.of("<!-- sample: Hello#program -->", "```java", "class Hello {}", "```", "The end");

    var faults = faultsIn(root().resolve("README.md"), page);

    assertThat(faults).singleElement().asString().contains("Hello#program").contains("void main()");
  }

  @Test
  void region_that_does_not_exist_is_found() throws IOException {
    var page = List.of("<!-- sample: Hello#nothing -->", "```java", "x();", "```");

    var faults = faultsIn(root().resolve("README.md"), page);

    assertThat(faults).singleElement().asString().contains("no region \"nothing\"");
  }

  @Test
  void every_link_between_pages_leads_somewhere() throws IOException {
    var pages = new ArrayList<>(pages());
    pages.add(root().resolve("CONTRIBUTING.md"));
    var wrong = new ArrayList<String>();
    for (var page : pages) {
      for (var links = LINK.matcher(Files.readString(page)); links.find(); ) {
        var target = page.resolveSibling(links.group(1)).normalize();
        if (!Files.exists(target)) {
          wrong.add(root().relativize(page) + ": there is no " + root().relativize(target));
        }
      }
    }
    assertThat(wrong).as("links that lead nowhere").isEmpty();
  }

  private static List<String> faultsIn(Path page, List<String> lines) throws IOException {
    var faults = new ArrayList<String>();
    for (int at = 0; at < lines.size(); at++) {
      if (lines.get(at).strip().startsWith("```")) {
        int end = at + 1;
        while (end < lines.size() && !lines.get(end).strip().equals("```")) {
          end++;
        }
        if (lines.get(at).strip().equals("```java")) {
          var above = at == 0 ? "" : lines.get(at - 1).strip();
          var block = unindented(lines.subList(at + 1, end));
          var place = root().relativize(page) + ":" + (at + 1) + ": ";
          faultOf(above, block).ifPresent(fault -> faults.add(place + fault));
        }
        at = end;
      }
    }
    return faults;
  }

  private static Optional<String> faultOf(String above, String block) throws IOException {
    var name = NAME.matcher(above);
    if (!name.matches()) {
      return Optional.of("a block without a name: " + REMEDY);
    }
    var source =
        root().resolve("roost-tests/src/test/java/dev/roost/docs/" + name.group(1) + ".java");
    if (!Files.exists(source)) {
      return Optional.of("there is no " + root().relativize(source));
    }
    var region = region(Files.readAllLines(source), name.group(2));
    if (region.isEmpty()) {
      return Optional.of(name.group(1) + ".java has no region \"" + name.group(2) + "\"");
    }
    return region.get().equals(block)
        ? Optional.empty()
        : Optional.of(
            "not the same as "
                + name.group(1)
                + "#"
                + name.group(2)
                + ", which is:\n"
                + region.get());
  }

  private static Optional<String> region(List<String> source, String name) {
    int start = 0;
    while (start < source.size()
        && !source.get(start).strip().equals("// @start region=\"" + name + "\"")) {
      start++;
    }
    int end = start;
    while (end < source.size() && !source.get(end).strip().equals("// @end")) {
      end++;
    }
    return end == source.size()
        ? Optional.empty()
        : Optional.of(unindented(source.subList(start + 1, end)));
  }

  /** Without the indentation that all lines have, and without empty lines at both ends. */
  private static String unindented(List<String> lines) {
    return String.join("\n", lines).stripTrailing().stripIndent().strip();
  }

  private static List<Path> pages() throws IOException {
    var pages = new ArrayList<Path>();
    pages.add(root().resolve("README.md"));
    try (Stream<Path> tree = Files.walk(root().resolve("docs"))) {
      tree.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  /** Maven starts the tests in roost-tests, editors often in the folder above. */
  private static Path root() {
    var here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("roost-core")) ? here : here.getParent();
  }
}
