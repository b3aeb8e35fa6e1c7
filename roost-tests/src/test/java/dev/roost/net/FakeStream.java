package dev.roost.net;

import dev.roost.Roost;
import dev.roost.io.ByteStream;
import java.nio.ByteBuffer;

/** A stream that only knows whether it is closed; it takes all and has nothing. */
final class FakeStream implements ByteStream {

  boolean closed;

  @Override
  public int receiveSome(ByteBuffer dst) throws InterruptedException {
    Roost.checkpoint();
    return -1;
  }

  @Override
  public void sendAll(ByteBuffer src) throws InterruptedException {
    Roost.checkpoint();
    src.position(src.limit());
  }

  @Override
  public void waitSendAllMightNotBlock() throws InterruptedException {
    Roost.checkpoint();
  }

  @Override
  public void close() {
    closed = true;
  }
}
