package dev.roost.bench.net;

import dev.roost.bench.Arguments;
import dev.roost.bench.ChildJvm;
import dev.roost.bench.ResultTable;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/**
 * Measures what echo servers hold for connections on which nothing happens, after each of them had
 * one answer: the heap in use after a collection, less what was before; platform threads;
 * descriptors. One server at a time; the clients are another process. A tenth as many connections
 * come first, and do not count.
 */
public final class Idle {

  private static final Map<String, String> OPTIONS =
      Map.of("connections", "10000", "rounds", "2", "only", "", "other", "");

  private static final int TENTH = 10;
  private static final long PAUSE_MILLIS = 200;

  private final int connections;
  private final ResultTable table = new ResultTable();

  private Idle(int connections) {
    this.connections = connections;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Arguments arguments = new Arguments(args, OPTIONS);
    int wanted = (int) arguments.number("connections");
    Idle idle = new Idle((int) Math.min(wanted, IdleClients.atMost()));
    if (idle.connections < wanted) {
      System.out.printf(
          Locale.ROOT,
          "The system lets a process have descriptors for %,d connections only: see ulimit -n.%n",
          idle.connections);
    }
    for (Contender contender : Contender.select(arguments.text("only"), arguments.text("other"))) {
      idle.measure(contender, (int) arguments.number("rounds"));
    }
    System.out.println(idle.table);
  }

  private void measure(Contender contender, int rounds) throws IOException, InterruptedException {
    try (Contender.Server server = contender.start();
        ChildJvm clients = ChildJvm.start(IdleClients.class)) {
      clients.ask(server.port() + " " + connections / TENTH);
      clients.ask("close");
      for (int round = 0; round < rounds; round++) {
        Contender.Holdings before = settled(server);
        clients.ask(server.port() + " " + connections);
        Contender.Holdings with = settled(server);
        clients.ask("close");
        add(contender.name(), before, with, settled(server));
      }
    }
  }

  /** What the server holds once it has heard of all connections that were opened or closed. */
  private static Contender.Holdings settled(Contender.Server server) throws InterruptedException {
    Contender.Holdings last;
    Contender.Holdings now = server.holdings();
    do {
      Thread.sleep(PAUSE_MILLIS);
      last = now;
      now = server.holdings();
    } while (now.descriptors() != last.descriptors());
    return now;
  }

  private void add(
      String name, Contender.Holdings before, Contender.Holdings with, Contender.Holdings after) {
    String operation = String.format(Locale.ROOT, "%,d idle connections: ", connections);
    double heap = (double) (with.heap() - before.heap()) / connections;
    double left = (double) (after.heap() - before.heap()) / connections;
    table.add(operation + "heap for each", name, heap, ResultTable::bytes);
    table.add(operation + "platform threads", name, with.threads(), ResultTable::count);
    table.add(
        operation + "more descriptors than without",
        name,
        with.descriptors() - before.descriptors(),
        ResultTable::count);
    table.add(operation + "heap for each, once closed", name, left, ResultTable::bytes);
  }
}
