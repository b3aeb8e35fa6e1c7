package dev.roost.testing;

import dev.roost.io.HalfCloseableStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Does what another stream does, but for the mistake that a subclass makes. */
class FaultyStream implements HalfCloseableStream {

  final HalfCloseableStream stream;

  FaultyStream(HalfCloseableStream stream) {
    this.stream = stream;
  }

  @Override
  public void sendAll(ByteBuffer src) throws IOException, InterruptedException {
    stream.sendAll(src);
  }

  @Override
  public void waitSendAllMightNotBlock() throws IOException, InterruptedException {
    stream.waitSendAllMightNotBlock();
  }

  @Override
  public void sendEof() throws IOException, InterruptedException {
    stream.sendEof();
  }

  @Override
  public int receiveSome(ByteBuffer dst) throws IOException, InterruptedException {
    return stream.receiveSome(dst);
  }

  @Override
  public void close() {
    stream.close();
  }
}
