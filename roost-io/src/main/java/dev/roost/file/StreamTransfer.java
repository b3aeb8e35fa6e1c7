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

  /** Writes that wait for each other, also for those that were left behind. */
  private record Writing(FileChannel channel) {
    synchronized void write(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        var _ = channel.write(bytes);
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
    byte[] own = new byte[Math.min(src.remaining(), CHUNK)];
    src.get(own);
    moved += own.length;
    Blocking.abandoning().run(() -> writing.write(ByteBuffer.wrap(own)));
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
