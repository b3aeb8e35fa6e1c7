package dev.roost.net;

import dev.roost.io.Listener;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.Selectable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A port that is open for TCP connections.
 *
 * {@snippet file="dev/roost/net/NetSamplesTest.java" region="listen"}
 *
 * <p>It belongs to the run that opened it, and is closed by it at the latest. Once the run has
 * ended, {@link #close} does nothing; while it goes on, no other thread may close it: hand that to
 * the run through a {@code Portal}. To serve everybody who connects, use {@link Serve}.
 */
public final class TcpListener implements Listener<TcpStream> {

  private final Acceptor<TcpStream> acceptor;

  /** Takes over a bound channel, also if it throws. */
  @SuppressWarnings("this-escape") // the run only keeps it, to close it at its end
  TcpListener(ServerSocketChannel channel) throws IOException {
    this.acceptor = new Acceptor<>(channel, this, TcpStream::new);
  }

  /**
   * Listens on a port of all addresses of this machine, IPv4 and IPv6. A port that was in use a
   * moment ago can be used again, except on Windows, where that would let others take it over. Not
   * a checkpoint.
   *
   * @param port the port; 0 for one that is free
   * @return the listener; the caller closes it
   * @throws IOException if the system refuses, such as when the port is in use
   * @throws IllegalArgumentException if the port is not one
   * @throws IllegalStateException outside a run
   */
  public static TcpListener open(int port) throws IOException {
    return Binding.everywhere(port);
  }

  /**
   * Listens on a port of one address; if that is the wildcard address, as for {@link #open(int)}.
   * Not a checkpoint.
   *
   * @param address the address, resolved, and the port, 0 for one that is free
   * @return the listener; the caller closes it
   * @throws IOException if the system refuses, such as when the port is in use; {@link
   *     java.net.UnknownHostException} if the address is not resolved
   * @throws IllegalStateException outside a run
   */
  public static TcpListener open(InetSocketAddress address) throws IOException {
    return Binding.at(address);
  }

  /**
   * Listens on a port of all addresses of this machine, like {@link #open(int)}, along with others
   * that share it: one listener for each run, so that one port is served by several runs, on
   * several cores. The system gives each connection to one of them, by itself (SO_REUSEPORT: Linux,
   * and most systems but Windows). All must belong to the same user. Where the system does not do
   * that, the runs of this JVM share one socket, and each connection goes to whichever of them
   * takes it first. Not a checkpoint.
   *
   * @param port the port; 0 for one that is free, which the others can then share by its number
   * @return the listener; the caller closes it
   * @throws IOException as for {@link #open(int)}
   * @throws IllegalArgumentException if the port is not one
   * @throws IllegalStateException outside a run
   */
  public static TcpListener openShared(int port) throws IOException {
    return Binding.shared(port);
  }

  /**
   * Listens on a port of every address that a host name has: those of {@code localhost} are often
   * one of IPv4 and one of IPv6. Addresses of a family that this machine does not support are left
   * out, unless that leaves none. With port 0 each listener gets a port of its own. A checkpoint.
   *
   * @param host a name, resolved by that of the {@link Network}, or a numeric address
   * @param port the port; 0 for free ones
   * @return the listeners, at least one; the caller closes them. If one fails, none is left open
   * @throws IOException if the host has no address, or the system refuses
   * @throws InterruptedException if cancelled; none is left open
   * @throws IllegalArgumentException if the host is empty or the port is not one
   * @throws IllegalStateException outside a run
   */
  public static List<TcpListener> openAll(String host, int port)
      throws IOException, InterruptedException {
    Targets.ensurePort("TcpListener.openAll", port, 0);
    Checkpoints.throwIfCancelled();
    List<InetAddress> addresses =
        Targets.resolve("TcpListener.openAll", host, Network.current().resolver());
    List<TcpListener> listeners = Binding.all(host, addresses, port, Binding::only);
    Checkpoints.letOthersRun();
    return listeners;
  }

  @Override
  public TcpStream accept() throws IOException, InterruptedException {
    return acceptor.accept();
  }

  /** Accepts without waiting; null if nobody is there, or whoever was there is gone again. */
  @Nullable TcpStream acceptNow() throws IOException {
    return acceptor.acceptNow();
  }

  /**
   * That somebody has connected, or that the listener is closed, as one of several things that a
   * task waits for: for {@code Select.on}. Whoever has connected may be gone before {@link #accept}
   * is called, which waits for the next one then. Not a checkpoint.
   *
   * @return a source that gives this listener
   */
  public Selectable<TcpListener> acceptable() {
    return Ready.toRead(this, acceptor.open());
  }

  /**
   * The address and port that it listens on, also after closing. Not a checkpoint.
   *
   * @return the address; the wildcard address if it listens on all
   */
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) acceptor.local();
  }

  /**
   * Closes the port at once; the streams that came from it stay. A task that waits in {@link
   * #accept} gets {@link ClosedChannelException}. Never waits, works whatever is cancelled, and
   * does nothing the second time, also after the run. Not a checkpoint.
   *
   * @throws IllegalStateException if it is still open, and the caller is no task of its run
   */
  @Override
  public void close() {
    acceptor.close();
  }

  /** Its address, and whether it is closed. */
  @Override
  public String toString() {
    return acceptor.toString();
  }
}
