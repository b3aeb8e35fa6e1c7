package dev.roost.testing;

import static dev.roost.testing.Testing.assertCheckpoints;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.BusyResourceException;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.World;
import dev.roost.io.BrokenStreamException;
import dev.roost.sync.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams in memory, their hooks, and what a test puts in and takes out. */
@Timeout(30)
class MemoryStreamsTest {

  @Test
  void what_was_sent_is_taken_out_in_pieces_as_asked() throws Exception {
    World.run(() -> {
      var stream = new MemorySendStream();
      assertThat(stream.getDataNow()).isEmpty();
      stream.sendAll("abc");
      stream.sendAll("def");
      assertThat(stream.toString()).isEqualTo("MemorySendStream[6 bytes]");
      assertThat(stream.getData(2)).asString().isEqualTo("ab");
      assertThat(stream.getDataNow(1)).hasValueSatisfying(b -> assertThat(b).containsExactly('c'));
      assertThat(stream.getData()).asString().isEqualTo("def");
      stream.sendAll("last");
      stream.close();
      assertThat(stream.getData()).asString().isEqualTo("last");
      assertThat(stream.getData()).isEmpty();
      assertThat(stream.getDataNow()).hasValueSatisfying(b -> assertThat(b).isEmpty());
      assertThat(stream.toString()).isEqualTo("MemorySendStream[0 bytes, closed]");
    });
  }

  @Test
  void taking_data_waits_and_is_a_checkpoint() throws Exception {
    World.run(() -> {
      var stream = new MemorySendStream();
      Nursery.run(nursery -> {
        nursery.start(() ->
            assertCheckpoints(() -> {
              assertThat(stream.getData()).asString().isEqualTo("x");
            }));
        waitAllTasksBlocked();
        assertThatThrownBy(stream::getData)
            .isInstanceOf(BusyResourceException.class)
            .hasMessageContaining("taking data from MemorySendStream[");
        assertThatThrownBy(stream::getDataNow).isInstanceOf(BusyResourceException.class);
        stream.sendAll("x");
      });
      stream.sendAll("y");
      assertCheckpoints(() -> assertThat(stream.getData()).containsExactly('y'));
      Nursery.run(nursery -> {
        nursery.start(() -> assertThat(stream.getData()).isEmpty());
        waitAllTasksBlocked();
        stream.close();
      });
      var scope = CancelScope.create();
      scope.cancel();
      assertThat(scope.run(() -> stream.getData())).isFalse();
    });
  }

  @Test
  void much_data_is_kept_in_order_while_it_is_taken_out() throws Exception {
    World.run(() -> {
      var stream = new MemorySendStream();
      var expected = new java.io.ByteArrayOutputStream();
      var taken = new java.io.ByteArrayOutputStream();
      for (int i = 0; i < 300; i++) {
        var piece = new byte[i];
        Arrays.fill(piece, (byte) i);
        expected.writeBytes(piece);
        stream.sendAll(piece);
        stream.getDataNow(1 + i * 2 / 3).ifPresent(taken::writeBytes);
      }
      stream.getDataNow().ifPresent(taken::writeBytes);
      assertThat(taken.toByteArray()).isEqualTo(expected.toByteArray());
    });
  }

  @Test
  void what_is_put_in_is_received() throws Exception {
    World.run(() -> {
      var stream = new MemoryReceiveStream();
      stream.putData(new byte[] {'a', 'b'});
      stream.putData(ByteBuffer.wrap(new byte[] {'c', 'd', 'e'}, 1, 1));
      assertThat(stream.toString()).isEqualTo("MemoryReceiveStream[3 bytes]");
      assertThat(stream.receiveSome(2)).asString().isEqualTo("ab");
      stream.putEof();
      stream.putEof();
      assertThat(stream.toString()).isEqualTo("MemoryReceiveStream[1 bytes, then the end]");
      assertThatThrownBy(() -> stream.putData("x")).isInstanceOf(ClosedChannelException.class);
      assertThat(stream.receiveSome(2)).asString().isEqualTo("d");
      assertThat(stream.receiveSome(ByteBuffer.allocate(1))).isEqualTo(-1);
      stream.close();
      assertThat(stream.toString()).isEqualTo("MemoryReceiveStream[0 bytes, closed]");
      assertThatThrownBy(() -> stream.putData("x")).isInstanceOf(ClosedChannelException.class);
    });
  }

