package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.lowlevel.Readiness;
import dev.roost.lowlevel.Suspension;
import dev.roost.testing.MockClock;
import dev.roost.testing.Testing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What tasks, scopes and cancellations say of themselves, and the corners that few programs reach.
 */
class WordsTest {

  /** What the task tree says of a task that waits for this channel. */
  private static String waitingFor(SelectableChannel channel, boolean reading) throws Exception {
    channel.configureBlocking(false);
    String[] status = new String[1];
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(
              "the waiter",
              () -> {
                if (reading) {
                  Readiness.waitReadable(channel);
                } else {
                  Readiness.waitWritable(channel);
                }
              });
          Roost.checkpoint();
          status[0] = nursery.children().iterator().next().status();
          nursery.cancel();
        }));
    return status[0];
  }

  private static InetSocketAddress anywhere() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  @Test
  void channelsAreNamed_byTheirPeers() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(anywhere());
        SocketChannel client = SocketChannel.open(server.getLocalAddress());
        SocketChannel nobody = SocketChannel.open();
        DatagramChannel datagrams = DatagramChannel.open().bind(anywhere())) {
      String address = "127.0.0.1:" + server.socket().getLocalPort();

      assertThat(waitingFor(client, true)).isEqualTo("waiting for input from " + address);
      assertThat(waitingFor(server, true))
          .startsWith("waiting for a connection at ")
          .endsWith(":" + server.socket().getLocalPort());
      assertThat(waitingFor(datagrams, true)).startsWith("waiting for input on ");
      assertThat(nobody.isConnected()).isFalse();
    }
  }

  @Test
  void outputThatCannotBeSent_isNamed() throws Exception {
    Pipe pipe = Pipe.open();
    try (var sink = pipe.sink();
        var source = pipe.source()) {
      sink.configureBlocking(false);
      var block = java.nio.ByteBuffer.allocate(1 << 16);
      while (sink.write(block.clear()) > 0) {
        assertThat(source.isOpen()).isTrue();
      }
      assertThat(waitingFor(sink, false)).startsWith("waiting for output on ");
    }
  }

  @Test
  void channelThatIsClosed_cannotBeWaitedFor() throws Exception {
    Pipe pipe = Pipe.open();
    pipe.source().configureBlocking(false);
    pipe.source().close();
    pipe.sink().close();
    Roost.run(() ->
        assertThatThrownBy(() -> Readiness.waitReadable(pipe.source()))
            .isInstanceOf(IOException.class));
  }

  @Test
  void channelWhoseClosingWasAnnounced_canBeWaitedForAgain_ifItWasNotClosed() throws Exception {
    Pipe pipe = Pipe.open();
    try (var sink = pipe.sink();
        var source = pipe.source()) {
      source.configureBlocking(false);
      Roost.run(() -> {
        CancelScope.moveOnAfter(Duration.ZERO).run(() -> Readiness.waitReadable(source));
        Nursery.run(nursery -> {
          nursery.start(() ->
              assertThatThrownBy(() -> Readiness.waitReadable(source))
                  .isInstanceOf(java.nio.channels.ClosedChannelException.class));
          Testing.waitAllTasksBlocked();
          Readiness.notifyClosing(source);
        });
        sink.write(java.nio.ByteBuffer.wrap(new byte[] {1}));
        Readiness.waitReadable(source);
      });
    }
  }

  @Test
  void cancellationSaysWhatItsCauseWas() throws Exception {
    Roost.with()
        .clock(new MockClock().autojump())
        .run(() -> {
          CancelScope outer = CancelScope.create();
          outer.run(() -> {
            outer.softCancel(Duration.ofSeconds(1));
            CancelScope.untilStopping()
                .run(() ->
                    assertThatThrownBy(Roost::checkpoint)
                        .hasMessageContaining(
                            "because a scope around it was asked to stop by task main"));
            assertThatThrownBy(() -> Roost.sleep(Duration.ofHours(1)))
                .hasMessageContaining(
                    "because the grace of PT1S after a soft cancel by task main is over");
          });
          assertThat(outer.cancelledByDeadline()).isFalse();
          CancelScope stopped = CancelScope.untilStopping();
          stopped.run(() -> {
            stopped.softCancel(Duration.ofSeconds(1));
            stopped.softCancel(Duration.ofSeconds(2));
            assertThatThrownBy(Roost::checkpoint)
                .hasMessageContaining("because it was asked to stop by task main");
          });
        });
  }

  @Test
  void endlessTimeout_isForever() {
    assertThat(CancelScope.moveOnAfter(Duration.ofSeconds(Long.MAX_VALUE)))
        .hasToString("CancelScope.moveOnAfter(forever)");
  }

  @Test
  void suspensionThatFailedBeforeItWasAwaited_throwsAtOnce() throws InterruptedException {
    Roost.run(() -> {
      Suspension<String> suspension = Suspension.create();
      suspension.fail(new IllegalStateException("too early"));
      assertThatThrownBy(() -> suspension.await(cancellation -> true)).hasMessage("too early");
    });
  }

  @Test
  void handlerThatMayThrow_isGivenEachLeaf() throws Exception {
    ExceptionGroup group =
        new ExceptionGroup(
            "two",
            List.of(
                new IOException("a"), new ExceptionGroup("one", List.of(new IOException("b")))));
    StringBuilder seen = new StringBuilder();

    group.onThrowing(IOException.class, e -> seen.append(e.getMessage())).orThrow();

    assertThat(seen).hasToString("ab");
    assertThatThrownBy(() -> group.map(IllegalStateException.class, e -> e).orThrow())
        .isSameAs(group);
  }

  @Test
  void errorsThatHangOnACancellation_joinTheOthersOfTheGroup() throws Exception {
    Roost.run(() -> {
      assertThatThrownBy(() ->
              Nursery.run(nursery -> {
                nursery.start(() -> {
                  try {
                    Roost.sleepForever();
                  } catch (Cancelled c) {
                    c.addSuppressed(new IOException("close failed"));
                    throw c;
                  }
                });
                Roost.checkpoint();
                throw new IllegalStateException("the body failed");
              }))
          .isInstanceOfSatisfying(
              ExceptionGroup.class,
              group ->
                  assertThat(group.errors())
                      .extracting(Throwable::getMessage)
                      .containsExactly("the body failed", "close failed"));
    });
  }

  @Test
  void scopedValuesThatAreNotBound_areNotInherited() throws InterruptedException {
    ScopedValue<String> unbound = ScopedValue.newInstance();
    boolean[] bound = {true};
    Roost.with()
        .inherit(unbound)
        .run(() -> Nursery.run(nursery -> nursery.start(() -> bound[0] = unbound.isBound())));

    assertThat(bound[0]).isFalse();
  }

  @Test
  void suspensionThatWasInterruptedBeforeItWasAwaited_throwsTheInterruption()
      throws InterruptedException {
    Roost.run(() -> {
      Suspension<String> suspension = Suspension.create();
      InterruptedException early = new InterruptedException("early");
      suspension.fail(early);
      assertThatThrownBy(() -> suspension.await(cancellation -> true)).isSameAs(early);
    });
  }

  @Test
  void suspensionInsideAtomically_isRefused() throws InterruptedException {
    Roost.run(() -> {
      Suspension<String> suspension = Suspension.create();
      Roost.atomically(() ->
          assertThatThrownBy(() -> suspension.await(cancellation -> true))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("promised to have none"));
    });
  }

  @Test
  void childInACarriedContext_isCancelledLikeAnyOther() throws InterruptedException {
    Roost.with()
        .contextCarrier(() -> AsyncRunnable::run)
        .run(() ->
            Nursery.run(nursery -> {
              nursery.start(Roost::sleepForever);
              Testing.waitAllTasksBlocked();
              nursery.cancel();
            }));
  }
}
