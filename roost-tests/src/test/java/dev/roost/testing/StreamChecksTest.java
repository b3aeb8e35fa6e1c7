package dev.roost.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncCallable;
import dev.roost.AsyncRunnable;
import dev.roost.CancelScope;
import dev.roost.Roost;
import dev.roost.World;
import dev.roost.io.HalfCloseableStream;
import dev.roost.io.StapledStream;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.sync.Event;
import dev.roost.sync.Lock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checks let good streams pass, and each kind of mistake is found. */
@Timeout(30)
class StreamChecksTest {

  @Test
  void memory_streams_pass() throws Exception {
    World.run(() -> {
      StreamChecks.oneWay(MemoryStreams::oneWayPair);
      StreamChecks.twoWay(MemoryStreams::pair);
      StreamChecks.halfCloseable(MemoryStreams::pair);
    });
  }

  @Test
  void memory_streams_that_wait_for_their_receiver_pass() throws Exception {
    World.run(() -> StreamChecks.oneWay(MemoryStreams::oneWayPair, StreamChecksTest::clogged));
  }

  /** Full until somebody receives. */
  private static OneWayPair<MemorySendStream, MemoryReceiveStream> clogged() {
    var pair = MemoryStreams.oneWayPair();
    var room = new Event();
    var gone = new Event();
    pair.receiver()
        .receiveSomeHook(room::set)
        .closeHook(() -> {
          gone.set();
          room.set();
        });
    pair.sender()
        .waitSendAllMightNotBlockHook(room::await)
        .sendAllHook(() -> {
          room.await();
          MemoryStreams.pump(pair.sender(), pair.receiver());
        });
    return pair;
  }

  @Test
  void lockstep_streams_pass() throws Exception {
    World.run(() -> {
      StreamChecks.oneWay(MemoryStreams::lockstepOneWayPair, MemoryStreams::lockstepOneWayPair);
      StreamChecks.twoWay(MemoryStreams::lockstepPair, MemoryStreams::lockstepPair);
      StreamChecks.halfCloseable(MemoryStreams::lockstepPair, MemoryStreams::lockstepPair);
    });
  }

  @Test
  void good_streams_pass_in_any_order_of_tasks() throws Exception {
    for (long seed = 0; seed < World.rounds(1); seed++) {
      World.options()
          .seed(seed)
          .run(() -> {
            StreamChecks.halfCloseable(MemoryStreams::lockstepPair, MemoryStreams::lockstepPair);
            StreamChecks.halfCloseable(MemoryStreams::pair);
          });
    }
  }

  @Test
  void a_stream_can_have_an_end_of_its_own() throws Exception {
    World.run(() -> {
      var suite =
          StreamChecks.endingBy(stream -> {
            Roost.checkpoint();
            stream.close();
          });
      suite.oneWay(MemoryStreams::oneWayPair);
      suite.oneWay(MemoryStreams::lockstepOneWayPair, MemoryStreams::lockstepOneWayPair);
      suite.twoWay(MemoryStreams::pair);
      suite.halfCloseable(MemoryStreams::pair);
    });
  }

  @Test
  void a_failure_names_the_promise_and_what_came_instead() throws Exception {
    World.run(() ->
        assertThatThrownBy(
                () -> StreamChecks.halfCloseable(maker(MemoryStreams::pair, "takes too much")))
            .isInstanceOf(AssertionError.class)
            .hasMessageContainingAll("from left to right: ", "a receive gives", "receiveSome(1)"));
  }

  @Test
  void a_hang_is_shown_with_the_promise() {
    assertThatThrownBy(() ->
            World.run(() ->
                StreamChecks.halfCloseable(
                    maker(MemoryStreams::pair, "lets a second receiver wait for its turn"))))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("nothing can ever wake", "StreamChecks, from left to right: ");
  }

  @Test
  void a_maker_that_fails_is_a_failure_and_a_cancelled_one_is_not() throws Exception {
    World.run(() -> {
      assertThatThrownBy(() ->
              StreamChecks.oneWay(() -> {
                throw new IOException("no stream today");
              }))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("no stream today");
      var scope = CancelScope.create();
      scope.cancel();
      assertThat(
              scope.run(() ->
                  StreamChecks.oneWay(() -> {
                    Roost.checkpoint();
                    return MemoryStreams.oneWayPair();
                  })))
          .isFalse();
    });
  }

