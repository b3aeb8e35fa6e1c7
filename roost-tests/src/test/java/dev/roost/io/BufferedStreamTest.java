package dev.roost.io;

import static dev.roost.testing.Testing.assertCheckpoints;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncConsumer;
import dev.roost.BusyResourceException;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.World;
import dev.roost.testing.MemoryReceiveStream;
import dev.roost.testing.MemoryStreams;
import dev.roost.testing.OneWayPair;
import dev.roost.testing.StreamChecks;
import dev.roost.testing.StreamPair;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reading lines, records and blocks, whatever the pieces in which they come. */
@Timeout(30)
class BufferedStreamTest {

  private final MemoryReceiveStream source = new MemoryReceiveStream();
  private final BufferedStream stream = new BufferedStream(source);

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Puts the bytes in one after another, each when the reader waits for it. */
  private void dribble(String data) {
    var bytes = ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8));
    source.receiveSomeHook(() -> {
      if (bytes.hasRemaining()) {
        source.putData(new byte[] {bytes.get()});
      } else {
        source.putEof();
      }
    });
  }

  @Test
  void exactly_so_many_bytes_are_read() throws Exception {
    World.run(() -> {
      source.putData("abcdef");
      assertThat(text(stream.readExactly(2))).isEqualTo("ab");
      assertThat(stream.buffered()).isEqualTo(4);
      assertThat(stream.readExactly(0)).isEmpty();
      assertThat(text(stream.readExactly(4))).isEqualTo("cdef");
      dribble("xyz");
      assertThat(text(stream.readExactly(3))).isEqualTo("xyz");
      assertThatThrownBy(() -> stream.readExactly(-1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the count is negative (-1)");
    });
  }

  @Test
  void a_block_that_the_end_cuts_short_is_an_error_and_stays() throws Exception {
    World.run(() -> {
      dribble("abc");
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> stream.readExactly(4))
            .isInstanceOf(EOFException.class)
            .hasMessageContaining("4 bytes were wanted, and the stream ended after 3");
      }
      assertThat(text(stream.readExactly(3))).isEqualTo("abc");
      assertThat(stream.readExactly(0)).isEmpty();
    });
  }

  @Test
  void a_big_block_comes_whole() throws Exception {
    World.run(() -> {
      var bytes = new byte[3_000_000];
      new Random(1).nextBytes(bytes);
      source.putData(new byte[] {1});
      source.putData(bytes);
      assertThat(stream.readExactly(1)).containsExactly(1);
      assertThat(stream.readExactly(bytes.length)).isEqualTo(bytes);
    });
  }

  @Test
  void records_end_with_their_delimiter_which_is_not_part_of_them() throws Exception {
    World.run(() -> {
      source.putData("one--two----three");
      for (var expected : List.of("one", "two", "")) {
        assertThat(text(stream.readUntil("--", 10))).isEqualTo(expected);
      }
      assertThatThrownBy(
              () -> {
                source.putEof();
                stream.readUntil("--", 10);
              })
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("ended after 5 bytes without the delimiter");
      assertThat(text(stream.readExactly(5))).isEqualTo("three");
      assertThatThrownBy(() -> stream.readUntil(new byte[0], 10))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the delimiter is empty");
      assertThatThrownBy(() -> stream.readUntil("x", -1))
          .isInstanceOf(IllegalArgumentException.class);
    });
  }

  @Test
  void a_delimiter_is_found_wherever_the_pieces_break() throws Exception {
    World.run(() -> {
      dribble("a-b--c-\r-\r\n\r\n--");
      assertThat(text(stream.readUntil("--", 100))).isEqualTo("a-b");
      assertThat(text(stream.readUntil("\r\n\r\n", 100))).isEqualTo("c-\r-");
      assertThat(text(stream.readUntil("--", 0))).isEmpty();
    });
  }

  @Test
  void a_record_may_be_as_long_as_the_limit_and_no_longer() throws Exception {
    World.run(() -> {
      source.putData("12345--");
      assertThatThrownBy(() -> stream.readUntil("--", 4))
          .isInstanceOfSatisfying(
              LimitExceededException.class, e -> assertThat(e.limit()).isEqualTo(4))
          .hasMessageContaining("more than 4 bytes before the delimiter");
      assertThat(text(stream.readUntil("--", 5))).isEqualTo("12345");
      source.putData("12345-"); // perhaps the beginning of the delimiter
      Nursery.run(nursery -> {
        nursery.start(() -> assertThat(text(stream.readUntil("--", 5))).isEqualTo("12345"));
        waitAllTasksBlocked();
        source.putData("-");
      });
      source.putData("123456-"); // too long already
      assertThatThrownBy(() -> stream.readUntil("--", 5))
          .isInstanceOf(LimitExceededException.class);
    });
  }

  @Test
  void lines_end_with_line_feed_and_perhaps_return_and_the_last_with_the_stream() throws Exception {
    World.run(() -> {
      dribble("one\ntwo\r\n\n\r\nwith\rreturn\ngrüße\nlast");
      for (var expected : List.of("one", "two", "", "", "with\rreturn", "grüße", "last")) {
        assertThat(stream.readLine()).isEqualTo(expected);
      }
      assertThat(stream.readLineOrEnd(10)).isEmpty();
      assertThatThrownBy(() -> stream.readLine(10))
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("readLineOrEnd");
    });
  }

  @Test
  void a_line_may_be_as_long_as_the_limit_and_no_longer() throws Exception {
    World.run(() -> {
      source.putData("12345\r\n12345\n123456\n");
      assertThat(stream.readLine(5)).isEqualTo("12345");
      assertThat(stream.readLine(5)).isEqualTo("12345");
      assertThatThrownBy(() -> stream.readLine(5))
          .isInstanceOf(LimitExceededException.class)
          .hasMessageContaining("more than 5 bytes in this line");
      assertThat(stream.readLine(6)).isEqualTo("123456");
      source.putData("123456"); // its end need not be waited for
      assertThatThrownBy(() -> stream.readLine(5)).isInstanceOf(LimitExceededException.class);
      assertThatThrownBy(() -> stream.readLine(-1)).isInstanceOf(IllegalArgumentException.class);
      source.putData("\r");
      source.putEof();
      assertThatThrownBy(() -> stream.readLineOrEnd(6)).isInstanceOf(LimitExceededException.class);
      assertThat(stream.readLineOrEnd(7)).contains("123456\r");
    });
  }

  @Test
  void what_never_ends_is_given_up_before_it_fills_the_memory() throws Exception {
    World.run(() -> {
      source.receiveSomeHook(() -> source.putData(new byte[10_000]));
      assertThatThrownBy(stream::readLine).isInstanceOf(LimitExceededException.class);
      assertThat(stream.buffered()).isLessThan(3 * BufferedStream.DEFAULT_LIMIT);
    });
  }

  private interface Read {
    Object read() throws IOException, InterruptedException;
  }

  @Test
  void a_cancelled_read_loses_nothing() throws Exception {
    World.run(() -> {
      for (Read read :
          List.<Read>of(
              () -> stream.readExactly(6),
              () -> stream.readUntil("!", 10),
              () -> stream.readLine(10))) {
        source.putData("abc");
        var scope = CancelScope.create();
        Nursery.run(nursery -> {
          nursery.start(() -> scope.run(() -> read.read()));
          waitAllTasksBlocked();
          scope.cancel();
        });
        assertThat(scope.cancelledCaught()).isTrue();
        source.putData("def!\n");
        assertThat(text(stream.readUntil("!\n", 10))).isEqualTo("abcdef");
      }
    });
  }

  @Test
  void every_read_is_a_checkpoint_and_looks_for_cancellation_first() throws Exception {
    World.run(() -> {
      source.putData("abcdefghij\nklmno\nxx");
      var buffer = ByteBuffer.allocate(1);
      List<Read> reads =
          List.of(
              () -> stream.readExactly(1),
              () -> stream.readExactly(0),
              () -> stream.receiveSome(buffer.clear()),
              () -> stream.receiveSome(1),
              () -> stream.readUntil("e", 10),
              stream::readLine,
              () -> stream.readLineOrEnd(10));
      for (var read : reads) {
        var scope = CancelScope.create();
        scope.cancel();
        assertThat(scope.run(() -> read.read())).isFalse();
        assertCheckpoints(() -> read.read());
      }
      assertThat(stream.buffered()).isEqualTo(2);
    });
  }

  @Test
  void bytes_read_ahead_are_received_first() throws Exception {
    World.run(() -> {
      source.putData("line\nrest");
      assertThat(stream.readLine()).isEqualTo("line");
      assertThat(stream)
          .hasToString("BufferedStream[MemoryReceiveStream[0 bytes], 4 bytes read ahead]");
      source.putData("more");
      assertThat(text(stream.receiveSome(100))).isEqualTo("rest");
      assertThat(text(stream.receiveSome(100))).isEqualTo("more");
      assertThatThrownBy(() -> stream.receiveSome(ByteBuffer.allocate(0)))
          .isInstanceOf(IllegalArgumentException.class);
    });
  }

  @Test
  void a_closed_one_has_nothing_even_if_it_has_read_ahead() throws Exception {
    World.run(() -> {
      source.putData("line\nrest");
      stream.readLine();
      stream.close();
      stream.close();
      assertThatThrownBy(() -> stream.readExactly(1)).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(() -> stream.readExactly(0)).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(() -> source.receiveSome(1)).isInstanceOf(ClosedChannelException.class);
    });
  }

  @Test
  void closing_wakes_and_two_readers_are_busy() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() ->
              assertThatThrownBy(stream::readLine).isInstanceOf(ClosedChannelException.class));
          waitAllTasksBlocked();
          assertThatThrownBy(() -> stream.readExactly(1))
              .isInstanceOf(BusyResourceException.class)
              .hasMessageContaining("reading from BufferedStream[");
          stream.close();
        }));
  }

  @Test
  void it_passes_the_checks_of_streams() throws Exception {
    World.run(() -> {
      StreamChecks.oneWay(() -> buffered(MemoryStreams.oneWayPair()));
      StreamChecks.oneWay(
          () -> buffered(MemoryStreams.lockstepOneWayPair()),
          () -> buffered(MemoryStreams.lockstepOneWayPair()));
      StreamChecks.halfCloseable(() -> {
        var pair = MemoryStreams.pair();
        return new StreamPair<>(
            new StapledStream<>(pair.left(), new BufferedStream(pair.left())),
            new StapledStream<>(pair.right(), new BufferedStream(pair.right())));
      });
    });
  }

  private static OneWayPair<SendStream, BufferedStream> buffered(OneWayPair<?, ?> pair) {
    return new OneWayPair<>(pair.sender(), new BufferedStream(pair.receiver()));
  }

  // ---- lines as a channel

  @Test
  void lines_are_read_when_they_are_asked_for() throws Exception {
    World.run(() -> {
      source.putData("one\ntwo\nthree\nfour\n");
      stream
          .lines(10)
          .run(lines -> {
            waitAllTasksBlocked();
            assertThat(stream.buffered()).isZero();
            assertThat(lines.receive()).isEqualTo("one");
            assertThat(lines.receive()).isEqualTo("two");
            waitAllTasksBlocked();
            assertThat(stream.buffered()).isEqualTo(11);
          });
      assertThat(stream.readLine()).isEqualTo("three");
      source.putEof();
      var rest = new ArrayList<String>();
      stream.lines(10).run(lines -> lines.forEach(rest::add));
      assertThat(rest).containsExactly("four");
    });
  }

  @Test
  void a_sender_is_slowed_down_by_who_receives_the_lines() throws Exception {
    World.run(() -> {
      var pair = MemoryStreams.lockstepOneWayPair();
      var sent = new ArrayList<Integer>();
      Nursery.run(nursery -> {
        nursery.start(() -> {
          for (int i = 0; i < 100; i++) {
            pair.sender().sendAll(i + "\n");
            sent.add(i);
          }
        });
        new BufferedStream(pair.receiver())
            .lines(10)
            .run(lines -> {
              for (int i = 0; i < 5; i++) {
                lines.receive();
              }
              waitAllTasksBlocked();
              assertThat(sent).hasSizeLessThanOrEqualTo(6);
            });
        nursery.cancel();
      });
    });
  }

  @Test
  void errors_of_reading_come_out_where_the_lines_are_consumed() throws Exception {
    World.run(() -> {
      source.putData("ok\nmuch too long\n");
      var seen = new ArrayList<String>();
      assertThatThrownBy(() -> stream.lines(5).run(lines -> lines.forEach(seen::add)))
          .isInstanceOf(LimitExceededException.class);
      assertThat(seen).containsExactly("ok");
      assertThatThrownBy(() -> stream.lines(-1)).isInstanceOf(IllegalArgumentException.class);
    });
  }

  /** Random bytes in random pieces, read in random ways with cancellations: nothing is lost. */
  @Test
  void whatever_is_read_however_and_cancelled_at_random_all_bytes_come_in_order() throws Exception {
    for (int seed = 0; seed < 20; seed++) {
      readAtRandom(new Random(seed));
    }
  }

  private static void readAtRandom(Random random) throws Exception {
    var data = new byte[2_000];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) "ab\n\r".charAt(random.nextInt(4));
    }
    World.run(() -> {
      var pair = MemoryStreams.oneWayPair();
      var stream = new BufferedStream(pair.receiver());
      var got = new ByteArrayOutputStream();
      Nursery.run(nursery -> {
        nursery.start(() -> {
          for (int at = 0; at < data.length; ) {
            int count = Math.min(data.length - at, 1 + random.nextInt(10));
            pair.sender().sendAll(ByteBuffer.wrap(data, at, count));
            at += count;
          }
          pair.sender().close();
        });
        while (got.size() < data.length) {
          readOrGiveUp(stream, random, got);
        }
      });
      assertThat(got.toByteArray()).isEqualTo(data);
    });
  }

  private static void readOrGiveUp(BufferedStream stream, Random random, ByteArrayOutputStream got)
      throws Exception {
    AsyncConsumer<ByteArrayOutputStream, IOException> read =
        switch (random.nextInt(3)) {
          case 0 -> {
            int count = random.nextInt(20);
            yield to -> to.writeBytes(stream.readExactly(count));
          }
          case 1 ->
              to -> {
                to.writeBytes(stream.readUntil("a", 5));
                to.write('a');
              };
          default -> to -> to.writeBytes(stream.receiveSome(7));
        };
    var scope = CancelScope.create();
    Nursery.run(nursery -> {
      nursery.start(() ->
          scope.run(() -> {
            try {
              read.accept(got);
            } catch (LimitExceededException | EOFException e) {
              got.writeBytes(stream.receiveSome(3));
            }
            nursery.cancel();
          }));
      for (int i = random.nextInt(12); i > 0; i--) {
        dev.roost.Roost.checkpoint();
      }
      scope.cancel();
    });
  }
}
