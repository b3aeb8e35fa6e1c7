package dev.roost.bench.soak;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.roost.Carrier;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.RunOptions;
import dev.roost.bench.Arguments;
import dev.roost.net.TcpStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Has clients and a server, each a run of its own, talk over TCP for some minutes, and cuts them
 * short at random moments: single calls, and whole conversations, by cancelling and by resets, on
 * both sides. Every byte is accounted for:
 *
 * <ul>
 *   <li>What is received is the beginning of what was sent, nothing lost, doubled or out of place,
 *       whatever was cut short; and all of it if the end was seen.
 *   <li>What nobody broke off arrives whole.
 *   <li>At the end no task, no selector key and no descriptor is left.
 * </ul>
 *
 * <p>What does not add up ends the program with status 1 and a message with the seed. The seed
 * decides what is said and done; when it happens is up to the machine.
 */
public final class Soak {

  private static final Map<String, String> OPTIONS =
      Map.of("carrier", "both", "seed", "random", "clients", "200");

  private static final Duration WARMUP = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int ATTEMPTS = 50;
  private static final long PAUSE_MILLIS = 100;

  private final RunOptions options;
  private final long seed;
  private final int clients;

  private Soak(Carrier carrier, long seed, int clients) {
    this.options = Roost.with().carrier(carrier);
    this.seed = seed;
    this.clients = clients;
  }

  /** The seconds for each carrier, and options. */
  public static void main(String[] args) throws InterruptedException {
    Arguments arguments = new Arguments(args, OPTIONS);
    Duration duration =
        arguments.others().isEmpty()
            ? Duration.ofMinutes(2)
            : seconds(Double.parseDouble(arguments.others().getFirst()));
    long seed =
        arguments.text("seed").equals("random")
            ? RandomGenerator.getDefault().nextInt(Integer.MAX_VALUE)
            : Long.parseLong(arguments.text("seed"));
    for (Carrier carrier : new Carrier[] {Carrier.SHARED, Carrier.OWN}) {
      String wanted = arguments.text("carrier").toUpperCase(Locale.ROOT);
      if (wanted.equals("BOTH") || wanted.equals(carrier.name())) {
        soak(carrier, seed, (int) arguments.number("clients"), duration);
      }
    }
  }

  private static Duration seconds(double count) {
    return Duration.ofMillis(Math.round(count * 1_000));
  }

  private static void soak(Carrier carrier, long seed, int clients, Duration duration)
      throws InterruptedException {
    String what = carrier + ", seed " + seed;
    System.out.println(what + ": for " + duration.toMillis() / 1e3 + " seconds …");
    Duration warmup = duration.compareTo(WARMUP) < 0 ? duration : WARMUP;
    Thread watch = endIfStuck(what, warmup.plus(duration).plus(PATIENCE));
    try {
      Soak soak = new Soak(carrier, seed, clients);
      soak.run(warmup);
      openTheJdksPollers();
      Map<String, String> before = Leftovers.descriptors();
      System.out.println(what + ": " + soak.run(duration) + ".");
      awaitDescriptors(before);
      System.out.println(
          what + ": all bytes are accounted for; no task, selector key or descriptor is left.");
    } catch (Throwable t) {
      fail(what, t);
    } finally {
      watch.interrupt();
    }
  }

  /** Seed and all are in the output; there is no use in going on. */
  private static void fail(String what, Throwable why) {
    System.out.println(what + ": FAILED.");
    why.printStackTrace();
    Runtime.getRuntime().halt(1);
  }

  private Tally run(Duration duration) throws Exception {
    Tally tally = new Tally(seed);
    SoakServer server = new SoakServer(options.name("server"), tally);
    try {
      options.name("clients").call(() -> talk(server, tally, duration)).check();
    } catch (Throwable t) {
      server.explain(t);
      throw t;
    }
    server.stop().check();
    tally.checkRest();
    return tally;
  }

  private Leftovers talk(SoakServer server, Tally tally, Duration duration)
      throws InterruptedException {
    long end = System.nanoTime() + duration.toNanos();
    Nursery.run(nursery -> {
      for (int i = 0; i < clients; i++) {
        nursery.start(() -> {
          while (System.nanoTime() - end < 0) {
            new Side(tally.begin(), true, tally).run(() -> TcpStream.connect(server.address()));
          }
        });
      }
    });
    return Leftovers.ofThisRun();
  }

  /**
   * The JDK opens descriptors of its own when a virtual thread first waits in a selector, and keeps
   * them.
   */
  private static void openTheJdksPollers() throws InterruptedException {
    Thread.ofVirtual()
        .start(() -> {
          try (Selector selector = Selector.open()) {
            selector.select(1);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        })
        .join();
  }

  private static void awaitDescriptors(Map<String, String> before)
      throws IOException, InterruptedException {
    Map<String, String> now = Leftovers.descriptors();
    for (int i = 0; now.size() > before.size(); i++) {
      if (i == ATTEMPTS) {
        throw new IllegalStateException(
            "There were "
                + before.size()
                + " descriptors open before, and now there are "
                + now.size()
                + ". Before: "
                + before
                + ". Now: "
                + now);
      }
      Thread.sleep(PAUSE_MILLIS);
      now = Leftovers.descriptors();
    }
  }

  /** If nothing ends it for so long, tells where all threads are. */
  private static Thread endIfStuck(String what, Duration atMost) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            TimeUnit.NANOSECONDS.sleep(atMost.toNanos());
          } catch (InterruptedException e) {
            return;
          }
          fail(what, new IllegalStateException("It does not end. All threads: " + dump()));
        });
  }

  private static String dump() {
    try {
      Path folder = Files.createTempDirectory("soak");
      Path file = folder.resolve("threads.txt");
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
      return file.toString();
    } catch (IOException e) {
      return e.toString();
    }
  }
}
