package dev.roost.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The arguments of a program: options of the form {@code --name value}, and what else there is. */
public final class Arguments {

  private final Map<String, String> options = new TreeMap<>();
  private final List<String> others = new ArrayList<>();

  /** Options that are not in the map are refused; the map has the values by default. */
  public Arguments(String[] args, Map<String, String> known) {
    options.putAll(known);
    for (int i = 0; i < args.length; i++) {
      if (!args[i].startsWith("--")) {
        others.add(args[i]);
        continue;
      }
      String name = args[i].substring(2);
      if (!known.containsKey(name) || i + 1 == args.length) {
        throw new IllegalArgumentException(
            args[i]
                + " is not an option with a value. Options and what they are by default: "
                + known);
      }
      options.put(name, args[++i]);
    }
  }

  /** The value of an option. */
  public String text(String name) {
    return options.get(name);
  }

  /** The value of an option that is a number. */
  public double number(String name) {
    return Double.parseDouble(options.get(name));
  }

  /** What is no option. */
  public List<String> others() {
    return List.copyOf(others);
  }
}
