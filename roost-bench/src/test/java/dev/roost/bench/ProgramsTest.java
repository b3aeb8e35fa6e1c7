package dev.roost.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.bench.net.Echo;
import dev.roost.bench.net.Idle;
import dev.roost.bench.soak.Soak;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The programs of {@code ./roost bench}, in small: that they work, not how fast. */
@Timeout(60)
class ProgramsTest {

  private static String run(Class<?> program, String... arguments) throws Exception {
    try (ChildJvm jvm = ChildJvm.start(program, List.of(), List.of(arguments))) {
      return String.join("\n", jvm.lines());
    }
  }

  @Test
  void echo_measures_every_server() throws Exception {
    String table =
        run(
            Echo.class,
            "--connections",
            "2",
            "--rounds",
            "1",
            "--warmup",
            "0",
            "--seconds",
            "0.03");
    assertThat(table.lines())
        .first()
        .isEqualTo(
            "| Operation | Roost SHARED | Roost OWN | Virtual threads | Netty, default | Netty, 1 loop |");
    assertThat(table)
        .contains(
            "| 2 connections: requests a second | ",
            "| 2 connections: half of the answers within | ",
            "| 2 connections: 99 % of the answers within | ",
            "| 2 connections: server processor time, each | ");
  }

  @Test
  void idle_measures_what_a_server_holds() throws Exception {
    String table =
        run(Idle.class, "--connections", "20", "--rounds", "1", "--only", "roost SHARED");
    assertThat(table)
        .contains(
            "| 20 idle connections: heap for each | ",
            "| 20 idle connections: more descriptors than without | ");
  }

  @Test
  void soak_accounts_for_every_byte() throws Exception {
    String report = run(Soak.class, "0.1", "--clients", "8", "--seed", "1");
    assertThat(
            report
                .lines()
                .filter(line -> line.endsWith("no task, selector key or descriptor is left.")))
        .containsExactly(
            "SHARED, seed 1: all bytes are accounted for; no task, selector key or descriptor is left.",
            "OWN, seed 1: all bytes are accounted for; no task, selector key or descriptor is left.");
  }
}
