package dev.roost.net;

import dev.roost.io.Listener;
import dev.roost.lowlevel.Selectable;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A Unix socket that is open for connections: a place in the file system, where other programs on
 * this machine find it.
 *
 * {@snippet file="dev/roost/net/UnixSamplesTest.java" region="listen"}
 *
 * <p>A socket that a program left behind when it was killed is replaced; one that somebody listens
 * at is not, and neither is any other file. When the listener is closed, its file is removed,
 * unless that has become somebody else's meanwhile.
 *
 * <p>It belongs to the run that opened it, and is closed by it at the latest. Once the run has
 * ended, {@link #close} does nothing; while it goes on, no other thread may close it: hand that to
 * the run through a {@code Portal}. To serve everybody who connects, use {@link Serve#listeners}.
 */
public final class UnixListener implements Listener<UnixStream> {

  private final SocketFile file;
  private final Acceptor<UnixStream> acceptor;

  /** Takes over a bound channel, also if it throws. */
  @SuppressWarnings("this-escape") // the run only keeps it, to close it at its end
  private UnixListener(SocketFile file) throws IOException {
    this.file = file;
    try {
      UnixDomainSocketAddress address = UnixDomainSocketAddress.of(file.path());
      this.acceptor =
          new Acceptor<>(
              file.channel(), this, channel -> UnixStream.accepted(channel, address), address);
    } catch (Throwable t) {
      file.remove();
      throw t;
    }
  }

  /**
   * Listens at a path. Who may connect is decided by the permissions of its folder and by the umask
   * of the process. Not a checkpoint.
   *
   * @param path where the socket is to be in the file system
   * @return the listener; the caller closes it
   * @throws IOException if the system refuses; {@link java.net.BindException} if somebody listens
   *     there, or it is a file of another kind
   * @throws IllegalStateException outside a run
   */
  public static UnixListener open(Path path) throws IOException {
    return new UnixListener(SocketFile.bind(absolute(path), Optional.empty()));
  }

  /**
   * Listens at a path, with permissions that it has from the first moment on: nobody else gets in
   * before they are set. Not a checkpoint.
   *
   * {@snippet file="dev/roost/net/UnixSamplesTest.java" region="permissions"}
   *
   * @param path where the socket is to be in the file system
   * @param permissions of the socket; whoever is to connect needs that to write
   * @return the listener; the caller closes it
   * @throws IOException as for {@link #open(Path)}
   * @throws UnsupportedOperationException if the file system has no such permissions
   * @throws IllegalStateException outside a run
   */
  public static UnixListener open(Path path, Set<PosixFilePermission> permissions)
      throws IOException {
    Objects.requireNonNull(permissions, "UnixListener.open: the permissions are null");
    return new UnixListener(SocketFile.bind(absolute(path), Optional.of(Set.copyOf(permissions))));
  }

  private static Path absolute(Path path) {
    return Objects.requireNonNull(path, "UnixListener.open: the path is null").toAbsolutePath();
  }

  @Override
  public UnixStream accept() throws IOException, InterruptedException {
    return acceptor.accept();
  }

  /**
   * That somebody has connected, or that the listener is closed, as one of several things that a
   * task waits for: for {@code Select.on}. Whoever has connected may be gone before {@link #accept}
   * is called, which waits for the next one then. Not a checkpoint.
   *
   * @return a source that gives this listener
   */
  public Selectable<UnixListener> acceptable() {
    return Ready.toRead(this, acceptor.open());
  }

  /**
   * The address that it listens at, also after closing. Not a checkpoint.
   *
   * @return the address, with an absolute path
   */
  public UnixDomainSocketAddress localAddress() {
    return (UnixDomainSocketAddress) acceptor.local();
  }

  /**
   * Removes the file and closes the socket at once; the streams that came from it stay. A task that
   * waits in {@link #accept} gets {@link ClosedChannelException}. Never waits, works whatever is
   * cancelled, and does nothing the second time, also after the run. Not a checkpoint.
   *
   * @throws java.io.UncheckedIOException if the file cannot be removed; the socket is closed
   * @throws IllegalStateException if it is still open, and the caller is no task of its run
   */
  @Override
  public void close() {
    acceptor.close(file::remove);
  }

  /** Its address, and whether it is closed. */
  @Override
  public String toString() {
    return acceptor.toString();
  }
}
