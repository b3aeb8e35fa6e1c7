package dev.roost.testing;

import dev.roost.AsyncConsumer;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.net.HostResolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A network for tests, with hosts, names, slow and broken links, on which the same code runs as on
 * the real one: {@code TcpStream.connect}, {@code TcpListener.open}, {@code Serve.tcp}, {@code
 * DatagramSocket.open}. It takes its time from the clock of the run, so with a {@link MockClock}
 * that jumps, minutes of it pass in milliseconds, and the same seed gives the same delays and
 * losses each time.
 *
 * {@snippet file="dev/roost/testing/SimNetSamplesTest.java" region="simnet"}
 *
 * <p>Streams behave like TCP: what is lost is sent again, after 200 ms and then ever more rarely,
 * and after 15 minutes the sender gives up ("Connection timed out"); connecting gives up after 127
 * seconds, as on Linux. A port that nobody listens on refuses. What arrives at a closed stream
 * resets it. A host reaches itself without delay.
 *
 * <p>It belongs to the run, and to the block of {@link #run}. Nothing here is a checkpoint unless
 * it says so. All of {@code java.net} and {@code java.nio} that does not go through Roost is still
 * on the real network.
 */
public final class SimNet {

  private final SplittableRandom random;
  final SimEvents events = new SimEvents();
  private final Map<String, SimHost> hosts = new LinkedHashMap<>();
  private final Map<InetAddress, SimHost> byAddress = new HashMap<>();
  private final Map<String, List<InetAddress>> names = new HashMap<>();
  private final Map<Set<SimHost>, SimLink> links = new HashMap<>();
  private final SimLink defaults = new SimLink();
  private final SimLink loopback = new SimLink().latency(Duration.ZERO);
  private final List<Set<SimHost>> partitions = new ArrayList<>();
  private final Set<InetAddress> blackHoles = new HashSet<>();
  private Duration lookUp = Duration.ZERO;

  private SimNet(long seed) {
    random = new SplittableRandom(seed);
  }

  /**
   * Runs a body with a network, which is empty at first. A checkpoint if the body is one.
   *
   * @param seed what delays and losses are drawn from
   * @param body is given the network, which serves it until it ends
   * @param <X> what it may throw
   * @throws X what the body throws
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static <X extends Exception> void run(long seed, AsyncConsumer<? super SimNet, X> body)
      throws X, InterruptedException {
    Objects.requireNonNull(body, "SimNet.run: the body is null");
    SimNet net = new SimNet(seed);
    List<Throwable> failure = new ArrayList<>(1);
    try {
      Nursery.run(nursery -> {
        nursery.start("simulated network", net.events::serve);
        try {
          body.accept(net);
        } catch (Throwable t) {
          failure.add(t); // not as a group: the network is no task of the program's
        }
        nursery.cancel();
      });
    } catch (InterruptedException cancelled) {
      if (failure.isEmpty()) {
        throw cancelled;
      }
    }
    if (!failure.isEmpty()) {
      throw Schedule.<X>sneaky(failure.getFirst());
    }
  }

  // ---- hosts and names

  /**
   * The host of that name; made when first asked for, with an address of IPv4 and one of IPv6. Its
   * name leads to them, that of IPv6 first.
   *
   * @param name the name
   * @return the host
   */
  public SimHost host(String name) {
    Objects.requireNonNull(name, "SimNet.host: the name is null");
    SimHost known = hosts.get(name);
    if (known != null) {
      return known;
    }
    int number = hosts.size() + 1;
    return host(
        name,
        InetAddress.ofLiteral("2001:db8::" + Integer.toHexString(number)),
        InetAddress.ofLiteral(
            "10." + number / 65_536 + "." + number / 256 % 256 + "." + number % 256));
  }

  /**
   * Makes a host with addresses of your own.
   *
   * @param name the name, which leads to these addresses in this order
   * @param addresses at least one
   * @return the host
   * @throws IllegalArgumentException if the name or an address is taken, or there is no address
   */
  public SimHost host(String name, InetAddress... addresses) {
    if (addresses.length == 0 || hosts.containsKey(name)) {
      throw new IllegalArgumentException(
          "SimNet.host: "
              + name
              + (addresses.length == 0
                  ? " has no address. Give at least one."
                  : " exists already."));
    }
    for (InetAddress address : addresses) {
      if (byAddress.containsKey(address)) {
        throw new IllegalArgumentException(
            "SimNet.host: " + address.getHostAddress() + " is taken by " + byAddress.get(address));
      }
    }
    SimHost host = new SimHost(this, hosts.size(), name, List.of(addresses));
    hosts.put(name, host);
    for (InetAddress address : addresses) {
      byAddress.put(address, host);
    }
    names.put(name, List.of(addresses));
    return host;
  }

  /**
   * Has a name lead to addresses, instead of those it had.
   *
   * @param name the name
   * @param addresses in the order in which the resolver gives them; none for an unknown host
   */
  public void name(String name, InetAddress... addresses) {
    names.put(name, List.of(addresses));
  }

  /**
   * How long looking up a name takes; no time unless set.
   *
   * @param d the time
   * @throws IllegalArgumentException if it is negative
   */
  public void lookUpTime(Duration d) {
    if (d.isNegative()) {
      throw new IllegalArgumentException("SimNet.lookUpTime: it is negative (" + d + ").");
    }
    lookUp = d;
  }

  /** Who knows the names, for a host. */
  HostResolver resolverFor(SimHost host) {
    return name -> {
      Roost.sleep(lookUp);
      if (name.equals("localhost")) {
        return List.of(InetAddress.ofLiteral("::1"), InetAddress.ofLiteral("127.0.0.1"));
      }
      List<InetAddress> found = names.getOrDefault(name, List.of());
      if (found.isEmpty()) {
        throw new UnknownHostException(
            name + ": no such name in the simulated network, asked for on " + host.name());
      }
      return found;
    };
  }

  // ---- links

  /**
   * What is between two hosts, to be changed.
   *
   * @param one a host
   * @param other another one
   * @return the link between them
   * @throws IllegalArgumentException if they are the same
   */
  public SimLink link(SimHost one, SimHost other) {
    if (one == other) {
      throw new IllegalArgumentException(
          "SimNet.link: " + one + " reaches itself without a link. Name two hosts.");
    }
    return links.computeIfAbsent(Set.of(one, other), pair -> new SimLink(defaults));
  }

  /**
   * What is between hosts whose link nobody has asked for or used yet.
   *
   * @return to be changed
   */
  public SimLink defaultLink() {
    return defaults;
  }

  SimLink linkOrLoopback(SimHost one, SimHost other) {
    return one == other ? loopback : link(one, other);
  }

  /**
   * Cuts some hosts off from all others: nothing goes through, what is on its way included, and
   * nobody is told. Partitions add up until {@link #heal()}.
   *
   * @param side the hosts on one side
   */
  public void partition(SimHost... side) {
    partitions.add(new HashSet<>(Arrays.asList(side)));
  }

  /** Ends all partitions and black holes. */
  public void heal() {
    partitions.clear();
    blackHoles.clear();
  }

  /**
   * Has everything that is sent to an address vanish.
   *
   * @param address the address
   */
  public void blackHole(InetAddress address) {
    blackHoles.add(address);
  }

  /** Whether what is sent from one host to another, at this address, arrives now. */
  boolean reaches(SimHost from, SimHost to, InetAddress address) {
    return !blackHoles.contains(address)
        && partitions.stream().allMatch(side -> side.contains(from) == side.contains(to));
  }

  /**
   * Resets all streams between two hosts: both sides get an error at once ("Connection reset").
   *
   * @param one a host
   * @param other another one
   */
  public void reset(SimHost one, SimHost other) {
    one.resetStreamsTo(other);
  }

  // ---- for the channels

  SplittableRandom random() {
    return random;
  }

  /** The host that an address leads to from another host; null if there is none. */
  @Nullable SimHost find(InetAddress address, SimHost from) {
    return address.isLoopbackAddress() || address.isAnyLocalAddress()
        ? from
        : byAddress.get(address);
  }

  /** Its hosts. */
  @Override
  public String toString() {
    return "SimNet" + hosts.keySet();
  }
}
