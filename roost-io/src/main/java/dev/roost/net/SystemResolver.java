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

  static final HostResolver INSTANCE = new SystemResolver(InetAddress::getAllByName);
  static final HostResolver STANDARD = standard(Thread.currentThread().getContextClassLoader());

  /**
   * How many look-ups run at once in this program: a burst of connections is not to become a burst
   * of platform threads.
   */
  private static final Semaphore ROOM = new Semaphore(64);

  /** Blocks until it has the addresses. */
  @FunctionalInterface
  interface LookUp {
    /** All addresses of a name. */
    InetAddress[] addressesOf(String host) throws Exception;
  }

  private final LookUp lookUp;

  SystemResolver(LookUp lookUp) {
    this.lookUp = lookUp;
  }

  /** The first resolver that is provided as a service, or the JDK's. */
  static HostResolver standard(ClassLoader loader) {
    return ServiceLoader.load(HostResolver.class, loader).findFirst().orElse(INSTANCE);
  }

  @Override
  public List<InetAddress> resolve(String host) throws IOException, InterruptedException {
    return Blocking.abandoning().call(() -> resolveOnPlatformThread(host));
  }

  private List<InetAddress> resolveOnPlatformThread(String host)
      throws IOException, InterruptedException {
    FutureTask<List<InetAddress>> answer =
        new FutureTask<>(() -> List.of(lookUp.addressesOf(host)));
    ROOM.acquire();
    Thread.ofPlatform()
        .daemon()
        .name("roost-resolver-" + host)
        .start(() -> {
          try {
            answer.run();
          } finally {
            ROOM.release();
          }
        });
    try {
      return answer.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownHostException unknown) {
        throw unknown;
      }
      throw new IOException(
          "The addresses of " + host + " could not be looked up: " + e.getCause(), e.getCause());
    }
  }
}
