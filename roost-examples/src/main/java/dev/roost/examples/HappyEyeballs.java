package dev.roost.examples;

import dev.roost.AsyncCallable;
import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.ExceptionGroup;
import dev.roost.FailScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.ByteStream;
import dev.roost.net.TcpStream;
import dev.roost.sync.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Happy eyeballs, after RFC 8305: a host has several addresses, and some may not work. Trying one
 * after the other can take minutes, trying all at once is rude. So each attempt gets a head start
 * before the next one joins in; the first connection wins, and all other attempts are called off.
 *
 * <p>{@link #race} and {@link #attempt} are the whole algorithm. Roost has it built in ({@link
 * TcpStream#connect}); this is how you would write it yourself.
 */
public final class HappyEyeballs<S extends ByteStream> {

  private final Duration headStart;
  private final List<IOException> failures = new ArrayList<>();
  private @Nullable S winner; // plain fields: of all attempts one runs at a time

  HappyEyeballs(Duration headStart) {
    this.headStart = headStart;
  }

  /** Races some ways to connect, each with a name, in this order. */
  S race(Map<String, AsyncCallable<S, IOException>> ways) throws IOException, InterruptedException {
    try {
      Nursery.run(nursery -> {
        for (var way : ways.entrySet()) {
          Event failed = new Event();
          nursery.start(way.getKey(), () -> attempt(way.getValue(), failed, nursery));
          CancelScope.moveOnAfter(headStart).run(failed::await); // then it is the next one's turn
        }
      }); // here no attempt is left
    } catch (InterruptedException e) { // cancelled by our caller, perhaps just after the victory
      if (winner != null) {
        winner.close();
      }
      throw e;
    }
    if (winner == null) {
      throw new IOException("no way works", new ExceptionGroup("All attempts failed", failures));
    }
    return winner;
  }

  private void attempt(AsyncCallable<S, IOException> way, Event failed, Nursery nursery)
      throws InterruptedException {
    try {
      S stream = way.call();
      if (winner == null) {
        winner = stream;
        nursery.cancel(); // calls off the other attempts, and the block ends quietly
      } else {
        stream.close(); // a dead heat
      }
    } catch (IOException e) {
      failures.add(e);
      failed.set(); // the next one need not wait
    }
  }

  /** {@code ./roost run HappyEyeballs example.org 80} */
  public static void main(String[] args) throws Exception {
    if (args.length != 2) {
      System.err.println("Usage: HappyEyeballs <host> <port>");
      System.exit(2);
    }
    int port = Integer.parseInt(args[1]);
    FailScope timeout = CancelScope.failAfter(Duration.ofSeconds(10));
    Roost.run(() -> timeout.run(() -> connect(args[0], port)));
  }

  private static void connect(String host, int port) throws IOException, InterruptedException {
    // The JDK's resolver blocks: as a blocking section it does not hold up the other tasks.
    InetAddress[] addresses = Blocking.call(() -> InetAddress.getAllByName(host));
    Map<String, AsyncCallable<TcpStream, IOException>> ways = new LinkedHashMap<>();
    for (InetAddress address : addresses) {
      ways.put(
          address.getHostAddress(),
          () -> TcpStream.connect(new InetSocketAddress(address, port))); // to this one alone
    }
    try (TcpStream stream = new HappyEyeballs<TcpStream>(Duration.ofMillis(250)).race(ways)) {
      System.out.println("connected to " + stream.remoteAddress());
    }
  }
}
