package dev.roost.bench.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Who talks to the echo servers: one thread with a selector, on the plain JDK.
 *
 * <p>It is a closed loop: each connection sends its next request when the answer to the one before
 * is whole. So it never asks for more than the server can do, and a latency is the time that a
 * client with so many others beside it waits for its answer, the time in which this program serves
 * the others included.
 */
public final class Load {

  private static final long LONGEST = TimeUnit.SECONDS.toNanos(60);
  private static final int DIGITS = 3;

  private final int port;
  private final int connections;
  private final int size;
  private final Histogram latencies = new Histogram(LONGEST, DIGITS);
  private long measureFrom;
  private long end;
  private long requests;
  private int outstanding;

  Load(int port, int connections, int size) {
    this.port = port;
    this.connections = connections;
    this.size = size;
  }

  /** For each line with a port, connections, bytes, and milliseconds to drop and to measure. */
  public static void main(String[] args) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = lines.readLine()) != null; ) {
      String[] numbers = line.split(" ");
      Load load =
          new Load(
              Integer.parseInt(numbers[0]),
              Integer.parseInt(numbers[1]),
              Integer.parseInt(numbers[2]));
      Duration dropped = Duration.ofMillis(Long.parseLong(numbers[3]));
      Duration measured = Duration.ofMillis(Long.parseLong(numbers[4]));
      System.out.println(load.run(dropped, measured));
    }
  }

  /** Talks for so long, the time to drop first. */
  Result run(Duration dropped, Duration measured) throws IOException {
    List<Connection> open = new ArrayList<>();
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < connections; i++) {
        Connection connection = new Connection(port, size);
        open.add(connection);
        connection.register(selector);
      }
      long now = System.nanoTime();
      measureFrom = now + dropped.toNanos();
      end = measureFrom + measured.toNanos();
      for (Connection connection : open) {
        outstanding++;
        connection.send(System.nanoTime());
      }
      while (outstanding > 0) {
        if (selector.select(this::answered, TimeUnit.NANOSECONDS.toMillis(LONGEST)) == 0) {
          throw new IOException("The server has not answered for a minute.");
        }
      }
    } finally {
      for (Connection connection : open) {
        connection.close();
      }
    }
    return new Result(
        latencies.getTotalCount() / (measured.toNanos() / 1e9),
        latencies.getValueAtPercentile(50),
        latencies.getValueAtPercentile(99),
        requests);
  }

  private void answered(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    try {
      if (!connection.receive()) {
        return;
      }
      requests++;
      long now = System.nanoTime();
      if (now - measureFrom >= 0 && now - end < 0) {
        latencies.recordValue(Math.min(LONGEST, connection.nanosSinceSent(now)));
      }
      if (now - end < 0) {
        connection.send(now);
      } else {
        outstanding--;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Times are in nanoseconds; {@code requests} are all, also those that were not measured. */
  record Result(double perSecond, double median, double p99, long requests) {

    static Result parse(String line) {
      String[] numbers = line.split(" ");
      return new Result(
          Double.parseDouble(numbers[0]),
          Double.parseDouble(numbers[1]),
          Double.parseDouble(numbers[2]),
          Long.parseLong(numbers[3]));
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%f %f %f %d", perSecond, median, p99, requests);
    }
  }
}
