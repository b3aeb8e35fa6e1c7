package dev.roost.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes into a pipe, on a thread of its own, one piece at a time: a write into a full pipe of the
 * JDK cannot be interrupted. Whoever waits here can be; the piece that was handed over is written
 * all the same.
 *
 * <pre>
 *   IDLE --- offer ---> BUSY --- written ---> IDLE
 *    |                   | error: BROKEN, for ever
 *    +------ close ------+-- what is being written is finished ---> the pipe is closed
 * </pre>
 */
final class PipeWriter {

  private static final int CHUNK = 64 * 1024;
  private static final long STACK = 256 * 1024;

  private final OutputStream pipe;
  private final String name;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // ---- guarded by the lock

  /** What is to be written; stays until it has been. */
  private byte @Nullable [] piece;

  private boolean started;
  private boolean closed;
  private @Nullable IOException error;

  PipeWriter(OutputStream pipe, String name) {
    this.pipe = pipe;
    this.name = name;
  }

  // ---- for tasks: what waits belongs into a blocking section

  /** Hands over some of the bytes; only when idle. */
  void offer(ByteBuffer src) {
    byte[] some = new byte[Math.min(src.remaining(), CHUNK)];
    src.get(some);
    offer(some);
  }

  /** Hands over all of the bytes, which must not change any more; only when idle. */
  void offer(byte[] bytes) {
    lock.lock();
    try {
      piece = bytes;
      changed.signalAll();
      if (!started) {
        started = true;
        Thread.ofPlatform().daemon().name(name).stackSize(STACK).start(this::write);
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isBusy() {
    lock.lock();
    try {
      return piece != null && error == null && !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until it is idle, broken or closed. */
  void awaitIdle() throws InterruptedException {
    lock.lock();
    try {
      while (piece != null && error == null && !closed) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Nullable IOException error() {
    lock.lock();
    try {
      return error;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends it; those who wait are woken. If a write is going on, its thread closes the pipe later.
   */
  void close() {
    boolean mine;
    lock.lock();
    try {
      mine = !started;
      started = true;
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (mine) {
      closePipe();
    }
  }

  // ---- the thread

  private void write() {
    try {
      for (byte[] next; (next = awaitPiece()) != null; ) {
        pipe.write(next);
        pipe.flush();
        done(null);
      }
    } catch (IOException e) {
      done(e);
    }
    closePipe();
  }

  /** The next piece; null if there is none, and none will come. */
  private byte @Nullable [] awaitPiece() {
    lock.lock();
    try {
      while (piece == null && !closed) {
        changed.awaitUninterruptibly();
      }
      return piece;
    } finally {
      lock.unlock();
    }
  }

  private void done(@Nullable IOException failure) {
    lock.lock();
    try {
      piece = null;
      error = failure;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void closePipe() {
    try {
      pipe.close();
    } catch (IOException e) {
      lock.lock();
      try {
        if (error == null) { // else it is what the stream of the JDK could not write before
          error = e;
        } else {
          error.addSuppressed(e);
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
