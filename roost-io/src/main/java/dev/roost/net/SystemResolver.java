package dev.roost.net;

import dev.roost.Blocking;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/**
 * The resolver of the JDK. It blocks in native code, where a virtual thread would hold on to its
 * carrier: a few slow name servers would stop every virtual thread of the program. So each look-up
 * has a platform thread.
 */
final class SystemResolver implements HostResolver {

  static final HostResolver INSTANCE = new SystemResolver();
  static final HostResolver STANDARD =
      ServiceLoader.load(HostResolver.class).findFirst().orElse(INSTANCE);

  /**
   * How many look-ups run at once in this program: a burst of connections is not to become a burst
   * of platform threads.
   */
  private static final Semaphore ROOM = new Semaphore(64);

  private SystemResolver() {}

  @Override
  public List<InetAddress> resolve(String host) throws IOException, InterruptedException {
    return Blocking.abandoning().call(() -> lookUp(host));
  }

  private static List<InetAddress> lookUp(String host) throws IOException, InterruptedException {
    FutureTask<List<InetAddress>> lookup =
        new FutureTask<>(() -> List.of(InetAddress.getAllByName(host)));
    ROOM.acquire();
    try {
      Thread.ofPlatform().daemon().name("roost-resolver-" + host).start(lookup);
      return lookup.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownHostException unknown) {
        throw unknown;
      }
      throw new IOException(
          "The addresses of " + host + " could not be looked up: " + e.getCause(), e.getCause());
    } finally {
      ROOM.release();
    }
  }
}
