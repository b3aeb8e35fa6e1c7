package dev.roost.bench.net;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Who connects to the servers, has one answer from them, and then says nothing for long. */
public final class IdleClients {

  private static final int SIZE = 128;

  /** Descriptors for all that is no connection. */
  private static final int SPARE = 200;

  private IdleClients() {}

  /** For each line with a port and connections opens them, and closes them at the next line. */
  public static void main(String[] args) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = lines.readLine()) != null; ) {
      String[] numbers = line.split(" ");
      List<Connection> open = open(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
      System.out.println("open");
      lines.readLine();
      for (Connection connection : open) {
        connection.close();
      }
      System.out.println("closed");
    }
  }

  private static List<Connection> open(int port, int connections) throws IOException {
    List<Connection> open = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      Connection connection = new Connection(port, SIZE);
      open.add(connection);
      connection.send(0);
      while (!connection.receive()) {
        // It blocks until there is more.
      }
    }
    return open;
  }

  /** How many connections a process of this system can have. */
  static long atMost() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount() - SPARE
        : Long.MAX_VALUE;
  }
}
