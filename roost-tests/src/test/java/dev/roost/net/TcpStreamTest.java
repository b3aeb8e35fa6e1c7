package dev.roost.net;

import static dev.roost.net.Tcp.TOO_MUCH;
import static dev.roost.net.Tcp.receiveAll;
import static dev.roost.net.Tcp.receiveExactly;
import static dev.roost.net.Tcp.text;
import static dev.roost.net.Tcp.withPair;
import static dev.roost.net.Tcp.withSmallPair;
import static dev.roost.testing.Testing.assertCheckpoints;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.BrokenStreamException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes through a TCP stream, and how it ends. */
@Timeout(30)
class TcpStreamTest {

  private static final int BIG = 8 * 1024 * 1024;

  private static byte[] bytes(int count, long seed) {
    var bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void bytes_arrive_in_both_directions() throws Exception {
    withPair(pair -> {
      pair.client().sendAll(new byte[] {1, 2, 3});
      assertThat(receiveExactly(pair.server(), 3)).containsExactly(1, 2, 3);
      pair.server().sendAll("grüße");
      assertThat(text(receiveExactly(pair.client(), 7))).isEqualTo("grüße");
      pair.server().sendAll(new StringBuilder("äh"));
      assertThat(text(receiveExactly(pair.client(), 3))).isEqualTo("äh");
    });
  }

  @Test
  void buffers_of_all_kinds_are_sent_from_position_to_limit() throws Exception {
    withPair(pair -> {
      var heap = ByteBuffer.wrap("--heap--".getBytes(StandardCharsets.UTF_8), 2, 4);
      var direct =
          ByteBuffer.allocateDirect(10).put("xdirectx".getBytes(StandardCharsets.UTF_8)).flip();
      direct.position(1).limit(7);
      for (var buffer : List.of(heap, direct)) {
        int end = buffer.limit();
        pair.client().sendAll(buffer);
        assertThat(buffer.position()).isEqualTo(end);
        assertThat(buffer.limit()).isEqualTo(end);
      }
      pair.client().sendAll(ByteBuffer.wrap(new byte[] {'r', 'o'}).asReadOnlyBuffer());
      assertThat(text(receiveExactly(pair.server(), 12))).isEqualTo("heapdirectro");
    });
  }

  @Test
  void a_buffer_receives_from_position_to_limit() throws Exception {
    withPair(pair -> {
      pair.client().sendAll("abcdef");
      for (var buffer : List.of(ByteBuffer.allocate(10), ByteBuffer.allocateDirect(10))) {
        buffer.position(2).limit(5);
        assertThat(pair.server().receiveSome(buffer)).isEqualTo(3);
        assertThat(buffer.position()).isEqualTo(5);
        assertThat(buffer.limit()).isEqualTo(5);
      }
    });
  }

  @Test
  void no_more_is_received_than_was_asked_for() throws Exception {
    withPair(pair -> {
      pair.client().sendAll("abc");
      assertThat(text(pair.server().receiveSome(1))).isEqualTo("a");
      assertThat(text(receiveExactly(pair.server(), 2))).isEqualTo("bc");
    });
  }

  @Test
  void asking_for_nothing_is_an_error() throws Exception {
    withPair(pair -> {
      for (int max : new int[] {0, -1}) {
        assertThatThrownBy(() -> pair.client().receiveSome(max))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("at most " + max + " bytes");
      }
      assertThatThrownBy(() -> pair.client().receiveSome(ByteBuffer.allocate(0)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has no room");
    });
  }

  @Test
  void the_end_comes_after_the_data_and_comes_again() throws Exception {
    withPair(pair -> {
      pair.client().sendAll("last");
      pair.client().close();
      assertThat(text(receiveAll(pair.server()))).isEqualTo("last");
      assertThat(pair.server().receiveSome(ByteBuffer.allocate(1))).isEqualTo(-1);
      assertThat(pair.server().receiveSome(10)).isEmpty();
    });
  }

  @Test
  void half_closing_ends_one_direction_and_leaves_the_other() throws Exception {
    withPair(pair -> {
      pair.client().sendAll("question");
      pair.client().sendEof();
      pair.client().sendEof();
      assertThat(text(receiveAll(pair.server()))).isEqualTo("question");
      pair.server().sendAll("answer");
      assertThat(text(receiveExactly(pair.client(), 6))).isEqualTo("answer");
      assertThatThrownBy(() -> pair.client().sendAll("more"))
          .isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(() -> pair.client().sendAll(""))
          .isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(pair.client()::waitSendAllMightNotBlock)
          .isInstanceOf(ClosedChannelException.class);
      pair.client().close();
      assertThatThrownBy(pair.client()::sendEof).isInstanceOf(ClosedChannelException.class);
    });
  }

  @Test
  void much_goes_both_ways_at_once() throws Exception {
    byte[] there = bytes(BIG, 1);
    byte[] back = bytes(BIG, 2);
    withPair(pair ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            pair.client().sendAll(there);
            pair.client().sendEof();
          });
          nursery.start(() -> {
            pair.server().sendAll(ByteBuffer.allocateDirect(BIG).put(back).flip());
            pair.server().sendEof();
          });
          nursery.start(() -> assertThat(Arrays.equals(receiveAll(pair.server()), there)).isTrue());
          assertThat(Arrays.equals(receiveAll(pair.client()), back)).isTrue();
        }));
  }

  @Test
  void ten_thousand_messages_of_all_sizes_keep_their_order() throws Exception {
    withPair(pair ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            for (int size = 0; size < 10_000; size++) {
              pair.client().sendAll(ByteBuffer.allocate(4 + size % 100).putInt(0, size));
            }
            pair.client().sendEof();
          });
          var all = ByteBuffer.wrap(receiveAll(pair.server()));
          for (int size = 0; size < 10_000; size++) {
            assertThat(all.getInt()).isEqualTo(size);
            all.position(all.position() + size % 100);
          }
          assertThat(all.hasRemaining()).isFalse();
        }));
  }

  @Test
  void a_sender_waits_for_a_receiver_that_does_not_keep_up() throws Exception {
    withSmallPair(pair ->
        Nursery.run(nursery -> {
          var done = new ArrayList<String>();
          var big = ByteBuffer.allocate(TOO_MUCH);
          nursery.start(() -> {
            pair.client().sendAll(big);
            done.add("sent");
          });
          waitAllTasksBlocked();
          assertThat(done).isEmpty();
          assertThat(big.position()).isGreaterThan(0);
          receiveExactly(pair.server(), TOO_MUCH);
        }));
  }

  @Test
  void waiting_to_send_ends_when_there_is_room_again() throws Exception {
    withSmallPair(pair ->
        Nursery.run(nursery -> {
          pair.client().waitSendAllMightNotBlock();
          var clogged = CancelScope.create();
          nursery.start(
              () -> clogged.run(() -> pair.client().sendAll(ByteBuffer.allocate(TOO_MUCH))));
          waitAllTasksBlocked();
          clogged.cancel();
          var room = new ArrayList<String>();
          nursery.start(() -> {
            waitAllTasksBlocked();
            pair.client().waitSendAllMightNotBlock();
            room.add("room");
            pair.client().sendEof();
          });
          waitAllTasksBlocked();
          receiveAll(pair.server());
          assertThat(room).containsExactly("room");
        }));
  }

  @Test
  void a_cancelled_receive_loses_nothing() throws Exception {
    withPair(pair -> {
      var scope = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(() -> scope.run(() -> pair.server().receiveSome(10)));
        waitAllTasksBlocked();
        scope.cancel();
      });
      assertThat(scope.cancelledCaught()).isTrue();
      pair.client().sendAll("safe");
      var cancelled = CancelScope.create();
      cancelled.cancel();
      assertThat(cancelled.run(() -> pair.server().receiveSome(10))).isFalse();
      assertThat(text(receiveExactly(pair.server(), 4))).isEqualTo("safe");
    });
  }

  @Test
  void after_a_cancelled_send_the_buffer_tells_how_much_went_out() throws Exception {
    withSmallPair(pair -> {
      var scope = CancelScope.create();
      var big = ByteBuffer.wrap(bytes(TOO_MUCH, 3));
      Nursery.run(nursery -> {
        nursery.start(() -> scope.run(() -> pair.client().sendAll(big)));
        waitAllTasksBlocked();
        scope.cancel();
      });
      assertThat(scope.cancelledCaught()).isTrue();
      assertThat(big.remaining()).isGreaterThan(0);
      pair.client().sendEof();
      assertThat(receiveAll(pair.server())).isEqualTo(Arrays.copyOf(big.array(), big.position()));
    });
  }

  @Test
  void a_long_send_can_be_cancelled_although_it_never_waits() throws Exception {
    withPair(pair -> {
      var scope = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(() -> {
          for (int i = 0; i < 3; i++) {
            receiveExactly(pair.server(), 1024 * 1024);
          }
          scope.cancel();
        });
        nursery.start(() -> scope.run(() -> pair.client().sendAll(ByteBuffer.allocate(BIG * 8))));
      });
      assertThat(scope.cancelledCaught()).isTrue();
    });
  }

  @Test
  void every_call_is_a_checkpoint() throws Exception {
    withPair(pair -> {
      var stream = pair.client();
      pair.server().sendAll("xxxx");
      assertCheckpoints(() -> stream.receiveSome(1));
      assertCheckpoints(() -> stream.receiveSome(ByteBuffer.allocate(1)));
      assertCheckpoints(() -> stream.sendAll("x"));
      assertCheckpoints(() -> stream.sendAll(""));
      assertCheckpoints(stream::waitSendAllMightNotBlock);
      assertCheckpoints(stream::sendEof);
      assertCheckpoints(stream::sendEof);
      pair.server().sendEof();
      assertThat(receiveAll(stream)).hasSize(2);
      assertCheckpoints(() -> stream.receiveSome(1));
    });
  }

  @Test
  void every_call_looks_for_cancellation_first() throws Exception {
    withPair(pair -> {
      var stream = pair.client();
      pair.server().sendAll("x");
      List<CancelledCall> calls =
          List.of(
              () -> stream.receiveSome(1),
              () -> stream.receiveSome(ByteBuffer.allocate(1)),
              () -> stream.sendAll("never"),
              stream::waitSendAllMightNotBlock,
              stream::sendEof);
      for (var call : calls) {
        var scope = CancelScope.create();
        scope.cancel();
        assertThat(scope.run(call::make)).isFalse();
      }
      stream.sendAll("still open");
      assertThat(text(receiveExactly(pair.server(), 10))).isEqualTo("still open");
    });
  }

  private interface CancelledCall {
    void make() throws IOException, InterruptedException;
  }

  @Test
  void a_reset_breaks_the_receiver_and_stays() throws Exception {
    withPair(pair ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            for (int i = 0; i < 2; i++) {
              assertThatThrownBy(() -> pair.server().receiveSome(10))
                  .isInstanceOf(BrokenStreamException.class)
                  .hasMessageContaining("broke while receiving from it")
                  .hasCauseInstanceOf(IOException.class);
            }
            pair.server().close();
            assertThatThrownBy(() -> pair.server().receiveSome(10))
                .isInstanceOf(ClosedChannelException.class);
          });
          waitAllTasksBlocked();
          reset(pair.client());
        }));
  }

  @Test
  void a_reset_breaks_the_sender_and_stays() throws Exception {
    withSmallPair(pair ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            assertThatThrownBy(() -> pair.server().sendAll(new byte[TOO_MUCH]))
                .isInstanceOf(BrokenStreamException.class)
                .hasMessageContaining("broke while sending to it")
                .hasCauseInstanceOf(IOException.class);
            for (int i = 0; i < 2; i++) {
              assertThatThrownBy(() -> pair.server().sendAll(""))
                  .isInstanceOf(BrokenStreamException.class);
            }
            assertThatThrownBy(pair.server()::waitSendAllMightNotBlock)
                .isInstanceOf(BrokenStreamException.class);
            assertThatThrownBy(pair.server()::sendEof).isInstanceOf(BrokenStreamException.class);
          });
          waitAllTasksBlocked();
          reset(pair.client());
        }));
  }

  private static void reset(TcpStream stream) throws IOException {
    stream.setOption(StandardSocketOptions.SO_LINGER, 0);
    stream.close();
  }

  @Test
  void small_pieces_are_sent_at_once_unless_that_is_turned_off() throws Exception {
    withPair(pair -> {
      for (var stream : List.of(pair.client(), pair.server())) {
        assertThat(stream.option(StandardSocketOptions.TCP_NODELAY)).isTrue();
      }
      pair.client().setOption(StandardSocketOptions.TCP_NODELAY, false);
      assertThat(pair.client().option(StandardSocketOptions.TCP_NODELAY)).isFalse();
      pair.client().close();
      assertThatThrownBy(() -> pair.client().option(StandardSocketOptions.TCP_NODELAY))
          .isInstanceOf(ClosedChannelException.class);
    });
  }

  @Test
  void it_tells_its_addresses_also_when_closed() throws Exception {
    withPair(pair -> {
      pair.client().close();
      assertThat(pair.client().remoteAddress()).isEqualTo(pair.server().localAddress());
      assertThat(pair.client().localAddress()).isEqualTo(pair.server().remoteAddress());
      int from = pair.client().localAddress().getPort();
      int to = pair.client().remoteAddress().getPort();
      assertThat(pair.client())
          .hasToString("TcpStream[127.0.0.1:" + from + " -> 127.0.0.1:" + to + ", closed]");
      assertThat(pair.server())
          .hasToString("TcpStream[127.0.0.1:" + to + " -> 127.0.0.1:" + from + "]");
    });
  }

  @Test
  void a_busy_stream_does_not_starve_the_other_tasks() throws Exception {
    withPair(pair ->
        Nursery.run(nursery -> {
          nursery.start(() -> pair.client().sendAll(new byte[BIG]));
          nursery.start(() -> receiveExactly(pair.server(), BIG));
          for (int i = 0; i < 20; i++) {
            Roost.checkpoint();
          }
          nursery.cancel(); // long before all is through
        }));
  }
}