  @Test
  void hooks_are_called_within_the_calls() throws Exception {
    World.run(() -> {
      var calls = new ArrayList<String>();
      var sender = new MemorySendStream();
      sender
          .sendAllHook(() -> calls.add("sent " + sender.getDataNow().orElseThrow().length))
          .waitSendAllMightNotBlockHook(() -> calls.add("waited"))
          .closeHook(() -> calls.add("closed"));
      sender.sendAll("abc");
      sender.waitSendAllMightNotBlock();
      sender.close();
      sender.close();
      var receiver = new MemoryReceiveStream();
      receiver
          .receiveSomeHook(() -> receiver.putData("from the hook"))
          .closeHook(() -> calls.add("closed too"));
      assertThat(receiver.receiveSome(100)).asString().isEqualTo("from the hook");
      receiver.close();
      receiver.close();
      assertThat(calls).containsExactly("sent 3", "waited", "closed", "closed too");
    });
  }

  @Test
  void hooks_can_be_slow_and_can_fail() throws Exception {
    World.run(() -> {
      var pair = MemoryStreams.oneWayPair();
      pair.receiver().receiveSomeHook(() -> World.sleep(3));
      pair.sender().sendAll("x");
      pair.receiver().receiveSome(1);
      assertThat(World.elapsed()).isEqualTo(3);
      pair.sender()
          .sendAllHook(() -> {
            throw new BrokenStreamException("the cable was cut");
          });
      assertThatThrownBy(() -> pair.sender().sendAll("x"))
          .isInstanceOf(IOException.class)
          .hasMessage("the cable was cut");
    });
  }

  @Test
  void closing_cuts_hooks_short() throws Exception {
    World.run(() -> {
      var pair = MemoryStreams.oneWayPair();
      pair.sender().sendAllHook(World::hang).waitSendAllMightNotBlockHook(World::hang);
      pair.receiver().receiveSomeHook(World::hang);
      Nursery.run(nursery -> {
        nursery.start(() ->
            assertThatThrownBy(() -> pair.sender().sendAll("x"))
                .isInstanceOf(ClosedChannelException.class));
        nursery.start(() ->
            assertThatThrownBy(() -> pair.receiver().receiveSome(1))
                .isInstanceOf(ClosedChannelException.class));
        waitAllTasksBlocked();
        pair.close();
      });
      var other = new MemorySendStream().waitSendAllMightNotBlockHook(World::hang);
      Nursery.run(nursery -> {
        nursery.start(() ->
            assertThatThrownBy(other::waitSendAllMightNotBlock)
                .isInstanceOf(ClosedChannelException.class));
        waitAllTasksBlocked();
        other.close();
      });
    });
  }

  @Test
  void two_tasks_in_one_direction_are_found_even_if_neither_waits() throws Exception {
    Roost.run(() -> {
      var pair = MemoryStreams.oneWayPair();
      for (var calls :
          Arrays.<dev.roost.AsyncRunnable<?>>asList(
              () -> pair.sender().sendAll("x"),
              pair.sender()::waitSendAllMightNotBlock,
              () -> pair.receiver().receiveSome(1))) {
        assertThatThrownBy(() ->
                Nursery.run(nursery -> {
                  nursery.start(calls);
                  nursery.start(calls);
                }))
            .cause()
            .isInstanceOf(BusyResourceException.class);
      }
    });
  }

