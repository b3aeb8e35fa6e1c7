package dev.roost.bench;

import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs benchmarks and prints one table of medians. Takes the options of JMH; without a pattern it
 * runs all benchmarks and {@link HeapPerTask}. What JMH reports on the way goes to the standard
 * error.
 *
 * <p>All contenders have their first fork before any has its second, so that a time in which the
 * machine is busy with something else does not fall on one of them alone.
 */
public final class Summary {

  private static final int FORKS = 2;

  private Summary() {}

  public static void main(String[] args) throws Exception {
    CommandLineOptions given = new CommandLineOptions(args);
    ResultTable table = new ResultTable();
    for (int fork = given.getForkCount().orElse(FORKS); fork > 0; fork--) {
      runOnce(given, table);
    }
    if (given.getIncludes().isEmpty()) {
      HeapPerTask.measureAll(table);
    }
    System.out.println(table);
    System.out.println(machine());
  }

  private static void runOnce(CommandLineOptions given, ResultTable table) throws Exception {
    Options options = new OptionsBuilder().parent(given).forks(1).shouldFailOnError(true).build();
    OutputFormat report = OutputFormatFactory.createFormatInstance(System.err, VerboseMode.NORMAL);
    for (RunResult result : new Runner(options, report).run()) {
      String operation = operation(result.getParams());
      String contender = contender(result.getParams());
      result.getBenchmarkResults().stream()
          .flatMap(fork -> fork.getIterationResults().stream())
          .forEach(iteration ->
              table.add(
                  operation,
                  contender,
                  iteration.getPrimaryResult().getScore(),
                  ResultTable::time));
    }
  }

  /** The class and the parameters: "Task switch, 1,000 tasks". */
  private static String operation(BenchmarkParams benchmark) {
    String[] name = benchmark.getBenchmark().split("\\.");
    String words = name[name.length - 2].replaceAll("(?<=[a-z])(?=[A-Z])", " ");
    return words.charAt(0)
        + words.substring(1).toLowerCase(Locale.ROOT)
        + benchmark.getParamsKeys().stream()
            .filter(key -> !key.equals("carrier"))
            .map(key ->
                String.format(
                    Locale.ROOT, ", %,d %s", Integer.valueOf(benchmark.getParam(key)), key))
            .collect(Collectors.joining());
  }

  /** The method and, for Roost, the carrier. */
  private static String contender(BenchmarkParams benchmark) {
    String[] name = benchmark.getBenchmark().split("\\.");
    String carrier = benchmark.getParam("carrier");
    return name[name.length - 1] + (carrier == null ? "" : " " + carrier);
  }

  private static String machine() {
    return String.format(
        Locale.ROOT,
        "JDK %s, %d cores, %s %s.",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"),
        System.getProperty("os.arch"));
  }
}
