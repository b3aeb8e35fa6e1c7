package dev.roost.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Roost;
import dev.roost.testing.MockClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TimeoutTreeTest {

  @Test
  void program_endsWithItsOutermostTimeout() throws Exception {
    var result = Program.run(TimeoutTree.class);

    assertThat(result.exitCode()).as(result.errors()).isZero();
    assertThat(result.complaints()).isEmpty();
    assertThat(result.lines().getLast()).endsWith("page: OUT OF TIME after its 600 ms");
  }

  @Test
  void eachTimeout_endsItsOwnBlockAndNoOther() throws Exception {
    var output = new ByteArrayOutputStream();
    var stdout = System.out;
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    try { // the same code on a clock that jumps: it takes no time, and always the same
      Roost.with().clock(new MockClock().autojump()).run(() -> new TimeoutTree().page());
    } finally {
      System.setOut(stdout);
    }

    assertThat(output.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "0.0 s  page: has 600 ms",
            "0.0 s    header: has 400 ms",
            "0.0 s    news: has 300 ms",
            "0.0 s    weather: has 5000 ms",
            "0.0 s    prices: has 500 ms",
            "0.0 s      exchange: has 200 ms",
            "0.1 s      logo: fetched in 100 ms",
            "0.1 s    header: done",
            "0.1 s      headlines: fetched in 150 ms",
            "0.2 s        rates: given up, it needs 1000 ms",
            "0.2 s      exchange: OUT OF TIME after its 200 ms",
            "0.3 s      pictures: given up, it needs 500 ms",
            "0.3 s    news: OUT OF TIME after its 300 ms",
            "0.4 s      yesterday's rates: fetched in 200 ms",
            "0.4 s    prices: done",
            "0.6 s      satellite: given up, it needs 2000 ms",
            "0.6 s    weather: stopped from outside",
            "0.6 s  page: OUT OF TIME after its 600 ms");
  }
}
