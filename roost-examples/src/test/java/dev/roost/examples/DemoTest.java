package dev.roost.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DemoTest {

  @Test
  void demo_showsWhatHappened() throws Exception {
    var result = Program.run(Demo.class);

    assertThat(result.exitCode()).as(result.errors()).isZero();
    assertThat(result.complaints()).isEmpty();
    assertThat(result.output()).as("no colours in a file").doesNotContain("\u001b");
    // Only what one thing causes of another is asked for: the machine may be busy.
    var lines = result.lines();
    assertInOrder(
        lines,
        "^1\\. Happy eyeballs",
        "try silent +\\+ starts",
        "\\(clock\\) +× cancels CancelScope.moveOnAfter\\(300ms\\) in task main: its deadline",
        "try refusing +✓ ends",
        "try good +\\+ starts",
        "try good +× cancels the nursery in task main",
        "try silent +× ends, cancelled$",
        "try slow +× ends, cancelled$",
        "connected to \\d+",
        "^2\\.",
        "\\(clock\\) +× cancels CancelScope.failAfter\\(800ms\\) in task main: its deadline",
        "try silent +× ends, cancelled: deadline",
        "caught: dev.roost.DeadlineExceededException: CancelScope.failAfter\\(800ms\\)",
        "^3\\.",
        "main +× cancels CancelScope.untilStopping\\(\\) in task accepting from :\\d+: stopping",
        "accepting from :\\d+ +✓ ends",
        "echo server +✓ ends",
        "^4\\.",
        "main +× cancels CancelScope.create\\(\\) in task trip: she would rather stay at home",
        "flight +× ends, cancelled: she would rather stay at home",
        "room +× is cancelled: she would rather stay at home",
        "room +· waits for \\d+ms to pass",
        "room +× ends, cancelled: she would rather stay at home",
        "hotel +× ends, cancelled: she would rather stay at home",
        "trip +✓ ends",
        "^5\\.",
        "│ main: running",
        "│ ├─ servers: waiting for 3 children",
        "│ ├─ report: waiting for ",
        "│ │  .─ page 1: waiting for an event",
        "│ └─ bystander: waiting for ever",
        "backup +! fails: java.io.IOException: the disk is full",
        "bystander +× ends, cancelled: task backup failed",
        "│ caught: ExceptionGroup of 2",
        "│ ├─ java.io.IOException: the disk is full",
        "│ └─ ExceptionGroup of 1",
        "│    └─ java.lang.ArithmeticException: 13 is no month",
        "main +✓ ends",
        "^\\d+ tasks: .* 3 failed, 0 left over\\.$");
    for (var name : List.of("Ann", "Bob", "Cyd")) {
      assertInOrder(lines, name + " hears: Hello from " + name, "echo server +✓ ends");
    }
    assertInOrder(lines, "weather +✓ ends", "^5\\.");
    assertThat(names(result.lines(), " (✓ ends|× ends, cancelled|! fails).*$"))
        .as("every task that starts is seen to end")
        .isEqualTo(names(result.lines(), " \\+ starts$"))
        .hasSizeGreaterThan(20);
  }

  /** The names in the lines that end like that, sorted. */
  private static List<String> names(List<String> lines, String end) {
    var line = Pattern.compile("^ *[\\d.]+  (.*?) *" + end);
    return lines.stream()
        .map(line::matcher)
        .filter(m -> m.find())
        .map(m -> m.group(1))
        .sorted()
        .toList();
  }

  private static void assertInOrder(List<String> lines, String... patterns) {
    int at = 0;
    for (var pattern : patterns) {
      var expected = Pattern.compile(pattern);
      int from = at;
      while (at < lines.size() && !expected.matcher(lines.get(at)).find()) {
        at++;
      }
      assertThat(at)
          .as("a line like \"%s\" after line %d of:%n%s", pattern, from, String.join("\n", lines))
          .isLessThan(lines.size());
      at++;
    }
  }
}
