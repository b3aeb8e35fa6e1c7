package dev.roost.net;

import dev.roost.Nursery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A resolver that can look up the IPv6 addresses of a name and its IPv4 addresses apart (AAAA and A
 * in the words of DNS). {@link TcpConnector} asks it for both at once and begins with what comes
 * first, after RFC 8305: if that is the IPv4 addresses, it gives the others another 50 ms. So a
 * name server that never answers to one of the two questions holds up nobody.
 *
 * {@snippet file="dev/roost/net/FamilyResolverTest.java" region="resolver"}
 */
public interface FamilyResolver extends HostResolver {

  /**
   * Finds the addresses of a name of one family, the preferred ones first. Called as a task of the
   * run; numeric addresses never get here. Assume that it is a checkpoint.
   *
   * @param host the name
   * @param family the one or the other, {@code INET6} or {@code INET}
   * @return its addresses, perhaps none
   * @throws IOException if they cannot be found
   * @throws InterruptedException if cancelled
   */
  List<InetAddress> resolve(String host, StandardProtocolFamily family)
      throws IOException, InterruptedException;

  /** Looks up both at once, and waits for both: IPv6 comes before IPv4. */
  @Override
  default List<InetAddress> resolve(String host) throws IOException, InterruptedException {
    Answers answers = new Answers(this, host);
    List<InetAddress> all = new ArrayList<>();
    Nursery.run(nursery -> answers.start(nursery));
    for (Optional<InetAddress> one = answers.next(); one.isPresent(); one = answers.next()) {
      all.add(one.get());
    }
    if (all.isEmpty()) {
      throw answers.nothingFound();
    }
    return all;
  }
}
