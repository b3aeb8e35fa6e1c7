package dev.roost.file;

import dev.roost.Blocking;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * A file that knows no positions (a FIFO, a terminal), or one that is appended to. Both may keep
 * one waiting, so a call that is cancelled is left behind, and what it does is not lost: bytes that
 * it reads are for the next read, bytes that it was given to write are written.
 */
final class StreamTransfer implements Transfer {

  private static final int CHUNK = 64 * 1024;

  private final Ahead<ByteBuffer> reading;
  private final Writing writing;
  private @Nullable ByteBuffer left;
  private long moved;

  StreamTransfer(FileChannel channel) {
    this.reading = new Ahead<>(new Reading(channel));
    this.writing = new Writing(channel);
  }

  private record Reading(FileChannel channel) implements Ahead.Source<ByteBuffer> {
    @Override
    public ByteBuffer next() throws IOException {
      ByteBuffer some = ByteBuffer.allocate(CHUNK);
      var _ = channel.read(some);
      return some.flip();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /**
   * Writes on threads of its own, one piece after the other: a piece that was handed over is
   * written, whatever becomes of the task.
   */
  private static final class Writing {

    private final FileChannel channel;

    // ---- guarded by the monitor

    private boolean going;
    private @Nullable Throwable failure;

    Writing(FileChannel channel) {
      this.channel = channel;
    }

    /** Hands over a piece; only when idle. */
    synchronized void start(ByteBuffer piece) {
      going = true;
      Thread.ofPlatform().daemon().name("roost-file-writer").start(() -> write(piece));
    }

    private void write(ByteBuffer piece) {
      Throwable thrown = null;
      try {
        while (piece.hasRemaining()) {
          var _ = channel.write(piece);
        }
      } catch (IOException | RuntimeException e) {
        thrown = e;
      }
      ended(thrown);
    }

    private synchronized void ended(@Nullable Throwable thrown) {
      going = false;
      failure = thrown;
      notifyAll();
    }

    /** Waits for the piece that was handed over last. In a blocking section. */
    synchronized void await() throws IOException, InterruptedException {
      while (going) {
        wait();
      }
      Throwable thrown = failure;
      failure = null;
      if (thrown instanceof IOException io) {
        throw io;
      }
      if (thrown instanceof RuntimeException unchecked) {
        throw unchecked;
      }
    }
  }

  @Override
  public int read(ByteBuffer dst) throws IOException, InterruptedException {
    ByteBuffer from = left;
    if (from == null) {
      from = reading.next();
      left = from;
    } else {
      dev.roost.Roost.checkpoint();
    }
    if (!from.hasRemaining()) {
      left = null;
      return -1;
    }
    int count = Math.min(from.remaining(), dst.remaining());
    dst.put(from.slice(from.position(), count));
    from.position(from.position() + count);
    if (!from.hasRemaining()) {
      left = null;
    }
    moved += count;
    return count;
  }

  @Override
  public void writeSome(ByteBuffer src) throws IOException, InterruptedException {
    Blocking.run(writing::await); // a call that was cancelled may have left something
    byte[] own = new byte[Math.min(src.remaining(), CHUNK)];
    src.get(own);
    moved += own.length;
    writing.start(ByteBuffer.wrap(own));
    Blocking.run(writing::await);
  }

  @Override
  public long position() {
    return moved;
  }

  @Override
  public void position(long position) {
    throw new UnsupportedOperationException(
        "AsyncFile.position: this is no regular file, or was opened for appending, and has no"
            + " position to move.");
  }
}
