package dev.roost.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reading and writing one thing after the other. By one task at a time. */
interface Transfer {

  /** How many bytes, or -1 at the end. A checkpoint; nothing was read if it is cancelled. */
  int read(ByteBuffer dst) throws IOException, InterruptedException;

  /** Writes a chunk, or nothing if there is nothing. A checkpoint. */
  void writeSome(ByteBuffer src) throws IOException, InterruptedException;

  long position();

  void position(long position);
}
