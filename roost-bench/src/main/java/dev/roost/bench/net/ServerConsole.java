package dev.roost.bench.net;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What a server has in common with the others: it prints its port, tells what it holds when it is
 * asked, and ends with its standard input.
 */
final class ServerConsole {

  private static final int COLLECTIONS = 3;

  private ServerConsole() {}

  /** The port is open. */
  static void serving(int port) {
    Thread.ofPlatform().daemon().name("console").start(ServerConsole::answer);
    System.out.println(port);
  }

  private static void answer() {
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      while (requests.readLine() != null) {
        System.out.println(holdings());
      }
    } catch (IOException e) {
      e.printStackTrace();
    } finally {
      System.exit(0);
    }
  }

  /** Heap in use after a collection, platform threads, and descriptors. */
  private static String holdings() {
    // More than once: the first one may leave what only then turned out to be unreachable.
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return String.format(
        Locale.ROOT,
        "%d %d %d",
        runtime.totalMemory() - runtime.freeMemory(),
        ManagementFactory.getThreadMXBean().getThreadCount(),
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getOpenFileDescriptorCount()
            : 0);
  }
}
