package dev.roost.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pipe ahead, on a thread of its own: a pipe of the JDK can be neither waited for with a
 * selector nor interrupted. Whoever waits here can be, and nothing that was read is lost by it.
 *
 * <pre>
 *   NEW --- start ---> READING --- end of the pipe, error ---> ENDED, the pipe is closed
 *    |                    | close: what is read from then on is dropped
 *    +--- close ----------+-------- the read that is going on returns ---> ENDED
 * </pre>
 *
 * <p>The thread holds the monitor of the pipe's stream. The JDK, when the process has exited, takes
 * that monitor to close the pipe; this keeps it open for descendants that still write to it.
 */
final class PipeReader {

  /** How much is read ahead while nobody receives. */
  private static final int AHEAD = 64 * 1024;

  private static final int CHUNK = 32 * 1024;
  private static final long STACK = 256 * 1024;

  private final InputStream pipe;
  private final String name;

  private final ReentrantLock lock = new ReentrantLock();

  /** There is something to take, or there will never be any more. */
  private final Condition changed = lock.newCondition();

  /** There is room, or none is needed any more. */
  private final Condition room = lock.newCondition();

  // ---- guarded by the lock

  private final ArrayDeque<ByteBuffer> chunks = new ArrayDeque<>();
  private int buffered;
  private int limit = AHEAD;
  private boolean claimed;
  private boolean started;
  private boolean dropping;
  private boolean closed;
  private boolean ended;
  private @Nullable IOException error;

  PipeReader(InputStream pipe, String name) {
    this.pipe = pipe;
    this.name = name;
  }

  // ---- for tasks: what waits belongs into a blocking section

  /** Somebody receives from now on: what is read ahead is bounded. */
  void claim() {
    lock.lock();
    try {
      claimed = true;
      limit = AHEAD;
      start();
    } finally {
      lock.unlock();
    }
  }

  /** Reads ahead without a limit, so that the process cannot get stuck, if nobody receives. */
  void keepUnlessClaimed() {
    lock.lock();
    try {
      if (!claimed) {
        keep();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Reads ahead without a limit, to the end. */
  void keepAll() {
    lock.lock();
    try {
      keep();
    } finally {
      lock.unlock();
    }
  }

  private void keep() {
    limit = Integer.MAX_VALUE;
    room.signalAll();
    start();
  }

  /** Reads to the end, and keeps nothing. */
  void dropAll() {
    lock.lock();
    try {
      drop();
      start();
    } finally {
      lock.unlock();
    }
  }

  private void drop() {
    dropping = true;
    chunks.clear();
    buffered = 0;
    room.signalAll();
  }

  /** Takes what was read: how many bytes, 0 if there are none yet, -1 at the end. */
  int poll(ByteBuffer dst) throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new ClosedChannelException();
      }
      ByteBuffer first = chunks.peek();
      if (first == null) {
        if (error != null) {
          throw error;
        }
        return ended ? -1 : 0;
      }
      int count = Math.min(first.remaining(), dst.remaining());
      dst.put(dst.position(), first, first.position(), count);
      dst.position(dst.position() + count);
      first.position(first.position() + count);
      if (!first.hasRemaining()) {
        chunks.remove();
      }
      buffered -= count;
      room.signalAll();
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until {@link #poll} gives something. */
  void awaitSomething() throws InterruptedException {
    lock.lock();
    try {
      while (chunks.isEmpty() && !ended && !closed) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the pipe is read to the end and closed, or nobody wants to know any more. */
  void awaitEnd() throws InterruptedException {
    lock.lock();
    try {
      while (!ended && !closed) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the end, but not for long. */
  void awaitEnd(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (!ended && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes all that was read. */
  byte[] takeAll() {
    lock.lock();
    try {
      byte[] all = new byte[buffered];
      ByteBuffer to = ByteBuffer.wrap(all);
      chunks.forEach(to::put);
      chunks.clear();
      buffered = 0;
      return all;
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

  /** Ends it; those who wait are woken. If a read is going on, its thread closes the pipe later. */
  void close() {
    boolean mine;
    lock.lock();
    try {
      mine = !started;
      closed = true;
      started = true;
      drop();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (mine) {
      ended(null);
    }
  }

  // ---- the thread

  private void start() {
    if (!started) {
      started = true;
      Thread.ofPlatform().daemon().name(name).stackSize(STACK).start(this::read);
    }
  }

  private void read() {
    synchronized (pipe) {
      IOException failure = null;
      try {
        byte[] chunk = new byte[CHUNK];
        for (int count; awaitRoom() && (count = pipe.read(chunk)) >= 0; ) {
          add(chunk, count);
        }
      } catch (IOException e) {
        failure = e;
      }
      ended(failure);
    }
  }

  /** False if there is no need to read on. */
  private boolean awaitRoom() {
    lock.lock();
    try {
      while (buffered >= limit && !dropping) {
        room.awaitUninterruptibly();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void add(byte[] chunk, int count) {
    lock.lock();
    try {
      if (!dropping) {
        chunks.add(ByteBuffer.wrap(Arrays.copyOf(chunk, count)));
        buffered += count;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Closes the pipe before anybody is told of the end: who has seen that has left nothing open. */
  private void ended(@Nullable IOException failure) {
    IOException first = failure;
    try {
      pipe.close();
    } catch (IOException e) {
      if (first == null) {
        first = e;
      } else {
        first.addSuppressed(e);
      }
    }
    lock.lock();
    try {
      error = first;
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
