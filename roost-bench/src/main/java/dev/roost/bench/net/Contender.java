package dev.roost.bench.net;

import dev.roost.bench.ChildJvm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** An echo server to measure; {@code before} comes before the class path. */
record Contender(String name, Class<?> program, List<String> arguments, String before) {

  private static final List<Contender> ALL =
      List.of(
          new Contender("roost SHARED", RoostEcho.class, List.of("SHARED")),
          new Contender("roost OWN", RoostEcho.class, List.of("OWN")),
          new Contender("threads", ThreadsEcho.class, List.of()),
          new Contender("netty, 1 loop", NettyEcho.class, List.of("1")),
          new Contender("netty, default", NettyEcho.class, List.of("0")));

  private Contender(String name, Class<?> program, List<String> arguments) {
    this(name, program, arguments, "");
  }

  /**
   * Those whose name has the text in it; and if {@code other} is not empty, Roost once more with
   * these folders or jars before the class path, such as those of an older version.
   */
  static List<Contender> select(String text, String other) {
    List<Contender> selected = new ArrayList<>();
    for (Contender contender : ALL) {
      if (contender.name.contains(text)) {
        selected.add(contender);
        if (contender.program == RoostEcho.class && !other.isEmpty()) {
          selected.add(
              new Contender(
                  "other " + contender.name, contender.program, contender.arguments, other));
        }
      }
    }
    return selected;
  }

  /** Starts it, in a process of its own; it is open when this returns. */
  Server start() throws IOException {
    ChildJvm process = ChildJvm.start(before, program, List.of(), arguments);
    return new Server(this, process, Integer.parseInt(process.line()));
  }

  /** A server that runs. */
  record Server(Contender contender, ChildJvm process, int port) implements AutoCloseable {

    Holdings holdings() {
      return Holdings.parse(process.ask("holdings"));
    }

    @Override
    public void close() {
      process.close();
    }
  }

  /** What a server holds. */
  record Holdings(long heap, long threads, long descriptors) {

    static Holdings parse(String line) {
      String[] numbers = line.split(" ");
      return new Holdings(
          Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
    }
  }
}