  @Test
  void pumping_moves_as_much_as_asked_and_the_end_once() throws Exception {
    World.run(() -> {
      var sender = new MemorySendStream();
      var receiver = new MemoryReceiveStream();
      assertThat(MemoryStreams.pump(sender, receiver)).isFalse();
      sender.sendAll("abc");
      assertThat(MemoryStreams.pump(sender, receiver, 2)).isTrue();
      assertThat(receiver.receiveSome(10)).asString().isEqualTo("ab");
      assertThat(MemoryStreams.pump(sender, receiver)).isTrue();
      assertThat(receiver.receiveSome(10)).asString().isEqualTo("c");
      sender.close();
      assertThat(MemoryStreams.pump(sender, receiver)).isTrue();
      assertThat(receiver.receiveSome(10)).isEmpty();
      assertThatThrownBy(() -> MemoryStreams.pump(sender, receiver, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("at most 0 bytes");
    });
  }

  @Test
  void pumping_to_a_closed_receiver_breaks_the_sender() throws Exception {
    World.run(() -> {
      var pair = MemoryStreams.oneWayPair();
      pair.receiver().close();
      assertThatThrownBy(() -> pair.sender().sendAll("abc"))
          .isInstanceOf(BrokenStreamException.class)
          .hasMessageContaining("3 bytes will never be received");
      pair.sender().close();
    });
  }

  @Test
  void what_a_replaced_hook_has_not_moved_comes_with_the_close() throws Exception {
    World.run(() -> {
      var pair = MemoryStreams.oneWayPair();
      pair.sender().sendAllHook(() -> {});
      pair.sender().sendAll("kept back");
      Nursery.run(nursery -> {
        nursery.start(
            () -> assertThat(pair.receiver().receiveSome(100)).asString().isEqualTo("kept back"));
        waitAllTasksBlocked();
        pair.sender().close();
      });
      assertThat(pair.receiver().receiveSome(100)).isEmpty();
    });
  }

  @Test
  void a_pair_closes_both_ends() throws Exception {
    World.run(() -> {
      var oneWay = MemoryStreams.lockstepOneWayPair();
      oneWay.close();
      assertThat(oneWay.sender()).hasToString("LockstepSendStream[closed]");
      assertThat(oneWay.receiver()).hasToString("LockstepReceiveStream[closed]");
      var pair = MemoryStreams.pair();
      pair.close();
      assertThatThrownBy(() -> pair.left().receiveSome(1))
          .isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(() -> pair.right().receiveSome(1))
          .isInstanceOf(ClosedChannelException.class);
    });
  }

  @Test
  void a_lockstep_sender_waits_until_the_last_byte_was_received() throws Exception {
    World.run(() -> {
      var pair = MemoryStreams.lockstepOneWayPair();
      assertThat(pair.sender()).hasToString("LockstepSendStream[open]");
      assertThat(pair.receiver()).hasToString("LockstepReceiveStream[open]");
      var sent = new Event();
      Nursery.run(nursery -> {
        nursery.start(() -> {
          pair.sender().sendAll("abc");
          sent.set();
        });
        assertThat(pair.receiver().receiveSome(2)).asString().isEqualTo("ab");
        waitAllTasksBlocked();
        assertThat(sent.isSet()).isFalse();
        assertThat(pair.receiver().receiveSome(2)).asString().isEqualTo("c");
        waitAllTasksBlocked();
        assertThat(sent.isSet()).isTrue();
      });
    });
  }

  @Test
  void a_cancelled_lockstep_send_takes_back_what_was_not_received() throws Exception {
    World.run(() -> {
      var pair = MemoryStreams.lockstepOneWayPair();
      var scope = CancelScope.create();
      var bytes = ByteBuffer.wrap(new byte[] {1, 2, 3});
      Nursery.run(nursery -> {
        nursery.start(() -> scope.run(() -> pair.sender().sendAll(bytes)));
        assertThat(pair.receiver().receiveSome(1)).containsExactly(1);
        scope.cancel();
      });
      assertThat(bytes.remaining()).isEqualTo(2);
      Nursery.run(nursery -> {
        nursery.start(() -> pair.sender().sendAll(new byte[] {9}));
        assertThat(pair.receiver().receiveSome(10)).containsExactly(9);
      });
    });
  }

  @Test
  void streams_belong_to_one_run() throws Exception {
    var sender = new MemorySendStream();
    var receiver = new MemoryReceiveStream();
    assertThatThrownBy(sender::close).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(receiver::putEof).isInstanceOf(IllegalStateException.class);
    World.run(() -> {
      sender.sendAll("x");
      receiver.putData("x");
    });
    World.run(() -> {
      assertThatThrownBy(() -> sender.sendAll("x")).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> receiver.receiveSome(1)).isInstanceOf(IllegalStateException.class);
    });
  }
}
