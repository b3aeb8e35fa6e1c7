package dev.roost.testing;

import static dev.roost.testing.Expect.bytes;
import static dev.roost.testing.Expect.cancelledAtOnce;
import static dev.roost.testing.Expect.closed;
import static dev.roost.testing.Expect.end;
import static dev.roost.testing.Expect.receive;
import static dev.roost.testing.Expect.thrown;
import static dev.roost.testing.Expect.transfer;

import dev.roost.AsyncCallable;
import dev.roost.BusyResourceException;
import dev.roost.Nursery;
import dev.roost.io.HalfCloseableStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What {@code sendEof} does, and what it leaves as it is. */
final class HalfCloseChecks {

  private final AsyncCallable<? extends StreamPair<? extends HalfCloseableStream>, ?> maker;
  private final @Nullable AsyncCallable<? extends StreamPair<? extends HalfCloseableStream>, ?>
      clogged;

  HalfCloseChecks(
      AsyncCallable<? extends StreamPair<? extends HalfCloseableStream>, ?> maker,
      @Nullable AsyncCallable<? extends StreamPair<? extends HalfCloseableStream>, ?> clogged) {
    this.maker = maker;
    this.clogged = clogged;
  }

  void all() throws InterruptedException {
    check(maker, "half-closing ends one direction, and then the other", this::endsOneDirection);
    check(maker, "half-closing in a cancelled scope does nothing", this::cancelledBefore);
    check(maker, "a closed stream cannot be half-closed", this::closedBefore);
    if (clogged != null) {
      check(
          clogged,
          "sendEof is busy while another task waits in sendAll",
          (left, right) -> busyWhile(left, () -> left.sendAll("x")));
      check(
          clogged,
          "sendEof is busy while another task waits in waitSendAllMightNotBlock",
          (left, right) -> busyWhile(left, left::waitSendAllMightNotBlock));
    }
  }

  private static void check(
      AsyncCallable<? extends StreamPair<? extends HalfCloseableStream>, ?> maker,
      String promise,
      Expect.Body<HalfCloseableStream, HalfCloseableStream> body)
      throws InterruptedException {
    Expect.promise(promise, () -> ends(maker.call()), body);
  }

  private static OneWayPair<HalfCloseableStream, HalfCloseableStream> ends(
      StreamPair<? extends HalfCloseableStream> pair) {
    return new OneWayPair<>(pair.left(), pair.right());
  }

  private void endsOneDirection(HalfCloseableStream left, HalfCloseableStream right)
      throws Exception {
    sendThenEof(left, right);
    closed("sendAll after sendEof", () -> left.sendAll("y"));
    closed("sendAll of nothing after sendEof", () -> left.sendAll(""));
    closed("waitSendAllMightNotBlock after sendEof", left::waitSendAllMightNotBlock);
    Testing.assertCheckpoints(left::sendEof);
    sendThenEof(right, left);
  }

  private static void sendThenEof(HalfCloseableStream from, HalfCloseableStream to)
      throws InterruptedException {
    Nursery.run(nursery -> {
      nursery.start(() -> {
        from.sendAll("question");
        Testing.assertCheckpoints(from::sendEof);
      });
      bytes(receive(to, 8), "question", "The receiver");
      end(to);
    });
  }

  private void cancelledBefore(HalfCloseableStream left, HalfCloseableStream right)
      throws Exception {
    cancelledAtOnce("sendEof", left::sendEof);
    byte[] received = transfer(left, right, () -> left.sendAll("x"), 1);
    bytes(received, "x", "After a sendEof that was cancelled before it began, the receiver");
  }

  private void closedBefore(HalfCloseableStream left, HalfCloseableStream right)
      throws InterruptedException {
    left.close();
    closed("sendEof on a closed stream", left::sendEof);
  }

  private static void busyWhile(HalfCloseableStream stream, Expect.Call call)
      throws IOException, InterruptedException {
    Nursery.run(nursery -> {
      nursery.start("the sender", call::make);
      Testing.waitAllTasksBlocked();
      thrown(BusyResourceException.class, "sendEof while another task is sending", stream::sendEof);
      nursery.cancel();
    });
  }
}
