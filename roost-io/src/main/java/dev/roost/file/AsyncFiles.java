package dev.roost.file;

import dev.roost.CheckReturnValue;
import dev.roost.channel.ReceiveChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * The methods of {@link Files}, without keeping the other tasks waiting for the disk. Each call
 * runs on a helper thread.
 *
 * {@snippet file="dev/roost/file/FileSamplesTest.java" region="files"}
 *
 * <p>What only looks (reading, listing, asking) ends at once when it is cancelled, and leaves the
 * system call behind, which may be stuck: a dead network drive, a FIFO. What changes something is
 * not begun if the task is cancelled before; if it has begun it is finished, and the next
 * checkpoint throws: so nothing goes on behind the back of whoever was cancelled. What writes into
 * a file that it opens can be cancelled in the opening and between pieces of 256 KB.
 *
 * <p>Lines, folders and trees come as channels. Those have no task behind them: they fetch some
 * items when one is wanted, so that a slow receiver costs no memory. They are closed by whoever
 * opened them, which closes the file or the folder too. An error while receiving is an {@link
 * java.io.UncheckedIOException}.
 */
public final class AsyncFiles extends FileChanges {

  private AsyncFiles() {}

  // ---- reading

  /**
   * Reads a whole file. A checkpoint.
   *
   * @param path the file
   * @return its bytes
   * @throws IOException as for {@link Files#readAllBytes}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static byte[] readAllBytes(Path path) throws IOException, InterruptedException {
    return Sections.look(() -> Files.readAllBytes(path));
  }

  /**
   * Reads a whole text file in UTF-8. A checkpoint.
   *
   * @param path the file
   * @return the text
   * @throws IOException as for {@link Files#readString(Path)}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static String readString(Path path) throws IOException, InterruptedException {
    return Sections.look(() -> Files.readString(path));
  }

  /**
   * Reads a whole text file. A checkpoint.
   *
   * @param path the file
   * @param charset how the text is encoded
   * @return the text
   * @throws IOException as for {@link Files#readString(Path, Charset)}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static String readString(Path path, Charset charset)
      throws IOException, InterruptedException {
    return Sections.look(() -> Files.readString(path, charset));
  }

  /**
   * Reads the lines of a whole text file in UTF-8; for a big one, see {@link #lines(Path)}. A
   * checkpoint.
   *
   * @param path the file
   * @return the lines
   * @throws IOException as for {@link Files#readAllLines(Path)}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static List<String> readAllLines(Path path) throws IOException, InterruptedException {
    return Sections.look(() -> Files.readAllLines(path));
  }

  /**
   * Reads the lines of a whole text file. A checkpoint.
   *
   * @param path the file
   * @param charset how the text is encoded
   * @return the lines
   * @throws IOException as for {@link Files#readAllLines(Path, Charset)}
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public static List<String> readAllLines(Path path, Charset charset)
      throws IOException, InterruptedException {
    return Sections.look(() -> Files.readAllLines(path, charset));
  }

  /**
   * The lines of a text file in UTF-8, as a channel. A checkpoint.
   *
   * @param path the file
   * @return the lines; the caller closes it
   * @throws IOException if it cannot be opened
   * @throws InterruptedException if cancelled; the file is not left open
   * @throws IllegalStateException outside a run
   */
  @CheckReturnValue
  public static ReceiveChannel<String> lines(Path path) throws IOException, InterruptedException {
    return lines(path, StandardCharsets.UTF_8);
  }

  /**
   * The lines of a text file, as a channel. A checkpoint.
   *
   * @param path the file
   * @param charset how the text is encoded; what is not encoded so is an error
   * @return the lines; the caller closes it
   * @throws IOException if it cannot be opened
   * @throws InterruptedException if cancelled; the file is not left open
   * @throws IllegalStateException outside a run
   */
  @CheckReturnValue
  public static ReceiveChannel<String> lines(Path path, Charset charset)
      throws IOException, InterruptedException {
    BufferedReader reader = Sections.open(() -> Files.newBufferedReader(path, charset));
    return new PullChannel<>("the lines of " + path, Batches.lines(reader));
  }

