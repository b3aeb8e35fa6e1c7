package dev.roost.testing;

import static dev.roost.testing.Expect.brokenOrNot;
import static dev.roost.testing.Expect.bytes;
import static dev.roost.testing.Expect.cancelledAtOnce;
import static dev.roost.testing.Expect.closed;
import static dev.roost.testing.Expect.end;
import static dev.roost.testing.Expect.receive;
import static dev.roost.testing.Expect.receiveSome;
import static dev.roost.testing.Expect.that;
import static dev.roost.testing.Expect.thrown;

import dev.roost.AsyncCallable;
import dev.roost.AsyncConsumer;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.io.BrokenStreamException;
import dev.roost.io.ReceiveStream;
import dev.roost.io.SendStream;
import java.nio.ByteBuffer;

/** What happens when one end of a one-way stream is closed. */
final class ClosingChecks {

  /** A sender that is not told by then that nobody receives will never be told. */
  private static final int MANY_SENDS = 20_000;

  private static final String PIECE = "x".repeat(1000);

  private final String direction;
  private final AsyncCallable<? extends OneWayPair<?, ?>, ?> maker;
  private final AsyncConsumer<? super SendStream, ?> gracefulClose;

  ClosingChecks(
      String direction,
      AsyncCallable<? extends OneWayPair<?, ?>, ?> maker,
      AsyncConsumer<? super SendStream, ?> gracefulClose) {
    this.direction = direction;
    this.maker = maker;
    this.gracefulClose = gracefulClose;
  }

  void all() throws InterruptedException {
    check("closing the receiver breaks the sender, for good", this::receiverGone);
    check("a closed sender takes nothing, and closing it again does nothing", this::senderClosed);
    check("what was sent before the end arrives before the end", this::dataThenEnd);
    check("a receiver that waits sees the end", this::waitingThenEnd);
    check("an abrupt end of the sender is the end, or a broken stream", this::abruptEnd);
    check("close closes in a cancelled scope, and is no checkpoint", this::closedWhenCancelled);
    check("after a cancelled call the stream can be closed", this::closedAfterCancel);
    check("closing wakes a receiver that waits", this::closingWakes);
  }

  private void check(String promise, Expect.Body<SendStream, ReceiveStream> body)
      throws InterruptedException {
    Expect.promise(direction + promise, maker::call, body);
  }

  private void receiverGone(SendStream sender, ReceiveStream receiver) throws Exception {
    Nursery.run(nursery -> {
      nursery.start(() -> sendUntilBroken(sender));
      receiver.close();
    });
    for (int i = 0; i < 2; i++) {
      thrown(
          BrokenStreamException.class, "sendAll on a broken stream", () -> sender.sendAll(PIECE));
    }
    expectClosed(receiver);
    receiver.close();
    receiver.close();
    expectClosed(receiver);
    sender.close();
    expectClosed(sender);
  }

  private static void sendUntilBroken(SendStream sender) throws InterruptedException {
    thrown(
        BrokenStreamException.class,
        "sendAll, again and again, after the receiver was closed,",
        () -> {
          for (int i = 0; i < MANY_SENDS; i++) {
            sender.sendAll(PIECE);
          }
        });
  }

  private void senderClosed(SendStream sender, ReceiveStream receiver) throws Exception {
    sender.close();
    expectClosed(sender);
    sender.close();
    sender.close();
    expectClosed(sender);
  }

  private static void expectClosed(SendStream sender) throws InterruptedException {
    closed("sendAll on a closed stream", () -> sender.sendAll("x"));
    closed("sendAll of nothing on a closed stream", () -> sender.sendAll(""));
    closed("waitSendAllMightNotBlock on a closed stream", sender::waitSendAllMightNotBlock);
  }

  private static void expectClosed(ReceiveStream receiver) throws InterruptedException {
    closed("receiveSome(int) on a closed stream", () -> receiver.receiveSome(10));
    closed(
        "receiveSome(ByteBuffer) on a closed stream",
        () -> receiver.receiveSome(ByteBuffer.allocate(10)));
  }

  private void dataThenEnd(SendStream sender, ReceiveStream receiver) throws Exception {
    Nursery.run(nursery -> {
      nursery.start(() -> {
        sender.sendAll("last words");
        gracefulClose.accept(sender);
      });
      // All the data has to come also if the sender is gone before; but some streams hold it back
      // until somebody receives.
      Testing.waitAllTasksBlocked();
      bytes(receive(receiver, 10), "last words", "The receiver, after the sender was closed,");
      end(receiver);
    });
  }

  private void waitingThenEnd(SendStream sender, ReceiveStream receiver) throws Exception {
    Nursery.run(nursery -> {
      nursery.start(() -> end(receiver));
      Testing.waitAllTasksBlocked();
      gracefulClose.accept(sender);
    });
  }

  private void abruptEnd(SendStream sender, ReceiveStream receiver) throws Exception {
    Nursery.run(nursery -> {
      nursery.start(() ->
          brokenOrNot(
              () -> bytes(receiveSome(receiver, 1), "", "A waiting receiver, at the end,")));
      Testing.waitAllTasksBlocked();
      sender.close();
    });
    brokenOrNot(() -> bytes(receiveSome(receiver, 1), "", "The receiver, after the end,"));
  }

  private void closedWhenCancelled(SendStream sender, ReceiveStream receiver) throws Exception {
    CancelScope scope = CancelScope.create();
    scope.cancel();
    scope.run(() -> {
      Testing.assertNoCheckpoints(sender::close);
      Testing.assertNoCheckpoints(receiver::close);
    });
    expectClosed(sender);
    expectClosed(receiver);
  }

  private void closedAfterCancel(SendStream sender, ReceiveStream receiver) throws Exception {
    cancelledAtOnce("sendAll", () -> sender.sendAll("x"));
    cancelledAtOnce("receiveSome", () -> receiver.receiveSome(1));
    CancelScope scope = CancelScope.create();
    Nursery.run(nursery -> {
      nursery.start(() -> scope.run(() -> receiver.receiveSome(1)));
      Testing.waitAllTasksBlocked();
      scope.cancel();
    });
    that(scope.cancelledCaught(), "A waiting receiveSome did not end when it was cancelled.");
    sender.close();
    receiver.close();
    expectClosed(sender);
    expectClosed(receiver);
  }

  private void closingWakes(SendStream sender, ReceiveStream receiver) throws Exception {
    Nursery.run(nursery -> {
      nursery.start(
          () -> closed("receiveSome, when its stream was closed,", () -> receiver.receiveSome(10)));
      Testing.waitAllTasksBlocked();
      receiver.close();
    });
  }
}
