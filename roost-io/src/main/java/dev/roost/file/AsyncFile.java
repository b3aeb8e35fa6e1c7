package dev.roost.file;

import dev.roost.CheckReturnValue;
import dev.roost.io.Direction;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.Readiness;
import dev.roost.lowlevel.RunBinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;

/**
 * An open file.
 *
 * {@snippet file="dev/roost/file/FileSamplesTest.java" region="file"}
 *
 * <p>It has a position, at which {@link #read(ByteBuffer)} and {@link #write(ByteBuffer)} go on,
 * one task at a time; {@link #read(ByteBuffer, long)} and {@link #write(ByteBuffer, long)} do not
 * look at it, and any number of tasks may call them at once.
 *
 * <p>Cancelling does the file no harm. (The JDK closes a {@link FileChannel} whose thread is
 * interrupted; that never happens here.) A read that is cancelled did not happen: the system call
 * is left behind, its result dropped, the position stays. A write that is cancelled has written
 * what the position of its buffer tells, and is awaited: at most 256 KB, then it stops. For what is
 * no regular file, such as a FIFO, which may keep one waiting for ever: a read that is cancelled is
 * left behind, and what it brings is for the next one; so is a write, and its bytes count as
 * written.
 *
 * <p>It belongs to the run that opened it, and is closed by it at the latest; methods throw {@link
 * IllegalStateException} outside that run.
 */
public final class AsyncFile implements AutoCloseable {

  /**
   * The most that one system call reads or writes, and so the most that a cancelled task waits for.
   */
  static final int CHUNK = 256 * 1024;

  private final Path path;
  private final FileChannel channel;
  private final Transfer sequential;
  private final RunBinding binding = new RunBinding();
  private final Readiness.Opened opened;
  private final Direction moving = new Direction("reading or writing at the position of");
  private boolean closed;

  @SuppressWarnings("this-escape") // the run only keeps it, to close it at its end
  private AsyncFile(Path path, FileChannel channel, boolean regular) {
    this.path = path;
    this.channel = channel;
    this.sequential = regular ? new RegularTransfer(channel) : new StreamTransfer(channel);
    binding.check("AsyncFile");
    this.opened = Readiness.opened(this);
  }

  /**
   * Opens a file. A checkpoint. If it is cancelled, it returns at once, also if the system is stuck
   * in opening (a FIFO without a writer, a network drive that is gone): if the file is open after
   * all one day, it is closed.
   *
   * @param path the file
   * @param options how to open it, as for {@link FileChannel#open(Path, OpenOption...)}: for
   *     reading if there are none
   * @return the file; the caller closes it
   * @throws IOException if it cannot be opened
   * @throws InterruptedException if cancelled; it may have been created then
   * @throws IllegalStateException outside a run
   */
  @CheckReturnValue
  public static AsyncFile open(Path path, OpenOption... options)
      throws IOException, InterruptedException {
    Objects.requireNonNull(path, "AsyncFile.open: the path is null");
    Set<OpenOption> all = Set.of(options);
    FileChannel channel = Sections.open(() -> FileChannel.open(path, all));
    try {
      // Appending is sequential whatever the file is: only the system knows where its end is.
      boolean regular =
          !all.contains(StandardOpenOption.APPEND)
              && Sections.look(() -> Files.isRegularFile(path));
      return new AsyncFile(path, channel, regular);
    } catch (Throwable t) {
      channel.close();
      throw t;
    }
  }

  // ---- at the position

  /**
   * Reads what there is from the position on, and moves it. A checkpoint.
   *
   * @param dst where to put the bytes; has room for at least one
   * @return how many there were, at least 1; or -1 at the end of the file
   * @throws ClosedChannelException if the file is closed
   * @throws IOException if it cannot be read
   * @throws InterruptedException if cancelled; nothing was read
   * @throws IllegalArgumentException if {@code dst} has no room
   * @throws dev.roost.BusyResourceException if another task reads or writes at the position
   */
  public int read(ByteBuffer dst) throws IOException, InterruptedException {
    ensureRoom(dst);
    begin("AsyncFile.read");
    moving.enter(this);
    try {
      ensureOpen();
      return sequential.read(dst);
    } finally {
      moving.leave();
    }
  }

  /**
   * Reads what there is from the position on, but not more than {@code max} bytes, and moves it. A
   * checkpoint.
   *
   * @param max how many bytes at most, at least 1
   * @return the bytes, at least one; an empty array at the end of the file
   * @throws ClosedChannelException if the file is closed
   * @throws IOException if it cannot be read
   * @throws InterruptedException if cancelled; nothing was read
   * @throws IllegalArgumentException if {@code max} is less than 1
   * @throws dev.roost.BusyResourceException if another task reads or writes at the position
   */
  public byte[] read(int max) throws IOException, InterruptedException {
    if (max < 1) {
      throw new IllegalArgumentException(
          "AsyncFile.read: at most " + max + " bytes were asked for. Ask for 1 or more.");
    }
    byte[] bytes = new byte[Math.min(max, CHUNK)];
    int count = read(ByteBuffer.wrap(bytes));
    return count == bytes.length ? bytes : Arrays.copyOf(bytes, Math.max(0, count));
  }

  /**
   * Writes all bytes from the position on, and moves it. A checkpoint.
   *
   * @param src what to write
   * @throws ClosedChannelException if the file is closed
   * @throws IOException if it cannot be written
   * @throws InterruptedException if cancelled; the position of {@code src} tells how much was
   *     written
   * @throws dev.roost.BusyResourceException if another task reads or writes at the position
   */
  public void write(ByteBuffer src) throws IOException, InterruptedException {
    begin("AsyncFile.write");
    moving.enter(this);
    try {
      do {
        ensureOpen();
        sequential.writeSome(src);
      } while (src.hasRemaining());
    } finally {
      moving.leave();
    }
  }

