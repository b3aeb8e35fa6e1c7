package dev.roost.file;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The part of {@link AsyncFiles} that asks about files. When cancelled, it leaves the question
 * behind.
 */
abstract sealed class FileQueries permits FileChanges {

  /**
   * Whether a file or folder is there. A checkpoint.
   *
   * @param path the file
   * @param options whether to follow symbolic links, which is done if not said otherwise
   * @return true if it is there; false also if that cannot be found out
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static boolean exists(Path path, LinkOption... options) throws InterruptedException {
    return Sections.look(() -> Files.exists(path, options));
  }

  /**
   * Whether a file or folder is known not to be there. A checkpoint.
   *
   * @param path the file
   * @param options whether to follow symbolic links, which is done if not said otherwise
   * @return true if it is not there; false also if that cannot be found out
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static boolean notExists(Path path, LinkOption... options) throws InterruptedException {
    return Sections.look(() -> Files.notExists(path, options));
  }

  /**
   * Whether it is a folder. A checkpoint.
   *
   * @param path the file
   * @param options whether to follow symbolic links, which is done if not said otherwise
   * @return true if it is there and is one
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static boolean isDirectory(Path path, LinkOption... options) throws InterruptedException {
    return Sections.look(() -> Files.isDirectory(path, options));
  }

  /**
   * Whether it is a regular file. A checkpoint.
   *
   * @param path the file
   * @param options whether to follow symbolic links, which is done if not said otherwise
   * @return true if it is there and is one
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static boolean isRegularFile(Path path, LinkOption... options)
      throws InterruptedException {
    return Sections.look(() -> Files.isRegularFile(path, options));
  }

  /**
   * Whether it is a symbolic link. A checkpoint.
   *
   * @param path the file
   * @return true if it is there and is one
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static boolean isSymbolicLink(Path path) throws InterruptedException {
    return Sections.look(() -> Files.isSymbolicLink(path));
  }

  /**
   * Whether this program may read it. A checkpoint.
   *
   * @param path the file
   * @return true if it is there and may be read
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static boolean isReadable(Path path) throws InterruptedException {
    return Sections.look(() -> Files.isReadable(path));
  }

  /**
   * Whether this program may write it. A checkpoint.
   *
   * @param path the file
   * @return true if it is there and may be written
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static boolean isWritable(Path path) throws InterruptedException {
    return Sections.look(() -> Files.isWritable(path));
  }

  /**
   * Whether this program may execute it. A checkpoint.
   *
   * @param path the file
   * @return true if it is there and may be executed
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static boolean isExecutable(Path path) throws InterruptedException {
    return Sections.look(() -> Files.isExecutable(path));
  }

  /**
   * Whether it is hidden. A checkpoint.
   *
   * @param path the file
   * @return true if it is
   * @throws IOException as for {@link Files#isHidden}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static boolean isHidden(Path path) throws IOException, InterruptedException {
    return Sections.look(() -> Files.isHidden(path));
  }

  /**
   * Whether two paths lead to the same file. A checkpoint.
   *
   * @param path the file
   * @param other another path
   * @return true if they do
   * @throws IOException as for {@link Files#isSameFile}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static boolean isSameFile(Path path, Path other) throws IOException, InterruptedException {
    return Sections.look(() -> Files.isSameFile(path, other));
  }

  /**
   * Where two files differ. A checkpoint.
   *
   * @param path the file
   * @param other another file
   * @return the position of the first byte that differs, -1 if none does
   * @throws IOException as for {@link Files#mismatch}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static long mismatch(Path path, Path other) throws IOException, InterruptedException {
    return Sections.look(() -> Files.mismatch(path, other));
  }

  /**
   * How big a file is. A checkpoint.
   *
   * @param path the file
   * @return the number of bytes
   * @throws IOException as for {@link Files#size}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static long size(Path path) throws IOException, InterruptedException {
    return Sections.look(() -> Files.size(path));
  }

  /**
   * What kind of content a file has, by its name or its beginning. A checkpoint.
   *
   * @param path the file
   * @return the type, such as {@code text/plain}; empty if it is not known
   * @throws IOException as for {@link Files#probeContentType}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static Optional<String> probeContentType(Path path)
      throws IOException, InterruptedException {
    return Sections.look(() -> Optional.ofNullable(Files.probeContentType(path)));
  }

  /**
   * When a file was last changed. A checkpoint.
   *
   * @param path the file
   * @param options whether to follow symbolic links, which is done if not said otherwise
   * @return the time
   * @throws IOException as for {@link Files#getLastModifiedTime}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static FileTime getLastModifiedTime(Path path, LinkOption... options)
      throws IOException, InterruptedException {
    return Sections.look(() -> Files.getLastModifiedTime(path, options));
  }

  /**
   * What the system knows about a file. A checkpoint.
   *
   * @param path the file
   * @param type which attributes, such as {@code BasicFileAttributes.class}
   * @param options whether to follow symbolic links, which is done if not said otherwise
   * @param <A> the attributes
   * @return the attributes
   * @throws IOException as for {@link Files#readAttributes(Path, Class, LinkOption...)}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException, InterruptedException {
    return Sections.look(() -> Files.readAttributes(path, type, options));
  }

  /**
   * What the system knows about a file, by name. A checkpoint.
   *
   * @param path the file
   * @param attributes which, such as {@code "unix:*"}
   * @param options whether to follow symbolic links, which is done if not said otherwise
   * @return names and values
   * @throws IOException as for {@link Files#readAttributes(Path, String, LinkOption...)}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static Map<String, Object> readAttributes(
      Path path, String attributes, LinkOption... options)
      throws IOException, InterruptedException {
    return Sections.look(() -> Files.readAttributes(path, attributes, options));
  }

  /**
   * One thing that the system knows about a file, by name. A checkpoint.
   *
   * @param path the file
   * @param attribute which, such as {@code "unix:mode"}
   * @param options whether to follow symbolic links, which is done if not said otherwise
   * @return its value
   * @throws IOException as for {@link Files#getAttribute}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static Object getAttribute(Path path, String attribute, LinkOption... options)
      throws IOException, InterruptedException {
    return Sections.look(() -> Files.getAttribute(path, attribute, options));
  }

  /**
   * Which device or volume a file is on. A checkpoint; what is asked of the result is none, and may
   * take long.
   *
   * @param path the file
   * @return the device or volume
   * @throws IOException as for {@link Files#getFileStore}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static FileStore getFileStore(Path path) throws IOException, InterruptedException {
    return Sections.look(() -> Files.getFileStore(path));
  }

  /**
   * Who may do what with a file. A checkpoint.
   *
   * @param path the file
   * @param options whether to follow symbolic links, which is done if not said otherwise
   * @return the permissions
   * @throws IOException as for {@link Files#getPosixFilePermissions}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static Set<PosixFilePermission> getPosixFilePermissions(Path path, LinkOption... options)
      throws IOException, InterruptedException {
    return Sections.look(() -> Files.getPosixFilePermissions(path, options));
  }

  /**
   * Whom a file belongs to. A checkpoint.
   *
   * @param path the file
   * @param options whether to follow symbolic links, which is done if not said otherwise
   * @return the owner
   * @throws IOException as for {@link Files#getOwner}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static UserPrincipal getOwner(Path path, LinkOption... options)
      throws IOException, InterruptedException {
    return Sections.look(() -> Files.getOwner(path, options));
  }

  /**
   * Where a symbolic link leads to. A checkpoint.
   *
   * @param link the link
   * @return what it says
   * @throws IOException as for {@link Files#readSymbolicLink}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static Path readSymbolicLink(Path link) throws IOException, InterruptedException {
    return Sections.look(() -> Files.readSymbolicLink(link));
  }

  /**
   * The path without links, dots and relative beginnings. A checkpoint.
   *
   * @param path the file
   * @param options whether to follow symbolic links, which is done if not said otherwise
   * @return the real path
   * @throws IOException as for {@link Path#toRealPath}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static Path toRealPath(Path path, LinkOption... options)
      throws IOException, InterruptedException {
    return Sections.look(() -> path.toRealPath(options));
  }
}
