package dev.roost.net;

import static dev.roost.testing.Testing.assertCheckpoints;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncConsumer;
import dev.roost.BusyResourceException;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for channels of the user's own. */
@Timeout(30)
class ReadinessTest {

  private record Pair(SocketChannel here, SocketChannel there) {}

  private static void withPair(AsyncConsumer<Pair, ?> body) throws Exception {
    Roost.run(() -> {
      try (var listener = ServerSocketChannel.open().bind(Tcp.ANY_PORT);
          var here = SocketChannel.open(listener.getLocalAddress());
          var there = listener.accept()) {
        here.configureBlocking(false);
        there.configureBlocking(false);
        body.accept(new Pair(here, there));
      }
    });
  }

  private static void clog(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_SNDBUF, 8 * 1024);
    var junk = ByteBuffer.allocate(64 * 1024);
    while (channel.write(junk.clear()) > 0) {
      continue;
    }
  }

  @Test
  void a_second_task_in_the_same_direction_is_busy_and_the_first_goes_on() throws Exception {
    withPair(pair ->
        Nursery.run(nursery -> {
          nursery.start("the reader", () -> Readiness.waitReadable(pair.here()));
          waitAllTasksBlocked();
          assertThatThrownBy(() -> Readiness.waitReadable(pair.here()))
              .isInstanceOf(BusyResourceException.class)
              .hasMessageContainingAll("wait for input", "the reader", "was waiting");
          Readiness.waitWritable(pair.here());
          pair.there().write(ByteBuffer.allocate(1));
        }));
  }

  @Test
  void a_channel_for_one_direction_is_not_waited_for_in_the_other() throws Exception {
    Roost.run(() -> {
      Pipe pipe = Pipe.open();
      try (var source = pipe.source();
          var sink = pipe.sink()) {
        source.configureBlocking(false);
        sink.configureBlocking(false);
        assertThatThrownBy(() -> Readiness.waitReadable(sink))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("it is for writing");
        assertThatThrownBy(() -> Readiness.waitWritable(source))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("it is for reading or accepting");
      }
    });
  }

  @Test
  void closing_that_was_announced_wakes_both_directions() throws Exception {
    withPair(pair -> {
      clog(pair.here());
      Nursery.run(nursery -> {
        nursery.start(() ->
            assertThatThrownBy(() -> Readiness.waitReadable(pair.here()))
                .isInstanceOf(ClosedChannelException.class));
        nursery.start(() ->
            assertThatThrownBy(
                    () -> {
                      while (true) { // what is acknowledged late makes room
                        Readiness.waitWritable(pair.here());
                        clog(pair.here());
                      }
                    })
                .isInstanceOf(ClosedChannelException.class));
        waitAllTasksBlocked();
        Readiness.notifyClosing(pair.here());
        pair.here().close();
      });
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> Readiness.waitReadable(pair.here()))
            .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> Readiness.waitWritable(pair.here()))
            .isInstanceOf(ClosedChannelException.class);
      }
    });
  }

  @Test
  void a_cancelled_wait_leaves_the_channel_as_it_was() throws Exception {
    withPair(pair -> {
      var scope = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(() -> scope.run(() -> Readiness.waitReadable(pair.here())));
        waitAllTasksBlocked();
        scope.cancel();
      });
      assertThat(scope.cancelledCaught()).isTrue();
      pair.there().write(ByteBuffer.wrap(new byte[] {1, 2}));
      Readiness.waitReadable(pair.here());
      assertThat(pair.here().read(ByteBuffer.allocate(10))).isEqualTo(2);
    });
  }

  @Test
  void waiting_is_a_checkpoint_also_for_what_is_ready() throws Exception {
    withPair(pair -> {
      pair.there().write(ByteBuffer.allocate(1));
      assertCheckpoints(() -> Readiness.waitReadable(pair.here()));
      assertCheckpoints(() -> Readiness.waitReadable(pair.here()));
      assertCheckpoints(() -> Readiness.waitWritable(pair.here()));
      var scope = CancelScope.create();
      scope.cancel();
      assertThat(scope.run(() -> Readiness.waitReadable(pair.here()))).isFalse();
    });
  }

  @Test
  void a_channel_in_blocking_mode_is_refused_with_the_remedy() throws Exception {
    Roost.run(() -> {
      try (var channel = SocketChannel.open()) {
        assertThatThrownBy(() -> Readiness.waitReadable(channel))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("configureBlocking(false)");
      }
    });
    try (var channel = SocketChannel.open()) {
      channel.configureBlocking(false);
      assertThatThrownBy(() -> Readiness.waitReadable(channel))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> Readiness.notifyClosing(channel))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void one_who_connects_and_one_who_accepts_are_waited_for() throws Exception {
    Roost.run(() -> {
      try (var listener = ServerSocketChannel.open().bind(Tcp.ANY_PORT);
          var channel = SocketChannel.open()) {
        listener.configureBlocking(false);
        channel.configureBlocking(false);
        if (!channel.connect(listener.getLocalAddress())) {
          Readiness.waitWritable(channel);
          assertThat(channel.finishConnect()).isTrue();
        }
        Readiness.waitReadable(listener);
        listener.accept().close();
        Readiness.notifyClosing(listener);
        Readiness.notifyClosing(channel);
      }
    });
  }
}
