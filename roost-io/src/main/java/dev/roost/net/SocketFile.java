package dev.roost.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The file that a Unix socket is found by: how it comes to be, and how it goes.
 *
 * <p>A file in the way is taken away only if it is a socket at which nobody listens. Another
 * program may do the same at the same moment. So the file is first moved aside, which only one of
 * the two can do, and looked at again there; if it has become the other's new socket meanwhile, it
 * is moved back.
 */
final class SocketFile {

  private static final int BACKLOG = 4_096;
  private static final int TYPE_OF_FILE = 0xF000;
  private static final int SOCKET = 0xC000;
  private static final FileAttribute<?> FOR_US_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path path;
  private final ServerSocketChannel channel;

  /** Which file it is. The system gives this to no other file while the socket is open. */
  private final @Nullable Object key;

  private SocketFile(Path path, ServerSocketChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.key = keyOf(path);
  }

  Path path() {
    return path;
  }

  ServerSocketChannel channel() {
    return channel;
  }

  static SocketFile bind(Path path, Optional<Set<PosixFilePermission>> permissions)
      throws IOException {
    try {
      return bindOrReplace(path, permissions);
    } catch (FileAlreadyExistsException | SocketException e) {
      BindException named = new BindException("Cannot listen at " + path + ": " + reason(path, e));
      named.initCause(e);
      throw named;
    }
  }

  private static String reason(Path path, IOException error) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return String.valueOf(error.getMessage());
    }
    return isSocket(path)
        ? "another program listens there"
        : "there is a file of another kind, which is left alone";
  }

  private static SocketFile bindOrReplace(Path path, Optional<Set<PosixFilePermission>> permissions)
      throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      removeIfStale(path);
    }
    return bindNow(path, permissions); // fails if there is still a file, and says why
  }

  private static SocketFile bindNow(Path path, Optional<Set<PosixFilePermission>> permissions)
      throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      if (permissions.isEmpty()) {
        channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
      } else {
        bindInPrivate(channel, path, permissions.get());
      }
      return new SocketFile(path, channel);
    } catch (Throwable t) {
      OpenChannel.discard(channel, t);
      throw t;
    }
  }

  /**
   * Binds in a folder that nobody else can look into, sets the permissions there, and then gives
   * the file its name. That fails if the name is taken.
   */
  private static void bindInPrivate(
      ServerSocketChannel channel, Path path, Set<PosixFilePermission> permissions)
      throws IOException {
    Path folder = beside(path);
    Files.createDirectory(folder, FOR_US_ALONE);
    Path first = folder.resolve("s");
    try {
      channel.bind(UnixDomainSocketAddress.of(first), BACKLOG);
      Files.setPosixFilePermissions(first, permissions);
      Files.createLink(path, first);
    } finally {
      Files.deleteIfExists(first);
      Files.delete(folder);
    }
  }

  /** A name that nobody uses; short, because the path of a socket may have some 100 bytes only. */
  private static Path beside(Path path) {
    int number = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
    return path.resolveSibling(".r" + Integer.toString(number, Character.MAX_RADIX));
  }

  private static void removeIfStale(Path path) throws IOException {
    if (!isSocket(path) || isListenedAt(path)) {
      return;
    }
    Path aside = beside(path);
    try {
      Files.move(path, aside);
    } catch (NoSuchFileException e) {
      return; // another program has removed it
    }
    try {
      if (isListenedAt(aside)) { // another program was faster, and this is its new one
        Files.createLink(path, aside);
      }
    } finally {
      Files.delete(aside);
    }
  }

  private static boolean isSocket(Path path) throws IOException {
    try {
      return Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS)
              instanceof Integer mode
          && (mode & TYPE_OF_FILE) == SOCKET;
    } catch (UnsupportedOperationException e) { // not Unix: there is nothing better to go by
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isOther();
    }
  }

  /** Somebody who has no room for us listens too: then the connection is pending. */
  private static boolean isListenedAt(Path path) throws IOException {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false);
      probe.connect(UnixDomainSocketAddress.of(path));
      return true;
    } catch (ConnectException refused) {
      return false;
    } catch (SocketException e) {
      return true; // it cannot be told: better to leave it alone
    }
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  /** Removes the file, if it is still this one; before the socket is closed. */
  void remove() {
    try {
      if (Objects.equals(key, keyOf(path))) {
        Files.delete(path);
      }
    } catch (NoSuchFileException e) {
      return; // somebody has removed it before us
    } catch (IOException e) {
      throw new UncheckedIOException("The socket file " + path + " cannot be removed.", e);
    }
  }
}
