package dev.roost.testing;

import static dev.roost.testing.Expect.bytes;
import static dev.roost.testing.Expect.closed;
import static dev.roost.testing.Expect.end;
import static dev.roost.testing.Expect.receiveSome;
import static dev.roost.testing.Expect.that;

import dev.roost.AsyncCallable;
import dev.roost.AsyncConsumer;
import dev.roost.Nursery;
import dev.roost.io.ByteStream;
import dev.roost.io.SendStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;

/** Both directions of a two-way stream at once. */
final class TwoWayChecks {

  private static final int MUCH = 256 * 1024;
  private static final int LARGEST_PIECE = 16 * 1024;

  private final AsyncCallable<OneWayPair<ByteStream, ByteStream>, ?> maker;
  private final AsyncConsumer<? super SendStream, ?> gracefulClose;

  TwoWayChecks(
      AsyncCallable<OneWayPair<ByteStream, ByteStream>, ?> maker,
      AsyncConsumer<? super SendStream, ?> gracefulClose) {
    this.maker = maker;
    this.gracefulClose = gracefulClose;
  }

  void all() throws InterruptedException {
    check("the two directions do not get into each other's way", this::independent);
    check("much goes both ways at once", this::fullDuplex);
    check("closing one end is the end for the other", this::endOfOne);
    check("closing closes both directions", this::closesBoth);
  }

  private void check(String promise, Expect.Body<ByteStream, ByteStream> body)
      throws InterruptedException {
    Expect.promise(promise, maker::call, body);
  }

  private void independent(ByteStream left, ByteStream right) throws Exception {
    Nursery.run(nursery -> {
      nursery.start(() -> bytes(receiveSome(left, 1), "y", "The left end"));
      Testing.waitAllTasksBlocked();
      nursery.start(() -> left.sendAll("x"));
      bytes(receiveSome(right, 1), "x", "The right end");
      right.sendAll("y");
    });
  }

  private void fullDuplex(ByteStream left, ByteStream right) throws Exception {
    byte[] there = random(1);
    byte[] back = random(2);
    Nursery.run(nursery -> {
      nursery.start(() -> sendInPieces(left, there, 3));
      nursery.start(() -> sendInPieces(right, back, 4));
      nursery.start(() -> receiveInPieces(right, there, 5));
      nursery.start(() -> receiveInPieces(left, back, 6));
    });
  }

  private static byte[] random(long seed) {
    byte[] bytes = new byte[MUCH];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void sendInPieces(ByteStream stream, byte[] data, long seed)
      throws IOException, InterruptedException {
    Random sizes = new Random(seed);
    for (ByteBuffer rest = ByteBuffer.wrap(data); rest.position() < MUCH; rest.limit(MUCH)) {
      rest.limit(Math.min(MUCH, rest.position() + sizes.nextInt(LARGEST_PIECE)));
      stream.sendAll(rest);
    }
  }

  private static void receiveInPieces(ByteStream stream, byte[] data, long seed)
      throws IOException, InterruptedException {
    Random sizes = new Random(seed);
    ByteBuffer expected = ByteBuffer.wrap(data);
    while (expected.hasRemaining()) {
      byte[] some = stream.receiveSome(1 + sizes.nextInt(LARGEST_PIECE));
      int at = expected.position();
      that(some.length > 0, "The end came after " + at + " of " + MUCH + " bytes.");
      that(
          some.length <= expected.remaining()
              && expected.slice(at, some.length).equals(ByteBuffer.wrap(some)),
          "With both directions in use, what was received after byte " + at + " is wrong.");
      expected.position(at + some.length);
    }
  }

  private void endOfOne(ByteStream left, ByteStream right) throws Exception {
    Nursery.run(nursery -> {
      nursery.start(() -> end(right));
      Testing.waitAllTasksBlocked();
      gracefulClose.accept(left);
    });
  }

  private void closesBoth(ByteStream left, ByteStream right) throws Exception {
    Nursery.run(nursery -> {
      nursery.start(
          () -> closed("receiveSome, when its stream was closed,", () -> left.receiveSome(1)));
      Testing.waitAllTasksBlocked();
      left.close();
    });
    closed("sendAll on a closed stream", () -> left.sendAll("x"));
    closed("receiveSome on a closed stream", () -> left.receiveSome(1));
  }
}
