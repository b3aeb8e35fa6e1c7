package dev.roost.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.Blocking;
import dev.roost.BusyResourceException;
import dev.roost.CancelScope;
import dev.roost.Hang;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.World;
import dev.roost.lowlevel.Readiness;
import dev.roost.sync.Event;
import dev.roost.testing.MockClock;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Waiting for channels in the selector of the run. */
class PollerTest {

  private SocketChannel near;
  private SocketChannel far;

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      near = SocketChannel.open(server.getLocalAddress());
      far = server.accept();
    }
    near.configureBlocking(false);
  }

  @AfterEach
  void close() throws IOException {
    near.close();
    far.close();
  }

  /** Fills the buffers of the system, so that nothing more can be written. */
  private void clog() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
    while (near.write(bytes.clear()) > 0) {
      assertThat(near.isOpen()).isTrue();
    }
  }

  private void send() throws IOException {
    far.write(ByteBuffer.wrap(new byte[] {1}));
  }

  private int receive() throws IOException {
    return near.read(ByteBuffer.allocate(10));
  }

  @Test
  void waitReadable_returnsWhenBytesArrive() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          var received = new Event();
          nursery.start(() -> {
            Readiness.waitReadable(near);
            assertThat(receive()).isOne();
            received.set();
            Readiness.waitReadable(near);
            assertThat(receive()).isOne();
          });
          Roost.checkpoint();
          Blocking.run(this::send);
          received.await();
          send();
        }));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void selectorThatFails_isTheErrorOfThoseWhoWait(Throwable failure) throws Exception {
    Roost.run(() -> {
      useSelector(new FailingSelector(failure));
      Nursery.run(nursery -> {
        nursery.start(() ->
            assertThatThrownBy(() -> Readiness.waitReadable(near))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Roost cannot wait for channels")
                .hasMessageContaining("out of order")
                .hasCause(failure));
        nursery.start(() ->
            assertThatThrownBy(() -> Readiness.waitWritable(near))
                .isInstanceOf(IOException.class)
                .hasCause(failure));
      });
      Roost.sleep(Duration.ofNanos(1)); // and nobody else is concerned
    });
  }

  static List<Throwable> failures() {
    return List.of(new IOException("out of order"), new NoClassDefFoundError("out of order"));
  }

  static void useSelector(Selector selector) throws ReflectiveOperationException {
    Field field = Poller.class.getDeclaredField("selector");
    field.setAccessible(true);
    field.set(Fiber.currentFiber().scheduler().poller(), selector);
  }

  @Test
  void waitWritable_returnsWhenThereIsRoom() throws Exception {
    Roost.run(() -> {
      Readiness.waitWritable(near);
      clog();
      assertThat(
              CancelScope.moveOnAfter(Duration.ofMillis(2)).run(() -> Readiness.waitWritable(near)))
          .isFalse();
      Nursery.run(nursery -> {
        nursery.start(() -> Readiness.waitWritable(near));
        Blocking.run(() -> {
          near.socket().getSendBufferSize();
          ByteBuffer bytes = ByteBuffer.allocate(1 << 22);
          int read = 0;
          while (read < 1 << 20) {
            read += far.read(bytes.clear());
          }
        });
      });
    });
  }

  @Test
  void oneTaskForEachDirection_butNoSecondOne() throws Exception {
    Roost.run(() -> {
      clog();
      Nursery.run(nursery -> {
        nursery.start("reader", () -> Readiness.waitReadable(near));
        nursery.start("writer", () -> Readiness.waitWritable(near));
        Roost.checkpoint();
        Roost.checkpoint();
        assertThatThrownBy(() -> Readiness.waitReadable(near))
            .isInstanceOf(BusyResourceException.class)
            .hasMessageContaining("input")
            .hasMessageContaining("reader");
        assertThatThrownBy(() -> Readiness.waitWritable(near))
            .isInstanceOf(BusyResourceException.class)
            .hasMessageContaining("output")
            .hasMessageContaining("writer");
        nursery.cancel();
      });
      assertThat(Fiber.currentFiber().scheduler().poller().waiters()).isZero();
    });
  }

  @Test
  void closing_wakesBothDirections() throws Exception {
    List<String> log = new ArrayList<>();
    Roost.run(() -> {
      clog();
      Nursery.run(nursery -> {
        nursery.start(() -> {
          assertThatThrownBy(() -> Readiness.waitReadable(near))
              .isInstanceOf(ClosedChannelException.class);
          log.add("reader");
        });
        nursery.start(() -> {
          assertThatThrownBy(() -> Readiness.waitWritable(near))
              .isInstanceOf(ClosedChannelException.class);
          log.add("writer");
        });
        Roost.checkpoint();
        Readiness.notifyClosing(near);
        near.close();
        Readiness.closed();
      });
      assertThatThrownBy(() -> Readiness.waitReadable(near))
          .isInstanceOf(ClosedChannelException.class);
      Readiness.notifyClosing(near);
    });
    assertThat(log).containsExactlyInAnyOrder("reader", "writer");
  }

  @Test
  void cancelledWait_leavesTheChannelUsable() throws Exception {
    Roost.run(() -> {
      for (int again = 0; again < 3; again++) {
        assertThat(
                CancelScope.moveOnAfter(Duration.ofMillis(1))
                    .run(() -> Readiness.waitReadable(near)))
            .isFalse();
      }
      send();
      Readiness.waitReadable(near);
      assertThat(receive()).isOne();
    });
  }

  @Test
  void bytesForNobody_doNotKeepTheRunBusy_andAreSeenLater() throws Exception {
    Roost.run(() -> {
      CancelScope.moveOnAfter(Duration.ofMillis(1)).run(() -> Readiness.waitReadable(near));
      try (OtherPipe other = new OtherPipe()) {
        send(); // the key is still interested, and nobody waits
        CancelScope.moveOnAfter(Duration.ofMillis(3))
            .run(() -> Readiness.waitReadable(other.pipe.source()));
      }
      Readiness.waitReadable(near);
      assertThat(receive()).isOne();
    });
  }

  private static final class OtherPipe implements AutoCloseable {
    final Pipe pipe = Pipe.open();

    OtherPipe() throws IOException {
      pipe.source().configureBlocking(false);
    }

    @Override
    public void close() throws IOException {
      pipe.source().close();
      pipe.sink().close();
    }
  }

  @Test
  void channelInBlockingMode_isRefused() throws Exception {
    Roost.run(() ->
        assertThatThrownBy(() -> Readiness.waitReadable(far))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("configureBlocking(false)"));
  }

  @Test
  void readyChannels_areNotStarvedByReadyTasks() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          boolean[] seen = {false};
          nursery.start(() -> {
            Readiness.waitReadable(near);
            seen[0] = true;
          });
          Roost.checkpoint();
          send();
          int turns = 0;
          while (!seen[0]) {
            Roost.checkpoint();
            if (++turns > 1_000_000) {
              throw new AssertionError("starved");
            }
          }
        }));
  }

  @Test
  void autojumpingClock_letsBytesWin_thatAreUnderWay() throws Exception {
    Roost.with()
        .clock(new MockClock().autojump())
        .run(() -> {
          send();
          boolean whole =
              CancelScope.moveOnAfter(World.seconds(1)).run(() -> Readiness.waitReadable(near));
          assertThat(whole).isTrue();
          assertThat(receive()).isOne();
          assertThat(
                  CancelScope.moveOnAfter(World.seconds(1)).run(() -> Readiness.waitReadable(near)))
              .isFalse();
          assertThat(World.elapsed()).isOne();
        });
  }

  /**
   * Sections that take the baton from whoever sits in the selector, and then use the selector
   * themselves.
   */
  @Test
  void batonTakenFromTheSelector_manyTimes() throws Exception {
    for (Thread.Builder threads :
        List.of(Thread.ofPlatform().daemon().name("host"), Thread.ofVirtual())) {
      Hang.fails(
          threads,
          () -> {
            for (int round = 0; round < World.rounds(15); round++) {
              Roost.run(() ->
                  Nursery.run(nursery -> {
                    nursery.start(() -> {
                      for (int n = 0; n < 5; n++) {
                        Readiness.waitReadable(near);
                        receive();
                      }
                    });
                    for (int n = 0; n < 5; n++) {
                      Roost.checkpoint();
                      Blocking.run(() -> LockSupport.parkNanos(20_000));
                      Readiness.closed();
                      send();
                      while (Fiber.currentFiber().scheduler().poller().waiters() == 0
                          && nursery.children().size() > 0) {
                        Roost.checkpoint();
                      }
                    }
                    nursery.cancel();
                  }));
              while (receive() > 0) {
                assertThat(near.isOpen()).isTrue();
              }
            }
          });
    }
  }
}