  // ---- writing

  /**
   * Writes a whole file, or what the options say. A checkpoint.
   *
   * @param path the file
   * @param bytes the bytes
   * @param options how to open the file; if there are none: it is made or emptied
   * @return the file
   * @throws IOException as for {@link Files#write(Path, byte[], OpenOption...)}
   * @throws InterruptedException if cancelled; a part may have been written then, see {@link
   *     #replacing} for all or nothing
   * @throws IllegalStateException outside a run
   */
  public static Path write(Path path, byte[] bytes, OpenOption... options)
      throws IOException, InterruptedException {
    try (AsyncFile file = AsyncFile.open(path, forWriting(options))) {
      file.write(bytes);
    }
    return path;
  }

  /**
   * Writes lines in UTF-8. A checkpoint.
   *
   * @param path the file
   * @param lines the lines, each of which gets a line separator
   * @param options how to open the file; if there are none: it is made or emptied
   * @return the file
   * @throws IOException as for {@link Files#write(Path, Iterable, OpenOption...)}
   * @throws InterruptedException if cancelled; a part may have been written then
   * @throws IllegalStateException outside a run
   */
  public static Path write(Path path, Iterable<? extends CharSequence> lines, OpenOption... options)
      throws IOException, InterruptedException {
    StringBuilder all = new StringBuilder();
    lines.forEach(line -> all.append(line).append(System.lineSeparator()));
    return writeString(path, all, options);
  }

  /**
   * Writes a text in UTF-8. A checkpoint.
   *
   * @param path the file
   * @param text the text
   * @param options how to open the file; if there are none: it is made or emptied
   * @return the file
   * @throws IOException as for {@link Files#writeString(Path, CharSequence, OpenOption...)}
   * @throws InterruptedException if cancelled; a part may have been written then
   * @throws IllegalStateException outside a run
   */
  public static Path writeString(Path path, CharSequence text, OpenOption... options)
      throws IOException, InterruptedException {
    return writeString(path, text, StandardCharsets.UTF_8, options);
  }

  /**
   * Writes a text. A checkpoint.
   *
   * @param path the file
   * @param text the text
   * @param charset how to encode it
   * @param options how to open the file; if there are none: it is made or emptied
   * @return the file
   * @throws IOException as for {@link Files#writeString(Path, CharSequence, Charset,
   *     OpenOption...)}
   * @throws InterruptedException if cancelled; a part may have been written then
   * @throws IllegalStateException outside a run
   */
  public static Path writeString(
      Path path, CharSequence text, Charset charset, OpenOption... options)
      throws IOException, InterruptedException {
    return write(path, text.toString().getBytes(charset), options);
  }

  private static OpenOption[] forWriting(OpenOption... options) {
    if (options.length == 0) {
      return new OpenOption[] {
        StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE
      };
    }
    return Stream.concat(Stream.of(options), Stream.of(StandardOpenOption.WRITE))
        .distinct()
        .toArray(OpenOption[]::new);
  }

  /**
   * Writes a whole file in one step: all or nothing. Not a checkpoint: that is what is called on
   * it.
   *
   * @param path the file
   * @return what to write with
   */
  public static Replacement replacing(Path path) {
    return new Replacement(path, false);
  }

  // ---- folders

  /**
   * What is in a folder, as a channel, in no particular order. A checkpoint.
   *
   * @param folder the folder
   * @return the files and folders in it; the caller closes it
   * @throws IOException as for {@link Files#list}
   * @throws InterruptedException if cancelled; the folder is not left open
   * @throws IllegalStateException outside a run
   */
  @CheckReturnValue
  @SuppressWarnings("StreamResourceLeak") // the channel closes it
  public static ReceiveChannel<Path> list(Path folder) throws IOException, InterruptedException {
    return paths("what is in " + folder, () -> Files.list(folder));
  }

