package dev.roost;

import static dev.roost.Sections.PLAIN;
import static dev.roost.Sections.cancelInside;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sections around what blocks in the JDK, cancelled while they are inside. */
class BlockingPeersTest {

  @TempDir Path folder;

  private static void assertCancelled(@Nullable Throwable thrown, Class<? extends Throwable> by) {
    assertThat(thrown).isInstanceOf(Cancelled.class).hasCauseInstanceOf(by);
  }

  @Test
  void socketRead_isInterrupted_andTheSocketIsClosed() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
      Throwable thrown =
          cancelInside(
              PLAIN,
              inside -> {
                inside.countDown();
                socket.getInputStream().read();
              });

      assertCancelled(thrown, SocketException.class);
      assertThat(socket.isClosed()).isTrue();
    }
  }

  @Test
  void socketRead_thatTimesOutByItself_isNoCancellation() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
      socket.setSoTimeout(1);
      Throwable thrown =
          cancelInside(
              Blocking.uninterrupted(),
              (inside, cancelled) -> {
                inside.countDown();
                cancelled.await();
                socket.getInputStream().read();
              });

      assertThat(thrown).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void acceptOfAServerSocket_isInterrupted() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Throwable thrown =
          cancelInside(
              PLAIN,
              inside -> {
                inside.countDown();
                server.accept().close();
              });

      assertCancelled(thrown, SocketException.class);
    }
  }

  @Test
  void readOfASocketChannel_isInterrupted() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SocketChannel channel =
            SocketChannel.open(
                new InetSocketAddress(server.getInetAddress(), server.getLocalPort()))) {
      Throwable thrown =
          cancelInside(
              PLAIN,
              inside -> {
                inside.countDown();
                channel.read(ByteBuffer.allocate(1));
              });

      assertCancelled(thrown, ClosedByInterruptException.class);
    }
  }

  @Test
  void fileChannel_isInterrupted_andClosed() throws Exception {
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      Throwable thrown =
          cancelInside(
              PLAIN,
              inside -> {
                inside.countDown();
                for (; ; ) {
                  channel.write(ByteBuffer.allocate(1), 0);
                }
              });

      assertCancelled(thrown, ClosedByInterruptException.class);
      assertThat(channel.isOpen()).isFalse();
    }
  }

  @Test
  void takeFromABlockingQueue_isInterrupted() throws Exception {
    ArrayBlockingQueue<String> queue = new ArrayBlockingQueue<>(1);
    assertCancelled(
        cancelInside(
            PLAIN,
            inside -> {
              inside.countDown();
              queue.take();
            }),
        InterruptedException.class);
    queue.put("fits: nothing was done to the queue");
  }

  @Test
  @SuppressWarnings("WaitNotInLoop") // nobody notifies
  void waitOfAnObject_isInterrupted() throws Exception {
    Object monitor = new Object();
    assertCancelled(
        cancelInside(
            PLAIN,
            inside -> {
              synchronized (monitor) {
                inside.countDown();
                monitor.wait();
              }
            }),
        InterruptedException.class);
    assertThat(Thread.holdsLock(monitor)).isFalse();
  }

  @Test
  void sleep_isInterrupted() throws Exception {
    assertCancelled(
        cancelInside(
            PLAIN,
            inside -> {
              inside.countDown();
              Thread.sleep(Duration.ofDays(1));
            }),
        InterruptedException.class);
  }

  @Test
  void getOfAFuture_isInterrupted() throws Exception {
    assertCancelled(
        cancelInside(
            PLAIN,
            inside -> {
              inside.countDown();
              new CompletableFuture<String>().get();
            }),
        InterruptedException.class);
  }

  @Test
  void waitForAProcess_isInterrupted() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    assertCancelled(
        cancelInside(
            PLAIN,
            inside -> {
              inside.countDown();
              process.waitFor();
            }),
        InterruptedException.class);
    assertThat(process.isAlive()).isTrue();
    process.destroyForcibly();
  }

  /**
   * No interrupt gets a thread out of the queue for a monitor: the section lasts as long as that.
   */
  @Test
  void contentionForAMonitor_isWaitedOut_andTheResultIsKept() throws Exception {
    Object monitor = new Object();
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Thread holder =
        Thread.ofPlatform()
            .start(() -> {
              synchronized (monitor) {
                held.countDown();
                awaitUninterruptibly(release);
              }
            });
    held.await();
    boolean[] got = {false};
    Throwable thrown =
        cancelInside(
            PLAIN,
            (inside, cancelled) -> {
              Thread.ofPlatform()
                  .start(() -> {
                    awaitUninterruptibly(cancelled);
                    release.countDown();
                  });
              inside.countDown();
              synchronized (monitor) {
                got[0] = true;
              }
            });
    holder.join();

    assertThat(thrown).isNull();
    assertThat(got[0]).isTrue();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    for (; ; ) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void codeThatSwallowsTheInterrupt_isWaitedFor_andItsResultIsKept() throws Exception {
    Semaphore never = new Semaphore(0);
    AtomicBoolean swallowed = new AtomicBoolean();
    Throwable thrown =
        cancelInside(
            PLAIN,
            (inside, cancelled) -> {
              inside.countDown();
              try {
                never.acquire();
              } catch (InterruptedException e) {
                swallowed.set(true);
              }
              cancelled.await(); // and goes on to block, unmolested: one interrupt a section
            });

    assertThat(thrown).isNull();
    assertThat(swallowed).isTrue();
  }

  @Test
  void codeThatClearsTheInterrupt_isWaitedFor() throws Exception {
    Throwable thrown =
        cancelInside(
            PLAIN,
            inside -> {
              inside.countDown();
              while (!Thread.interrupted()) {
                Thread.onSpinWait();
              }
            });

    assertThat(thrown).isNull();
  }

  @Test
  void codeThatThrowsBecauseOfTheInterrupt_isCancelled_whateverItWrapsItIn() throws Exception {
    assertCancelled(
        cancelInside(
            PLAIN,
            inside -> {
              inside.countDown();
              try {
                new CompletableFuture<String>().get();
              } catch (InterruptedException e) {
                throw new UncheckedIOException(new IOException("while talking to the server", e));
              }
            }),
        UncheckedIOException.class);
  }

  @Test
  void codeThatComputes_isWaitedFor_andDoesNotSeeMoreThanTheStatus() throws Exception {
    long[] sum = {0};
    Throwable thrown =
        cancelInside(
            PLAIN,
            (inside, cancelled) -> {
              inside.countDown();
              do {
                sum[0]++;
              } while (cancelled.getCount() > 0 || !Thread.currentThread().isInterrupted());
            });

    assertThat(thrown).isNull();
    assertThat(sum[0]).isPositive();
  }
}