  // ---- mistakes

  private static final Map<String, UnaryOperator<HalfCloseableStream>> MISTAKES = new TreeMap<>();

  static {
    MISTAKES.put(
        "loses an empty receive",
        stream ->
            new FaultyStream(stream) {
              @Override
              public int receiveSome(ByteBuffer dst) throws IOException, InterruptedException {
                return dst.hasRemaining() ? super.receiveSome(dst) : 0;
              }
            });
    MISTAKES.put(
        "takes too much",
        stream ->
            new FaultyStream(stream) {
              @Override
              public byte[] receiveSome(int max) throws IOException, InterruptedException {
                return max == 1 ? super.receiveSome(2) : super.receiveSome(max);
              }
            });
    MISTAKES.put(
        "says null bytes instead of the end",
        stream ->
            new FaultyStream(stream) {
              @Override
              public int receiveSome(ByteBuffer dst) throws IOException, InterruptedException {
                return Math.max(0, super.receiveSome(dst));
              }
            });
    MISTAKES.put(
        "ends only once",
        stream ->
            new FaultyStream(stream) {
              private boolean ended;

              @Override
              public int receiveSome(ByteBuffer dst) throws IOException, InterruptedException {
                int count = super.receiveSome(dst);
                if (count < 0 && ended) {
                  throw new IOException("read past the end");
                }
                ended |= count < 0;
                return count;
              }
            });
    MISTAKES.put(
        "takes an empty send for the end",
        stream ->
            new FaultyStream(stream) {
              @Override
              public void sendAll(ByteBuffer src) throws IOException, InterruptedException {
                if (src.hasRemaining()) {
                  super.sendAll(src);
                } else {
                  super.sendEof();
                }
              }
            });
    MISTAKES.put(
        "is no checkpoint when it sends nothing",
        stream ->
            new FaultyStream(stream) {
              @Override
              public void sendAll(ByteBuffer src) throws IOException, InterruptedException {
                if (src.hasRemaining()) {
                  super.sendAll(src);
                }
              }
            });
    MISTAKES.put(
        "sends what is outside the limits",
        stream ->
            new FaultyStream(stream) {
              @Override
              public void sendAll(ByteBuffer src) throws IOException, InterruptedException {
                super.sendAll(src.duplicate().rewind());
                src.position(src.limit());
              }
            });
    MISTAKES.put(
        "leaves the buffer as it was",
        stream ->
            new FaultyStream(stream) {
              @Override
              public void sendAll(ByteBuffer src) throws IOException, InterruptedException {
                super.sendAll(src.duplicate());
              }
            });
    MISTAKES.put(
        "loses bytes when a receive is cancelled",
        stream ->
            new FaultyStream(stream) {
              @Override
              public int receiveSome(ByteBuffer dst) throws IOException, InterruptedException {
                int count = super.receiveSome(dst);
                Roost.checkpoint();
                return count;
              }
            });
    MISTAKES.put(
        "sends before it looks for cancellation",
        stream ->
            new FaultyStream(stream) {
              @Override
              public void sendAll(ByteBuffer src) throws IOException, InterruptedException {
                CancelScope.cleanup(World.seconds(1)).run(() -> stream.sendAll(src));
                Checkpoints.throwIfCancelled();
              }
            });
    MISTAKES.put(
        "lets a second receiver wait for its turn",
        stream ->
            new FaultyStream(stream) {
              private final Lock lock = new Lock();

              @Override
              public int receiveSome(ByteBuffer dst) throws IOException, InterruptedException {
                try (var _ = lock.acquire()) {
                  return super.receiveSome(dst);
                }
              }
            });
    MISTAKES.put(
        "lets a second sender wait for its turn",
        stream ->
            new FaultyStream(stream) {
              private final Lock lock = new Lock();

              @Override
              public void sendAll(ByteBuffer src) throws IOException, InterruptedException {
                try (var _ = lock.acquire()) {
                  super.sendAll(src);
                }
              }
            });
    MISTAKES.put(
        "never waits for room",
        stream ->
            new FaultyStream(stream) {
              @Override
              public void waitSendAllMightNotBlock() throws IOException, InterruptedException {
                super.sendAll("");
              }
            });
    MISTAKES.put(
        "always waits for room",
        stream ->
            new FaultyStream(stream) {
              @Override
              public void waitSendAllMightNotBlock() throws InterruptedException {
                Roost.sleepForever();
              }
            });
    MISTAKES.put(
        "throws something else when closed",
        stream ->
            new FaultyStream(stream) {
              @Override
              public void sendAll(ByteBuffer src) throws IOException, InterruptedException {
                try {
                  super.sendAll(src);
                } catch (ClosedChannelException e) {
                  throw new IOException("closed", e);
                }
              }
            });
    MISTAKES.put(
        "cannot be closed twice",
        stream ->
            new FaultyStream(stream) {
              private boolean closed;

              @Override
              public void close() {
                if (closed) {
                  throw new IllegalStateException("closed already");
                }
                closed = true;
                super.close();
              }
            });
    MISTAKES.put(
        "is at a checkpoint when it closes",
        stream ->
            new FaultyStream(stream) {
              @Override
              public void close() {
                try {
                  Checkpoints.letOthersRun();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
                super.close();
              }
            });
    MISTAKES.put(
        "does not close",
        stream ->
            new FaultyStream(stream) {
              @Override
              public void close() {}
            });
    MISTAKES.put(
        "closes what it sends to only",
        stream ->
            new FaultyStream(stream) {
              @Override
              public void close() {
                ((StapledStream<?, ?>) stream).sendStream().close();
              }
            });
    MISTAKES.put(
        "half-closes both directions",
        stream ->
            new FaultyStream(stream) {
              @Override
              public void sendEof() throws IOException, InterruptedException {
                super.sendEof();
                close();
              }
            });
    MISTAKES.put(
        "can be half-closed once",
        stream ->
            new FaultyStream(stream) {
              private boolean done;

              @Override
              public void sendEof() throws IOException, InterruptedException {
                if (done) {
                  throw new ClosedChannelException();
                }
                super.sendEof();
                done = true;
              }
            });
    MISTAKES.put(
        "half-closes when cancelled",
        stream ->
            new FaultyStream(stream) {
              @Override
              public void sendEof() throws IOException, InterruptedException {
                CancelScope.create().shielded().run(stream::sendEof);
                Checkpoints.throwIfCancelled();
              }
            });
    MISTAKES.put(
        "mixes up much data",
        stream ->
            new FaultyStream(stream) {
              @Override
              public void sendAll(ByteBuffer src) throws IOException, InterruptedException {
                var copy = ByteBuffer.allocate(src.remaining()).put(src).flip();
                if (copy.limit() > 4_990) {
                  copy.put(0, (byte) (copy.get(0) + 1));
                }
                super.sendAll(copy);
              }
            });
  }

  static Stream<String> mistakes() {
    return MISTAKES.keySet().stream();
  }

  /** Ends that all make the same mistake. */
  private static AsyncCallable<StreamPair<HalfCloseableStream>, ?> maker(
      Supplier<? extends StreamPair<? extends HalfCloseableStream>> good, String mistake) {
    var makeMistake = MISTAKES.get(mistake);
    return () -> {
      var pair = good.get();
      return new StreamPair<>(makeMistake.apply(pair.left()), makeMistake.apply(pair.right()));
    };
  }

  /** A stream that never wakes somebody makes the suite wait, and the clock jump. */
  @ParameterizedTest
  @MethodSource("mistakes")
  void a_mistake_is_found(String mistake) throws Exception {
    World.run(() -> {
      var buffered = maker(MemoryStreams::pair, mistake);
      var lockstep = maker(MemoryStreams::lockstepPair, mistake);
      boolean passed =
          passes(() -> StreamChecks.halfCloseable(buffered))
              && passes(() -> StreamChecks.halfCloseable(lockstep, lockstep));
      assertThat(passed).as("whether the stream passes that " + mistake).isFalse();
    });
  }

  private static boolean passes(AsyncRunnable<RuntimeException> checks)
      throws InterruptedException {
    try {
      return CancelScope.moveOnAfter(World.seconds(60)).run(checks);
    } catch (AssertionError found) {
      return false;
    }
  }
}