  /**
   * A folder and all that is below it, as a channel, each folder before what is in it. A
   * checkpoint.
   *
   * @param start the folder
   * @param options whether to follow symbolic links
   * @return the paths; the caller closes it
   * @throws IOException as for {@link Files#walk(Path, FileVisitOption...)}
   * @throws InterruptedException if cancelled; no folder is left open
   * @throws IllegalStateException outside a run
   */
  @CheckReturnValue
  public static ReceiveChannel<Path> walk(Path start, FileVisitOption... options)
      throws IOException, InterruptedException {
    return walk(start, Integer.MAX_VALUE, options);
  }

  /**
   * A folder and what is below it, as a channel, each folder before what is in it. A checkpoint.
   *
   * @param start the folder
   * @param maxDepth how many levels; 0 is the folder alone
   * @param options whether to follow symbolic links
   * @return the paths; the caller closes it
   * @throws IOException as for {@link Files#walk(Path, int, FileVisitOption...)}
   * @throws InterruptedException if cancelled; no folder is left open
   * @throws IllegalStateException outside a run
   */
  @CheckReturnValue
  @SuppressWarnings("StreamResourceLeak") // the channel closes it
  public static ReceiveChannel<Path> walk(Path start, int maxDepth, FileVisitOption... options)
      throws IOException, InterruptedException {
    return paths("what is below " + start, () -> Files.walk(start, maxDepth, options));
  }

  /**
   * What is below a folder and matches, as a channel. A checkpoint.
   *
   * @param start the folder
   * @param maxDepth how many levels
   * @param matcher says what matches; called on a helper thread, where nothing of the run may be
   *     touched
   * @param options whether to follow symbolic links
   * @return the paths; the caller closes it
   * @throws IOException as for {@link Files#find}
   * @throws InterruptedException if cancelled; no folder is left open
   * @throws IllegalStateException outside a run
   */
  @CheckReturnValue
  @SuppressWarnings("StreamResourceLeak") // the channel closes it
  public static ReceiveChannel<Path> find(
      Path start,
      int maxDepth,
      BiPredicate<Path, BasicFileAttributes> matcher,
      FileVisitOption... options)
      throws IOException, InterruptedException {
    return paths(
        "what was found below " + start, () -> Files.find(start, maxDepth, matcher, options));
  }

  /** How paths are found. */
  private interface Opening {
    Stream<Path> open() throws IOException;
  }

  private static ReceiveChannel<Path> paths(String name, Opening opening)
      throws IOException, InterruptedException {
    return new PullChannel<>(name, Sections.open(() -> Batches.of(opening.open())));
  }

  /**
   * What changes in a folder from now on, as a channel; not in the folders in it. A checkpoint. The
   * channel ends when the folder is gone. While a task receives from it, a virtual clock does not
   * jump.
   *
   * @param folder the folder
   * @return the changes; the caller closes it
   * @throws IOException if it cannot be watched
   * @throws InterruptedException if cancelled; nothing is left open
   * @throws IllegalStateException outside a run
   */
  @CheckReturnValue
  public static ReceiveChannel<FileChange> watch(Path folder)
      throws IOException, InterruptedException {
    FolderWatch watch = Sections.open(() -> FolderWatch.open(folder));
    return new PullChannel<>("what changes in " + folder, watch);
  }

  // ---- temporary files

  /**
   * A temporary file that is gone with its block. Not a checkpoint.
   *
   * @param prefix how its name begins
   * @param suffix how its name ends
   * @return what runs the block
   */
  public static Temporary tempFile(String prefix, String suffix) {
    return new Temporary(() -> Files.createTempFile(prefix, suffix));
  }

  /**
   * A temporary folder that is gone with its block, with all that is in it. Not a checkpoint.
   *
   * @param prefix how its name begins
   * @return what runs the block
   */
  public static Temporary tempDirectory(String prefix) {
    return new Temporary(() -> Files.createTempDirectory(prefix));
  }
}
