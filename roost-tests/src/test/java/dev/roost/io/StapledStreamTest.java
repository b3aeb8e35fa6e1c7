package dev.roost.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.World;
import dev.roost.testing.MemoryReceiveStream;
import dev.roost.testing.MemorySendStream;
import dev.roost.testing.MemoryStreams;
import dev.roost.testing.StreamChecks;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two one-way streams as one; that it keeps the rules is checked with those of memory. */
@Timeout(30)
class StapledStreamTest {

  @Test
  void each_call_goes_to_its_side() throws Exception {
    World.run(() -> {
      var calls = new ArrayList<String>();
      var sender = new MemorySendStream().waitSendAllMightNotBlockHook(() -> calls.add("wait"));
      var receiver = new MemoryReceiveStream();
      var stapled = new StapledStream<>(sender, receiver);
      assertThat(stapled.sendStream()).isSameAs(sender);
      assertThat(stapled.receiveStream()).isSameAs(receiver);
      assertThat(stapled)
          .hasToString("StapledStream[MemorySendStream[0 bytes], MemoryReceiveStream[0 bytes]]");
      stapled.sendAll("a");
      stapled.sendAll(new byte[] {'b'});
      stapled.sendAll(ByteBuffer.wrap(new byte[] {'c'}));
      assertThat(sender.getData()).asString().isEqualTo("abc");
      stapled.waitSendAllMightNotBlock();
      assertThat(calls).containsExactly("wait");
      receiver.putData("xyz");
      assertThat(stapled.receiveSome(1)).asString().isEqualTo("x");
      var buffer = ByteBuffer.allocate(10);
      assertThat(stapled.receiveSome(buffer)).isEqualTo(2);
    });
  }

  @Test
  void the_send_side_is_half_closed_if_it_can_be_and_else_closed() throws Exception {
    World.run(() -> {
      var pair = MemoryStreams.pair();
      var able = new StapledStream<>(pair.left(), pair.left());
      able.sendEof();
      able.sendEof();
      pair.right().sendAll("still open");
      assertThat(able.receiveSome(100)).asString().isEqualTo("still open");
      var sender = new MemorySendStream();
      var receiver = new MemoryReceiveStream();
      var unable = new StapledStream<>(sender, receiver);
      unable.sendEof();
      unable.sendEof();
      assertThatThrownBy(() -> sender.sendAll("x")).isInstanceOf(ClosedChannelException.class);
      receiver.putData("still open");
      assertThat(unable.receiveSome(100)).asString().isEqualTo("still open");
      for (var stream : new StapledStream<?, ?>[] {able, unable}) {
        stream.close();
        assertThatThrownBy(stream::sendEof).isInstanceOf(ClosedChannelException.class);
      }
    });
  }

  @Test
  void half_closeable_streams_stapled_crosswise_pass_the_checks() throws Exception {
    World.run(() ->
        StreamChecks.halfCloseable(() -> {
          var there = MemoryStreams.pair();
          var back = MemoryStreams.pair();
          return new dev.roost.testing.StreamPair<>(
              new StapledStream<>(there.left(), back.right()),
              new StapledStream<>(back.left(), there.right()));
        }));
  }

  @Test
  void both_sides_are_closed_even_if_both_fail_to_close() throws Exception {
    World.run(() -> {
      var closed = new ArrayList<String>();
      var sender = new MemorySendStream().closeHook(() -> fail("sender", closed));
      var receiver = new MemoryReceiveStream().closeHook(() -> fail("receiver", closed));
      var stapled = new StapledStream<>(sender, receiver);
      assertThatThrownBy(stapled::close)
          .hasMessage("sender")
          .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
      assertThat(closed).containsExactly("sender", "receiver");
      stapled.close();
    });
  }

  private static void fail(String what, ArrayList<String> closed) {
    closed.add(what);
    throw new IllegalStateException(what);
  }
}
