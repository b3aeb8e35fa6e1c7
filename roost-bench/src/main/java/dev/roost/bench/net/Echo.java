package dev.roost.bench.net;

import dev.roost.bench.Arguments;
import dev.roost.bench.ChildJvm;
import dev.roost.bench.ResultTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures all echo servers with the same clients, and prints one table of medians. The servers run
 * all the time, and take turns: each round measures every one of them, so that a time in which the
 * machine is busy with something else does not fall on one of them alone. The first rounds do not
 * count.
 */
public final class Echo {

  private static final Map<String, String> OPTIONS =
      Map.of(
          "connections", "1,32,1000",
          "rounds", "5",
          "warmup", "1",
          "seconds", "1.7",
          "size", "128",
          "only", "",
          "other", "");

  private final Arguments arguments;
  private final ResultTable table = new ResultTable();

  private Echo(Arguments arguments) {
    this.arguments = arguments;
  }

  public static void main(String[] args) throws Exception {
    Echo echo = new Echo(new Arguments(args, OPTIONS));
    List<Contender.Server> servers = new ArrayList<>();
    try (ChildJvm load = ChildJvm.start(Load.class)) {
      for (Contender contender : Contender.select(echo.text("only"), echo.text("other"))) {
        servers.add(contender.start());
      }
      echo.measure(servers, load);
    } finally {
      for (Contender.Server server : servers) {
        server.close();
      }
    }
    System.out.println(echo.table);
  }

  private String text(String option) {
    return arguments.text(option);
  }

  private void measure(List<Contender.Server> servers, ChildJvm load) {
    int warmup = (int) arguments.number("warmup");
    int rounds = warmup + (int) arguments.number("rounds");
    for (int round = 0; round < rounds; round++) {
      for (String connections : text("connections").split(",")) {
        for (Contender.Server server : servers) {
          measure(server, load, Integer.parseInt(connections), round >= warmup);
        }
      }
      System.err.printf(Locale.ROOT, "Round %d of %d has ended.%n", round + 1, rounds);
    }
  }

  private void measure(Contender.Server server, ChildJvm load, int connections, boolean counts) {
    int millis = (int) (arguments.number("seconds") * 1_000);
    double before = server.process().cpuNanos();
    Load.Result result =
        Load.Result.parse(
            load.ask(
                String.join(
                    " ",
                    Arrays.asList(
                        Integer.toString(server.port()),
                        Integer.toString(connections),
                        text("size"),
                        Integer.toString(millis / 5),
                        Integer.toString(millis)))));
    if (!counts) {
      return;
    }
    String name = server.contender().name();
    String operation =
        String.format(Locale.ROOT, "%,d connection%s: ", connections, connections == 1 ? "" : "s");
    table.add(operation + "requests a second", name, result.perSecond(), ResultTable::count);
    table.add(operation + "half of the answers within", name, result.median(), ResultTable::time);
    table.add(operation + "99 % of the answers within", name, result.p99(), ResultTable::time);
    table.add(
        operation + "server processor time, each",
        name,
        (server.process().cpuNanos() - before) / result.requests(),
        ResultTable::time);
  }
}
