package dev.roost.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.DoubleFunction;

/**
 * Results by operation and contender, as a table in Markdown: medians, and in brackets how many
 * times as much as Roost's.
 */
public final class ResultTable {

  /** The columns, in this order; those without a result are left out. */
  private static final List<String> CONTENDERS =
      List.of("roost", "other", "threads", "jdkScopes", "kotlin", "jox", "netty");

  private static final Map<String, String> TITLES =
      Map.of(
          "other", "Other",
          "threads", "Virtual threads",
          "jdkScopes", "JDK scopes",
          "kotlin", "Kotlin",
          "netty", "Netty");

  /** The contender that the others are compared with. */
  private static final String ROOST = "roost SHARED";

  private final Map<String, Map<String, Results>> rows = new LinkedHashMap<>();

  /**
   * Adds one result; there may be several for the same place. The contender's name may have a
   * variant behind a blank.
   */
  public void add(String operation, String contender, double result, DoubleFunction<String> unit) {
    rows.computeIfAbsent(operation, _ -> new LinkedHashMap<>())
        .computeIfAbsent(contender, _ -> new Results(unit, new ArrayList<>()))
        .all
        .add(result);
  }

  @Override
  public String toString() {
    List<String> columns = columns();
    StringBuilder table = new StringBuilder("| Operation |");
    columns.forEach(column -> table.append(' ').append(title(column)).append(" |"));
    table.append("\n| --- |").repeat(" ---: |", columns.size()).append('\n');
    rows.forEach((operation, results) -> {
      table.append("| ").append(operation).append(" |");
      columns.forEach(column -> table.append(' ').append(cell(results, column)).append(" |"));
      table.append('\n');
    });
    return table.toString();
  }

  private List<String> columns() {
    TreeSet<String> found = new TreeSet<>(Comparator.reverseOrder()); // SHARED before OWN
    rows.values().forEach(results -> found.addAll(results.keySet()));
    return found.stream()
        .sorted(Comparator.comparing(column -> CONTENDERS.indexOf(name(column))))
        .toList();
  }

  private static String name(String contender) {
    return contender.split("[ ,]")[0];
  }

  private static String title(String contender) {
    String name = name(contender);
    String title = name.equals("roost") ? "Roost" : TITLES.getOrDefault(name, name);
    return title + contender.substring(name.length());
  }

  /** The median, and its ratio to Roost's on the carrier that works everywhere. */
  private static String cell(Map<String, Results> row, String column) {
    Results results = row.get(column);
    if (results == null) {
      return "";
    }
    String median = results.unit.apply(results.median());
    Results roost = row.get(ROOST);
    return roost == null || roost == results
        ? median
        : String.format(Locale.ROOT, "%s (%.2f)", median, results.median() / roost.median());
  }

  /** Nanoseconds in a unit that fits. */
  public static String time(double nanos) {
    if (nanos < 1e3) {
      return digits(nanos) + " ns";
    }
    return nanos < 1e6 ? digits(nanos / 1e3) + " µs" : digits(nanos / 1e6) + " ms";
  }

  /** How many bytes. */
  public static String bytes(double count) {
    return String.format(Locale.ROOT, "%,.0f bytes", count);
  }

  /** How many there are of something. */
  public static String count(double count) {
    return String.format(Locale.ROOT, "%,.0f", count);
  }

  /** Three digits or, for what is larger, all before the point. */
  private static String digits(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }

  private record Results(DoubleFunction<String> unit, List<Double> all) {

    double median() {
      double[] sorted = all.stream().mapToDouble(Double::doubleValue).toArray();
      Arrays.sort(sorted);
      int middle = sorted.length / 2;
      return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
  }
}