  /**
   * Writes all bytes from the position on, and moves it. A checkpoint.
   *
   * @param bytes what to write
   * @throws ClosedChannelException if the file is closed
   * @throws IOException if it cannot be written
   * @throws InterruptedException if cancelled; some of the bytes may have been written
   * @throws dev.roost.BusyResourceException if another task reads or writes at the position
   */
  public void write(byte[] bytes) throws IOException, InterruptedException {
    write(ByteBuffer.wrap(bytes));
  }

  /**
   * Writes a text in UTF-8 from the position on, and moves it. A checkpoint.
   *
   * @param utf8 what to write
   * @throws ClosedChannelException if the file is closed
   * @throws IOException if it cannot be written
   * @throws InterruptedException if cancelled; some of it may have been written
   * @throws dev.roost.BusyResourceException if another task reads or writes at the position
   */
  public void write(CharSequence utf8) throws IOException, InterruptedException {
    write(utf8.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The position. Not a checkpoint.
   *
   * @return how many bytes from the beginning; for what is no regular file or was opened for
   *     appending: how many were read and written so far
   */
  public long position() {
    binding.check("AsyncFile.position");
    return sequential.position();
  }

  /**
   * Moves the position. Not a checkpoint.
   *
   * @param position how many bytes from the beginning; may be behind the end
   * @return this file
   * @throws IllegalArgumentException if it is negative
   * @throws UnsupportedOperationException if it is no regular file, or was opened for appending
   * @throws dev.roost.BusyResourceException if a task reads or writes at the position
   */
  public AsyncFile position(long position) {
    binding.check("AsyncFile.position");
    if (position < 0) {
      throw new IllegalArgumentException(
          "AsyncFile.position: " + position + " is before the beginning of the file.");
    }
    moving.enter(this);
    try {
      sequential.position(position);
    } finally {
      moving.leave();
    }
    return this;
  }

  // ---- anywhere

  /**
   * Reads what there is from somewhere on. A checkpoint.
   *
   * @param dst where to put the bytes; has room for at least one
   * @param position how many bytes from the beginning
   * @return how many there were, at least 1; or -1 at the end of the file and behind it
   * @throws ClosedChannelException if the file is closed
   * @throws IOException if it cannot be read
   * @throws InterruptedException if cancelled; nothing was read
   * @throws IllegalArgumentException if {@code dst} has no room, or the position is negative
   */
  public int read(ByteBuffer dst, long position) throws IOException, InterruptedException {
    ensureRoom(dst);
    begin("AsyncFile.read");
    ensureOpen();
    return RegularTransfer.read(channel, dst, position);
  }

  /**
   * Writes all bytes from somewhere on. A checkpoint.
   *
   * @param src what to write
   * @param position how many bytes from the beginning; may be behind the end
   * @throws ClosedChannelException if the file is closed
   * @throws IOException if it cannot be written
   * @throws InterruptedException if cancelled; the position of {@code src} tells how much was
   *     written
   * @throws IllegalArgumentException if the position is negative
   */
  public void write(ByteBuffer src, long position) throws IOException, InterruptedException {
    begin("AsyncFile.write");
    long at = position;
    do {
      ensureOpen();
      at += RegularTransfer.writeSome(channel, src, at);
    } while (src.hasRemaining());
  }

  // ---- the file as a whole

  /**
   * How big the file is. A checkpoint.
   *
   * @return the number of bytes
   * @throws ClosedChannelException if the file is closed
   * @throws IOException if the system does not tell
   * @throws InterruptedException if cancelled
   */
  public long size() throws IOException, InterruptedException {
    begin("AsyncFile.size");
    ensureOpen();
    return Sections.look(channel::size);
  }

  /**
   * Cuts the file off, if it is longer. A checkpoint.
   *
   * @param size how many bytes are left
   * @throws ClosedChannelException if the file is closed
   * @throws IOException if it cannot be done
   * @throws InterruptedException if cancelled before it was done
   * @throws IllegalArgumentException if the size is negative
   */
  public void truncate(long size) throws IOException, InterruptedException {
    begin("AsyncFile.truncate");
    ensureOpen();
    Sections.change(() -> {
      var _ = channel.truncate(size);
    });
  }

  /**
   * Has the system write what it holds back to the disk, so that it survives a crash of the
   * machine. A checkpoint.
   *
   * @param metaData whether to write also what is known about the file, such as when it was changed
   * @throws ClosedChannelException if the file is closed
   * @throws IOException if it cannot be done
   * @throws InterruptedException if cancelled before it was done
   */
  public void force(boolean metaData) throws IOException, InterruptedException {
    begin("AsyncFile.force");
    ensureOpen();
    Sections.change(() -> channel.force(metaData));
  }

  private void begin(String operation) throws InterruptedException {
    binding.check(operation);
    Checkpoints.throwIfCancelled();
  }

  private void ensureOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  private static void ensureRoom(ByteBuffer dst) {
    if (!dst.hasRemaining()) {
      throw new IllegalArgumentException(
          "AsyncFile.read: the buffer has no room (" + dst + "). Clear or compact it first.");
    }
  }

  /**
   * Closes the file at once. A task that is in the middle of something gets {@link
   * ClosedChannelException}. Works whatever is cancelled, and does nothing the second time. Not a
   * checkpoint.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    binding.check("AsyncFile.close");
    closed = true;
    opened.closed();
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "AsyncFile.close: the system reported an error while it closed " + path + ".", e);
    }
  }

  /** The path, and whether it is closed. */
  @Override
  public String toString() {
    return "AsyncFile[" + path + (closed ? ", closed]" : "]");
  }
}
