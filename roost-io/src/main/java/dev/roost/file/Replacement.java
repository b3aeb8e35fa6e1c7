package dev.roost.file;

import dev.roost.AsyncConsumer;
import dev.roost.CancelScope;
import dev.roost.CheckReturnValue;
import dev.roost.lowlevel.Checkpoints;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Objects;
import java.util.UUID;

/**
 * Writes a file so that everybody sees either all of what was there before, or all of what is
 * written, and never a part: it is written beside the file, under another name, and then takes its
 * place in one step. If the writing fails or is cancelled, the file is as it was before.
 *
 * {@snippet file="dev/roost/file/FileSamplesTest.java" region="replace"}
 *
 * <p>A file that was there keeps its permissions; a symbolic link stays, and where it leads to is
 * written. Immutable.
 */
@CheckReturnValue
public final class Replacement {

  private final Path path;
  private final boolean synced;

  Replacement(Path path, boolean synced) {
    this.path = path;
    this.synced = synced;
  }

  /**
   * The same, and has it all written to the disk: after a crash of the machine, too, there is the
   * one content or the other, and the new one if the call had returned.
   *
   * @return a changed copy
   */
  public Replacement synced() {
    return new Replacement(path, true);
  }

  /**
   * Writes bytes. A checkpoint.
   *
   * @param bytes the new content
   * @throws IOException if it cannot be written
   * @throws InterruptedException if cancelled; the file is as it was before
   * @throws IllegalStateException outside a run
   */
  public void write(byte[] bytes) throws IOException, InterruptedException {
    run(file -> file.write(bytes));
  }

  /**
   * Writes a text in UTF-8. A checkpoint.
   *
   * @param utf8 the new content
   * @throws IOException if it cannot be written
   * @throws InterruptedException if cancelled; the file is as it was before
   * @throws IllegalStateException outside a run
   */
  public void write(CharSequence utf8) throws IOException, InterruptedException {
    run(file -> file.write(utf8));
  }

  /**
   * Writes whatever a block writes. A checkpoint.
   *
   * @param body writes the new content; it need not close the file
   * @param <X> what it may throw
   * @throws X what the body throws; the file is as it was before
   * @throws IOException if it cannot be written
   * @throws InterruptedException if cancelled; the file is as it was before
   * @throws IllegalStateException outside a run
   */
  public <X extends Exception> void run(AsyncConsumer<? super AsyncFile, X> body)
      throws X, IOException, InterruptedException {
    Objects.requireNonNull(body, "Replacement.run: the body is null");
    Path target = Sections.look(() -> Files.exists(path) ? path.toRealPath() : path);
    Path beside =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (AsyncFile file = create(beside)) {
        body.accept(file);
        if (synced) {
          file.force(true);
        }
      }
      Sections.change(() -> moveInto(target, beside));
    } catch (Throwable t) {
      try {
        Sections.shielded(() -> Files.deleteIfExists(beside));
      } catch (Throwable onTop) {
        t.addSuppressed(onTop);
      }
      throw t;
    }
  }

  /** Not to be left behind: the file might come to be after it was removed. */
  private static AsyncFile create(Path path) throws IOException, InterruptedException {
    Checkpoints.throwIfCancelled();
    return CancelScope.create()
        .shielded()
        .call(() -> AsyncFile.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
        .orElseThrow();
  }

  private void moveInto(Path target, Path beside) throws IOException {
    copyPermissions(target, beside);
    Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    if (synced) {
      syncFolder(target);
    }
  }

  private static void copyPermissions(Path from, Path to) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (view != null && Files.exists(from)) {
      view.setPermissions(Files.getPosixFilePermissions(from));
    }
  }

  /** So that the new name is on the disk. Only where folders can be opened, as on POSIX. */
  private static void syncFolder(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** The file. */
  @Override
  public String toString() {
    return "Replacement[" + path + (synced ? ", synced]" : "]");
  }
}
