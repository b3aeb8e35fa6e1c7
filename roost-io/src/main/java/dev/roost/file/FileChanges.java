package dev.roost.file;

import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/**
 * The part of {@link AsyncFiles} that makes, moves and removes files. What was begun is finished.
 */
abstract sealed class FileChanges extends FileQueries permits AsyncFiles {

  /**
   * Makes an empty file. A checkpoint.
   *
   * @param path the file
   * @param attributes what to set as it is made
   * @return the file
   * @throws IOException as for {@link Files#createFile}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static Path createFile(Path path, FileAttribute<?>... attributes)
      throws IOException, InterruptedException {
    return Sections.changing(() -> Files.createFile(path, attributes));
  }

  /**
   * Makes a folder. A checkpoint.
   *
   * @param folder the folder
   * @param attributes what to set as it is made
   * @return the folder
   * @throws IOException as for {@link Files#createDirectory}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static Path createDirectory(Path folder, FileAttribute<?>... attributes)
      throws IOException, InterruptedException {
    return Sections.changing(() -> Files.createDirectory(folder, attributes));
  }

  /**
   * Makes a folder and those above it, if they are not there. A checkpoint.
   *
   * @param folder the folder
   * @param attributes what to set as it is made
   * @return the folder
   * @throws IOException as for {@link Files#createDirectories}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static Path createDirectories(Path folder, FileAttribute<?>... attributes)
      throws IOException, InterruptedException {
    return Sections.changing(() -> Files.createDirectories(folder, attributes));
  }

  /**
   * Makes a symbolic link. A checkpoint.
   *
   * @param link the link
   * @param target where it leads to
   * @param attributes what to set as it is made
   * @return the link
   * @throws IOException as for {@link Files#createSymbolicLink}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static Path createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException, InterruptedException {
    return Sections.changing(() -> Files.createSymbolicLink(link, target, attributes));
  }

  /**
   * Gives a file another name. A checkpoint.
   *
   * @param link the name
   * @param existing the file
   * @return the name
   * @throws IOException as for {@link Files#createLink}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static Path createLink(Path link, Path existing) throws IOException, InterruptedException {
    return Sections.changing(() -> Files.createLink(link, existing));
  }

  /**
   * Makes an empty file with a new name. Who makes it removes it; see {@link AsyncFiles#tempFile}
   * for one that goes with its block. A checkpoint.
   *
   * @param prefix how its name begins
   * @param suffix how its name ends
   * @param attributes what to set as it is made
   * @return the file
   * @throws IOException as for {@link Files#createTempFile(String, String, FileAttribute...)}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static Path createTempFile(String prefix, String suffix, FileAttribute<?>... attributes)
      throws IOException, InterruptedException {
    return Sections.changing(() -> Files.createTempFile(prefix, suffix, attributes));
  }

  /**
   * Makes an empty file with a new name in a folder. A checkpoint.
   *
   * @param folder the folder
   * @param prefix how its name begins
   * @param suffix how its name ends
   * @param attributes what to set as it is made
   * @return the file
   * @throws IOException as for {@link Files#createTempFile(Path, String, String, FileAttribute...)}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static Path createTempFile(
      Path folder, String prefix, String suffix, FileAttribute<?>... attributes)
      throws IOException, InterruptedException {
    return Sections.changing(() -> Files.createTempFile(folder, prefix, suffix, attributes));
  }

  /**
   * Makes a folder with a new name. Who makes it removes it; see {@link AsyncFiles#tempDirectory}
   * for one that goes with its block. A checkpoint.
   *
   * @param prefix how its name begins
   * @param attributes what to set as it is made
   * @return the folder
   * @throws IOException as for {@link Files#createTempDirectory(String, FileAttribute...)}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static Path createTempDirectory(String prefix, FileAttribute<?>... attributes)
      throws IOException, InterruptedException {
    return Sections.changing(() -> Files.createTempDirectory(prefix, attributes));
  }

  /**
   * Makes a folder with a new name in another one. A checkpoint.
   *
   * @param folder the other one
   * @param prefix how its name begins
   * @param attributes what to set as it is made
   * @return the folder
   * @throws IOException as for {@link Files#createTempDirectory(Path, String, FileAttribute...)}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static Path createTempDirectory(Path folder, String prefix, FileAttribute<?>... attributes)
      throws IOException, InterruptedException {
    return Sections.changing(() -> Files.createTempDirectory(folder, prefix, attributes));
  }

  /**
   * Copies a file. If it is cancelled meanwhile, the copying is awaited. A checkpoint.
   *
   * @param source the file
   * @param target what it is copied to
   * @param options how
   * @return the target
   * @throws IOException as for {@link Files#copy(Path, Path, CopyOption...)}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static Path copy(Path source, Path target, CopyOption... options)
      throws IOException, InterruptedException {
    return Sections.changing(() -> Files.copy(source, target, options));
  }

  /**
   * Moves or renames a file or a folder. If it is cancelled meanwhile, the moving is awaited. A
   * checkpoint.
   *
   * @param source the file
   * @param target its new path
   * @param options how, such as {@code ATOMIC_MOVE}
   * @return the target
   * @throws IOException as for {@link Files#move}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static Path move(Path source, Path target, CopyOption... options)
      throws IOException, InterruptedException {
    return Sections.changing(() -> Files.move(source, target, options));
  }

  /**
   * Removes a file or an empty folder. A checkpoint.
   *
   * @param path the file
   * @throws IOException as for {@link Files#delete}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static void delete(Path path) throws IOException, InterruptedException {
    Sections.change(() -> Files.delete(path));
  }

  /**
   * Removes a file or an empty folder, if it is there. A checkpoint.
   *
   * @param path the file
   * @return true if it was there
   * @throws IOException as for {@link Files#deleteIfExists}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static boolean deleteIfExists(Path path) throws IOException, InterruptedException {
    return Sections.changing(() -> Files.deleteIfExists(path));
  }

  /**
   * Removes a folder and all that is in it, or a file, if it is there. Symbolic links are removed,
   * not followed. If it is cancelled meanwhile, the removing is awaited. A checkpoint.
   *
   * @param path the folder
   * @throws IOException as for {@link Files#delete}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static void deleteTree(Path path) throws IOException, InterruptedException {
    Sections.change(() -> Trees.delete(path));
  }

  /**
   * Says when a file was last changed. A checkpoint.
   *
   * @param path the file
   * @param time the time
   * @return the file
   * @throws IOException as for {@link Files#setLastModifiedTime}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static Path setLastModifiedTime(Path path, FileTime time)
      throws IOException, InterruptedException {
    return Sections.changing(() -> Files.setLastModifiedTime(path, time));
  }

  /**
   * Sets one of the attributes of a file. A checkpoint.
   *
   * @param path the file
   * @param attribute its name, such as {@code "dos:hidden"}
   * @param value its value
   * @param options whether to follow symbolic links, which is done if not said otherwise
   * @return the file
   * @throws IOException as for {@link Files#setAttribute}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static Path setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException, InterruptedException {
    return Sections.changing(() -> Files.setAttribute(path, attribute, value, options));
  }

  /**
   * Says who may do what with a file. A checkpoint.
   *
   * @param path the file
   * @param permissions the permissions
   * @return the file
   * @throws IOException as for {@link Files#setPosixFilePermissions}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static Path setPosixFilePermissions(Path path, Set<PosixFilePermission> permissions)
      throws IOException, InterruptedException {
    return Sections.changing(() -> Files.setPosixFilePermissions(path, permissions));
  }

  /**
   * Says whom a file belongs to. A checkpoint.
   *
   * @param path the file
   * @param owner the owner
   * @return the file
   * @throws IOException as for {@link Files#setOwner}
   * @throws InterruptedException if cancelled; nothing was done then
   * @throws IllegalStateException outside a run
   */
  public static Path setOwner(Path path, UserPrincipal owner)
      throws IOException, InterruptedException {
    return Sections.changing(() -> Files.setOwner(path, owner));
  }
}
