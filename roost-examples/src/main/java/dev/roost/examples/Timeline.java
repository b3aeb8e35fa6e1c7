package dev.roost.examples;

import dev.roost.CancelScope;
import dev.roost.Cancelled;
import dev.roost.Instrument;
import dev.roost.Nursery;
import dev.roost.Task;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Prints what happens in a run as it happens, a line an event: an {@link Instrument}, told by Roost
 * itself. Nothing is made up; what is left out are the steps in which a task neither starts, ends,
 * is cancelled, nor waits for something new.
 *
 * <p>Plain fields and no locks: an instrument is called by whoever holds the run's baton.
 */
final class Timeline implements Instrument {

  private static final int NAME_WIDTH = 26;

  private final PrintStream out;
  private final Palette palette;
  private final Set<String> backstage;
  private final long begin = System.nanoTime();

  /** What each task was last seen to wait for. */
  private final Map<Task, String> waits = new HashMap<>();

  /** Cancellations that were delivered and not printed yet: most of them end their task at once. */
  private final Map<Task, Cancelled> delivered = new HashMap<>();

  /** What tasks ended with that did not end well. */
  private final Map<Task, Throwable> thrown = new HashMap<>();

  private int started;
  private int done;
  private int cancelled;
  private int failed;

  /**
   * A timeline.
   *
   * @param backstage names of tasks whose children are not worth a line
   */
  Timeline(PrintStream out, Palette palette, Set<String> backstage) {
    this.out = out;
    this.palette = palette;
    this.backstage = backstage;
  }

  // ---- what Roost says

  @Override
  public void taskSpawned(Task task) {
    started++;
    flushAll();
    print(task, palette.good("+"), "starts");
  }

  @Override
  public void afterStep(Task task) {
    String status = shortened(task.status());
    if (status.startsWith("waiting")) {
      flush(task);
      if (!status.equals(waits.put(task, status))) {
        print(task, palette.dim("·"), palette.dim(status.replaceFirst("waiting", "waits")));
      }
    }
  }

  @Override
  public void scopeCancelled(CancelScope scope) {
    flushAll();
    if (scope.cancelledByDeadline()) {
      print(
          padded("(clock)"),
          palette.warm("×"),
          palette.warm("cancels " + scope + ": its deadline"));
      return;
    }
    Task by = Task.current();
    if (thrown.get(by) instanceof Cancelled) {
      return; // the nursery of a cancelled child: it is cancelled already, from further out
    }
    String reason = scope.reason().map(why -> ": " + why).orElse("");
    print(by, palette.warm("×"), palette.warm("cancels " + scope + reason));
  }

  @Override
  public void cancelDelivered(Task task, Cancelled cancellation) {
    flush(task);
    delivered.put(task, cancellation);
  }

  @Override
  public void taskFailed(Task task, Throwable error) {
    thrown.put(task, error);
    if (error instanceof Cancelled cancellation) {
      cancelled++;
      delivered.remove(task);
      print(task, palette.warm("×"), "ends, cancelled" + why(cancellation));
    } else {
      failed++;
      flush(task);
      print(task, palette.bad("!"), palette.bad("fails: " + error));
    }
  }

  @Override
  public void taskEnded(Task task) {
    if (!thrown.containsKey(task)) {
      done++;
      flush(task);
      print(task, palette.good("✓"), "ends");
    }
    waits.remove(task);
  }

  private void flush(Task task) {
    Cancelled cancellation = delivered.remove(task);
    if (cancellation != null) {
      print(task, palette.warm("×"), "is cancelled" + why(cancellation));
    }
  }

  private void flushAll() {
    Set.copyOf(delivered.keySet()).stream()
        .filter(task -> task.status().equals("running"))
        .forEach(this::flush);
  }

  private static String why(Cancelled cancellation) {
    return cancellation.byDeadline()
        ? ": deadline"
        : cancellation.reason().map(why -> ": " + why).orElse("");
  }

  // ---- what the program itself says in between

  void legend() {
    out.println(
        "Each line with a time is an event that Roost reports:  "
            + String.join(
                "  ",
                palette.good("+") + " starts",
                palette.dim("·") + " waits",
                palette.warm("×") + " cancellation",
                palette.bad("!") + " fails",
                palette.good("✓") + " ends"));
  }

  void chapter(String title, String whatToLookAt) {
    flushAll();
    out.println();
    out.println(palette.title(title));
    out.println(whatToLookAt.indent(2));
  }

  void note(String text) {
    flushAll();
    text.lines()
        .map(line -> "        " + palette.dim("│ ") + shortened(line))
        .forEach(out::println);
  }

  void close() {
    out.println();
    int ended = done + cancelled + failed;
    out.printf(
        "%d tasks: %d done, %d cancelled, %d failed, %d left over.%n",
        started, done, cancelled, failed, started - ended);
  }

  // ---- lines

  private void print(Task task, String sign, String event) {
    int depth = 0;
    for (Optional<Task> at = parentOf(task); at.isPresent(); at = parentOf(at.get())) {
      if (backstage.contains(at.get().name())) {
        return;
      }
      depth++;
    }
    String name = "  ".repeat(depth) + shortened(task.name());
    print(palette.named(task.name(), padded(name)), sign, event);
  }

  private void print(String name, String sign, String event) {
    double seconds = (System.nanoTime() - begin) / 1e9;
    String time = palette.dim(String.format(Locale.ROOT, "%6.3f", seconds));
    out.println(time + "  " + name + " " + sign + " " + shortened(event));
  }

  private static String padded(String name) {
    return name + " ".repeat(Math.max(0, NAME_WIDTH - name.length()));
  }

  /**
   * Streams and listeners by their ports alone, for everything is on this machine; events as such.
   */
  private static String shortened(String text) {
    return text.replaceAll("Tcp\\w+\\[(?:[^]]* -> )?([^],]*)[^]]*\\]", "$1")
        .replace("127.0.0.1:", ":")
        .replaceAll("Event\\[[^]]*\\]", "an event");
  }

  private static Optional<Task> parentOf(Task task) {
    return task.parentNursery().map(Nursery::parent);
  }
}
