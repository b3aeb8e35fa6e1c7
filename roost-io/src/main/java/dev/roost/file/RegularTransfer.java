package dev.roost.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A regular file. The position is kept here, so that a read that was left behind does not move it.
 */
final class RegularTransfer implements Transfer {

  private final FileChannel channel;
  private long position;

  RegularTransfer(FileChannel channel) {
    this.channel = channel;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException, InterruptedException {
    int count = read(channel, dst, position);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public void writeSome(ByteBuffer src) throws IOException, InterruptedException {
    position += writeSome(channel, src, position);
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void position(long to) {
    position = to;
  }

  /** Reads into a buffer of its own: a read that was left behind must not touch the caller's. */
  static int read(FileChannel channel, ByteBuffer dst, long position)
      throws IOException, InterruptedException {
    ByteBuffer own = ByteBuffer.allocate(Math.min(dst.remaining(), AsyncFile.CHUNK));
    int count = Sections.look(() -> channel.read(own, position));
    dst.put(own.flip());
    return count;
  }

  static int writeSome(FileChannel channel, ByteBuffer src, long position)
      throws IOException, InterruptedException {
    int chunk = Math.min(src.remaining(), AsyncFile.CHUNK);
    ByteBuffer some = src.slice(src.position(), chunk);
    try {
      Sections.change(() -> {
        while (some.hasRemaining()) {
          var _ = channel.write(some, position + some.position());
        }
      });
    } finally {
      src.position(src.position() + some.position());
    }
    return chunk;
  }
}
