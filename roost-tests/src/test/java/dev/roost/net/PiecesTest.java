package dev.roost.net;

import static dev.roost.net.Tcp.text;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncConsumer;
import dev.roost.BusyResourceException;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.World;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.testing.SimNet;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a socket hands out piece by piece, on a simulated network: there it is known what has
 * arrived and what has not.
 */
@Timeout(30)
class PiecesTest {

  private static void withPair(AsyncConsumer<Tcp.Pair, Exception> body) throws Exception {
    World.<Exception>run(() ->
        SimNet.<Exception>run(
            1,
            net ->
                net.host("here")
                    .<Exception>run(() -> {
                      try (var pair = Tcp.pair()) {
                        body.accept(pair);
                      }
                    })));
  }

  /** Sends, and waits until it is there. */
  private static void deliver(Tcp.Pair pair, String text) throws Exception {
    pair.client().sendAll(text);
    World.sleep(1);
  }

  private static byte[] bytesOf(ByteBuffer piece) {
    var bytes = new byte[piece.remaining()];
    piece.get(bytes);
    return bytes;
  }

  @Test
  void pieces_come_in_order_and_grow_with_what_there_is() throws Exception {
    var sent = new byte[1_000_000];
    new Random(1).nextBytes(sent);
    withPair(pair ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            pair.client().sendAll(sent);
            pair.client().sendEof();
          });
          var received = new ByteArrayOutputStream();
          var sizes = new ArrayList<Integer>();
          pair.server()
              .<Exception>forEachPiece(piece -> {
                assertThat(piece.position()).isZero();
                sizes.add(piece.remaining());
                received.writeBytes(bytesOf(piece));
              });
          assertThat(received.toByteArray()).isEqualTo(sent);
          assertThat(sizes).allMatch(size -> size > 0 && size <= 64 * 1024);
          assertThat(sizes.stream().max(Integer::compare).orElseThrow()).isGreaterThan(8 * 1024);
          pair.server().<Exception>forEachPiece(piece -> sizes.clear()); // the end comes again
          assertThat(sizes).isNotEmpty();
        }));
  }

  @Test
  void buffer_is_used_again_if_more_is_there_and_not_kept_during_a_wait() throws Exception {
    withPair(pair ->
        Nursery.run(nursery -> {
          deliver(pair, "first");
          var texts = new ArrayList<String>();
          var arrays = new ArrayList<byte[]>();
          pair.server()
              .<Exception>forEachPiece(piece -> {
                arrays.add(piece.array());
                texts.add(text(bytesOf(piece)));
                switch (arrays.size()) {
                  case 1 -> deliver(pair, "second");
                  case 2 ->
                      nursery.start(() -> {
                        World.sleep(1);
                        pair.client().sendAll("third");
                      });
                  default -> pair.client().close();
                }
              });
          assertThat(texts).containsExactly("first", "second", "third");
          assertThat(arrays.get(1)).isSameAs(arrays.get(0));
          assertThat(arrays.get(2)).isNotSameAs(arrays.get(1));
        }));
  }

  @Test
  void what_an_action_leaves_of_a_piece_is_gone_with_it() throws Exception {
    withPair(pair -> {
      deliver(pair, "abc");
      var seen = new ArrayList<String>();
      pair.server()
          .<Exception>forEachPiece(piece -> {
            seen.add(text(new byte[] {piece.get()}));
            piece.limit(piece.capacity()).position(3);
            if (seen.size() == 1) {
              deliver(pair, "def");
              pair.client().close();
            }
          });
      assertThat(seen).containsExactly("a", "d");
    });
  }

  @Test
  void action_that_fails_leaves_all_but_its_piece_in_the_stream() throws Exception {
    withPair(pair -> {
      deliver(pair, "bad");
      assertThatThrownBy(() ->
              pair.server()
                  .<ParseException>forEachPiece(piece -> {
                    throw new ParseException("no " + text(bytesOf(piece)), 0);
                  }))
          .isInstanceOf(ParseException.class)
          .hasMessage("no bad");
      deliver(pair, "good");
      assertThat(text(pair.server().receiveSome(100))).isEqualTo("good");
    });
  }

  @Test
  void cancelled_wait_loses_nothing() throws Exception {
    withPair(pair -> {
      var seen = new ArrayList<String>();
      for (var text : List.of("one", "two")) {
        deliver(pair, text);
        var scope = CancelScope.moveOnAfter(World.seconds(1));
        assertThat(
                scope.<Exception>run(() ->
                    pair.server().<Exception>forEachPiece(piece -> seen.add(text(bytesOf(piece))))))
            .isFalse();
      }
      assertThat(seen).containsExactly("one", "two");
    });
  }

  @Test
  void action_may_receive_by_itself_and_keeps_its_piece() throws Exception {
    withPair(pair -> {
      deliver(pair, "outer");
      var seen = new ArrayList<String>();
      pair.server()
          .<Exception>forEachPiece(outer -> {
            deliver(pair, "inner");
            pair.client().close();
            pair.server().<Exception>forEachPiece(inner -> seen.add(text(bytesOf(inner))));
            seen.add(text(bytesOf(outer)));
          });
      assertThat(seen).containsExactly("inner", "outer");
    });
  }

  @Test
  void whoever_waits_for_a_piece_is_receiving() throws Exception {
    withPair(pair ->
        Nursery.run(nursery -> {
          nursery.start(() ->
              assertThatThrownBy(() -> pair.server().forEachPiece(piece -> {}))
                  .isInstanceOf(ClosedChannelException.class));
          waitAllTasksBlocked();
          assertThatThrownBy(() -> pair.server().forEachPiece(piece -> {}))
              .isInstanceOf(BusyResourceException.class);
          pair.server().close();
        }));
  }

  @Test
  void each_piece_and_the_end_is_a_checkpoint() throws Exception {
    withPair(pair -> {
      deliver(pair, "piece");
      pair.client().close();
      World.sleep(1);
      var before = Checkpoints.counts();
      pair.server().<Exception>forEachPiece(piece -> {});
      var after = Checkpoints.counts();
      assertThat(after.cancelPoints() - before.cancelPoints()).isEqualTo(2);
      assertThat(after.schedulePoints() - before.schedulePoints()).isEqualTo(2);
      var scope = CancelScope.create();
      scope.cancel();
      assertThat(scope.run(() -> pair.server().<Exception>forEachPiece(piece -> {}))).isFalse();
    });
  }

  @Test
  void nothing_to_do_with_the_pieces_is_refused() throws Exception {
    withPair(pair ->
        assertThatThrownBy(() -> pair.server().forEachPiece(null))
            .isInstanceOf(NullPointerException.class)
            .hasMessage("forEachPiece: the action is null"));
  }
}
