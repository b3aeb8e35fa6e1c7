package dev.roost.examples;

import dev.roost.AsyncCallable;
import dev.roost.CancelScope;
import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskStatus;
import dev.roost.TaskTree;
import dev.roost.net.Serve;
import dev.roost.net.TcpListener;
import dev.roost.net.TcpStream;
import dev.roost.sync.Event;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * {@code ./roost demo}: five small scenes on this machine's own network, and what Roost says about
 * them while they play. All lines with a time come from a {@link Timeline}.
 */
public final class Demo {

  private static final Duration HEAD_START = Duration.ofMillis(300);

  private final Timeline timeline;

  private Demo(Timeline timeline) {
    this.timeline = timeline;
  }

  public static void main(String[] args) throws InterruptedException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    Timeline timeline = new Timeline(out, Palette.ofStandardOutput(), Set.of("servers"));
    timeline.legend();
    Roost.with().name("demo").instrument(timeline).run(new Demo(timeline)::play);
    timeline.close();
  }

  private void play() throws InterruptedException {
    Nursery.runServices(services -> {
      timeline.chapter(
          "The cast: a silent, a refusing, a slow and a good server",
          "They live in one task, whose children are left out here; the tree at the end shows them.");
      DemoServers servers = services.startAndWait("servers", DemoServers::run);
      theFirstOneWins(servers);
      aTimeoutAroundItAll(servers);
      anOrderlyEnd();
      aTreeIsCancelled();
      twoFailAtOnce();
      timeline.chapter(
          "The end", "The servers are cancelled only now: they served all that was above.");
      services.cancel();
    });
  }

  // ---- 1 and 2

  private void theFirstOneWins(DemoServers servers)
      throws IOException, InterruptedException, TimeoutException {
    timeline.chapter(
        "1. Happy eyeballs: four addresses, and the first that works wins",
        """
        One server never answers, one refuses, one is slow, one is good. Each attempt has a head start of 300 ms.
        Watch: a refusal brings in the next one at once, and when "try good" ends, the others are cancelled.\
        """);
    var ways = new LinkedHashMap<String, AsyncCallable<TcpStream, IOException>>();
    ways.put("try silent", () -> DemoServers.greeted(servers.silent()));
    ways.put("try refusing", () -> DemoServers.greeted(servers.refusing()));
    ways.put("try slow", () -> DemoServers.greeted(servers.slow()));
    ways.put("try good", () -> DemoServers.greeted(servers.good()));
    connectWithin(Duration.ofSeconds(10), ways);
  }

  private void aTimeoutAroundItAll(DemoServers servers) throws IOException, InterruptedException {
    timeline.chapter(
        "2. The same with a timeout around it, and without the good one",
        """
        None of the code inside knows of the timeout. Watch: one deadline ends whatever waits below it.\
        """);
    var ways = new LinkedHashMap<String, AsyncCallable<TcpStream, IOException>>();
    ways.put("try silent", () -> DemoServers.greeted(servers.silent()));
    ways.put("try slow", () -> DemoServers.greeted(servers.slow()));
    try {
      connectWithin(Duration.ofMillis(800), ways);
    } catch (TimeoutException e) {
      timeline.note("caught: " + e);
    }
  }

  private void connectWithin(
      Duration limit, Map<String, AsyncCallable<TcpStream, IOException>> ways)
      throws IOException, InterruptedException, TimeoutException {
    CancelScope.failAfter(limit)
        .run(() -> {
          try (TcpStream stream = new HappyEyeballs<TcpStream>(HEAD_START).race(ways)) {
            timeline.note("connected to " + stream.remoteAddress().getPort());
          }
        });
  }

  // ---- 3

  private void anOrderlyEnd() throws InterruptedException {
    timeline.chapter(
        "3. An echo server that is asked to stop while it is in use",
        """
        A soft cancel ends what waits for more work, and lets the work under way go on.
        Watch: the port closes at once, Cyd is served to the end, and only then the server ends.\
        """);
    Nursery.run(nursery -> {
      CancelScope service = CancelScope.create();
      InetSocketAddress address =
          nursery.startAndWait(
              "echo server",
              (TaskStatus<InetSocketAddress> status) -> service.run(() -> serveEcho(status)));
      nursery.start("Ann", () -> talk(address, "Ann", 100));
      nursery.start("Bob", () -> talk(address, "Bob", 200));
      nursery.start("Cyd", () -> talk(address, "Cyd", 600));
      Roost.sleep(Duration.ofMillis(400));
      service.softCancel(Duration.ofSeconds(2));
    });
  }

  private static void serveEcho(TaskStatus<InetSocketAddress> status)
      throws IOException, InterruptedException {
    try (TcpListener listener = DemoServers.open()) {
      status.started(listener.localAddress());
      Serve.listeners(List.of(listener), EchoServer::echo);
    }
  }

  private void talk(InetSocketAddress address, String name, int pause)
      throws IOException, InterruptedException {
    try (TcpStream stream = TcpStream.connect(address)) {
      Roost.sleep(Duration.ofMillis(pause));
      stream.sendAll("Hello from " + name);
      timeline.note(name + " hears: " + new String(stream.receiveSome(64), StandardCharsets.UTF_8));
    }
  }

  // ---- 4

  private void aTreeIsCancelled() throws InterruptedException {
    timeline.chapter(
        "4. A tree of tasks, cancelled in the middle",
        """
        A trip is booked: a flight, and a hotel with a room and breakfast; somebody looks at the weather meanwhile.
        Watch: all of the trip ends, the room even takes time to clean up, and the weather does not notice.\
        """);
    Nursery.run(nursery -> {
      CancelScope trip = CancelScope.create();
      nursery.start("weather", () -> Roost.sleep(Duration.ofSeconds(1)));
      nursery.start("trip", () -> trip.run(() -> Nursery.run(Demo::book)));
      Roost.sleep(Duration.ofMillis(500));
      trip.cancel("she would rather stay at home");
    });
  }

  private static void book(Nursery trip) {
    trip.start("flight", () -> Roost.sleep(Duration.ofSeconds(5)));
    trip.start(
        "hotel",
        () ->
            Nursery.run(hotel -> {
              hotel.start("room", Demo::bookRoom);
              hotel.start("breakfast", () -> Roost.sleep(Duration.ofSeconds(3)));
            }));
  }

  private static void bookRoom() throws InterruptedException {
    try {
      Roost.sleep(Duration.ofSeconds(4));
    } finally { // cancelled or not, the clean-up may wait
      CancelScope.cleanup(Duration.ofSeconds(1)).run(() -> Roost.sleep(Duration.ofMillis(250)));
    }
  }

  // ---- 5

  private void twoFailAtOnce() throws InterruptedException {
    timeline.chapter(
        "5. Two children fail at once",
        """
        Watch: the bystander is cancelled, and no error is lost. First, the tree of all tasks just before it happens:\
        """);
    try {
      Nursery.run(nursery -> {
        Event midnight = new Event();
        nursery.start(
            "backup",
            () -> {
              midnight.await();
              throw new IOException("the disk is full");
            });
        nursery.start(
            "report",
            () ->
                Nursery.run(pages -> {
                  pages.start(
                      "page 1",
                      () -> {
                        midnight.await();
                        throw new ArithmeticException("13 is no month");
                      });
                  pages.start("page 2", () -> Roost.sleep(Duration.ofMillis(200)));
                }));
        nursery.start("bystander", Roost::sleepForever);
        Roost.sleep(Duration.ofMillis(300));
        timeline.note(TaskTree.current().toString());
        midnight.set();
      });
    } catch (ExceptionGroup group) {
      timeline.note("caught: " + describe(group, ""));
    }
  }

  /** A group as a tree, for groups nest as nurseries do. */
  private static String describe(Throwable error, String indent) {
    if (!(error instanceof ExceptionGroup group)) {
      return error + "\n";
    }
    StringBuilder text = new StringBuilder("ExceptionGroup of " + group.errors().size() + "\n");
    for (Throwable inner : group.errors()) {
      boolean last = inner == group.errors().getLast();
      text.append(indent)
          .append(last ? "└─ " : "├─ ")
          .append(describe(inner, indent + (last ? "   " : "│  ")));
    }
    return text.toString();
  }
}
