package dev.roost.net;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/**
 * Finds the addresses of a host name. To replace the default for a whole program, provide one for
 * {@link java.util.ServiceLoader}; for some connections, give it to {@link TcpConnector#resolver}.
 * One that can look up IPv6 and IPv4 apart is a {@link FamilyResolver}.
 *
 * {@snippet file="dev/roost/net/NetSamplesTest.java" region="resolver"}
 */
@FunctionalInterface
public interface HostResolver {

  /**
   * Finds the addresses of a name, the preferred ones first. Called as a task of the run; numeric
   * addresses never get here. May be called by many tasks, and by several runs at a time. A
   * checkpoint, or it may be: whoever calls it assumes that it is one.
   *
   * @param host the name
   * @return its addresses; an empty list counts as an unknown host
   * @throws IOException if they cannot be found; {@link java.net.UnknownHostException} if there are
   *     none
   * @throws InterruptedException if cancelled
   */
  List<InetAddress> resolve(String host) throws IOException, InterruptedException;

  /**
   * The resolver of the JDK, as it is configured (files, name servers, its own service providers
   * and its cache). Each look-up has a thread of its own: a task that is cancelled does not wait
   * for it.
   *
   * @return the resolver
   */
  static HostResolver system() {
    return SystemResolver.INSTANCE;
  }

  /**
   * The resolver that is used where none is given: the first that {@link java.util.ServiceLoader}
   * finds, or else {@link #system()}.
   *
   * @return the resolver
   */
  static HostResolver standard() {
    return SystemResolver.STANDARD;
  }
}
