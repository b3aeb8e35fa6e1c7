package dev.roost.testing;

import static dev.roost.testing.Expect.brokenOrNot;
import static dev.roost.testing.Expect.closed;
import static dev.roost.testing.Expect.that;
import static dev.roost.testing.Expect.thrown;

import dev.roost.AsyncCallable;
import dev.roost.BusyResourceException;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.io.BrokenStreamException;
import dev.roost.io.ReceiveStream;
import dev.roost.io.SendStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What happens to a sender that has to wait. */
final class CloggedChecks {

  private static final int ENOUGH = 16 * 1024;
  private static final String WAIT = "waitSendAllMightNotBlock";

  private final String direction;
  private final AsyncCallable<? extends OneWayPair<?, ?>, ?> clogged;

  CloggedChecks(String direction, AsyncCallable<? extends OneWayPair<?, ?>, ?> clogged) {
    this.direction = direction;
    this.clogged = clogged;
  }

  void all() throws InterruptedException {
    check("waitSendAllMightNotBlock waits until somebody receives", this::waitsForReceiver);
    check("a waiting sendAll can be cancelled", this::cancelled);
    checkBusy("sendAll", s -> s.sendAll("x"), "sendAll", s -> s.sendAll("y"));
    checkBusy("sendAll", s -> s.sendAll("x"), "sendAll of nothing", s -> s.sendAll(""));
    checkBusy("sendAll", s -> s.sendAll("x"), WAIT, SendStream::waitSendAllMightNotBlock);
    checkBusy(WAIT, SendStream::waitSendAllMightNotBlock, "sendAll", s -> s.sendAll("x"));
    checkBusy(
        WAIT, SendStream::waitSendAllMightNotBlock, WAIT, SendStream::waitSendAllMightNotBlock);
    check("closing the receiver breaks a sendAll that waits", this::receiverGone);
    check("closing the receiver ends waitSendAllMightNotBlock", this::receiverGoneWhileWaiting);
    check("waitSendAllMightNotBlock does not wait for a closed receiver", this::receiverWasGone);
    checkClosing("sendAll", s -> s.sendAll("xyzzy"));
    checkClosing(WAIT, SendStream::waitSendAllMightNotBlock);
  }

  /** Something that is done with the sender. */
  private interface SendCall {
    void make(SendStream sender) throws IOException, InterruptedException;
  }

  private void check(String promise, Expect.Body<SendStream, ReceiveStream> body)
      throws InterruptedException {
    Expect.promise(direction + promise, clogged::call, body);
  }

  private void checkBusy(String first, SendCall firstCall, String second, SendCall secondCall)
      throws InterruptedException {
    check(
        second + " is busy while another task waits in " + first,
        (sender, receiver) ->
            Nursery.run(nursery -> {
              nursery.start("the first sender", () -> firstCall.make(sender));
              Testing.waitAllTasksBlocked();
              thrown(
                  BusyResourceException.class,
                  second + " while another task waits in " + first,
                  () -> secondCall.make(sender));
              nursery.cancel();
            }));
  }

  private void checkClosing(String call, SendCall sendCall) throws InterruptedException {
    check(
        "closing wakes a task that waits in " + call,
        (sender, receiver) ->
            Nursery.run(nursery -> {
              nursery.start(() ->
                  closed(call + ", when its stream was closed,", () -> sendCall.make(sender)));
              Testing.waitAllTasksBlocked();
              sender.close();
            }));
  }

  private void waitsForReceiver(SendStream sender, ReceiveStream receiver) throws Exception {
    List<String> order = new ArrayList<>();
    Nursery.run(nursery -> {
      nursery.start(() -> {
        Testing.assertCheckpoints(sender::waitSendAllMightNotBlock);
        order.add("there is room");
        nursery.cancel();
      });
      Testing.waitAllTasksBlocked();
      order.add("receiving");
      while (order.size() < 2) {
        receiver.receiveSome(ENOUGH);
      }
    });
    that(
        order.equals(List.of("receiving", "there is room")),
        "waitSendAllMightNotBlock did not wait although the stream is said to be clogged. Perhaps"
            + " the maker does not clog it: fill it until sendAll waits.");
  }

  private void cancelled(SendStream sender, ReceiveStream receiver) throws Exception {
    CancelScope scope = CancelScope.create();
    Nursery.run(nursery -> {
      nursery.start(() -> scope.run(() -> sender.sendAll("x".repeat(ENOUGH))));
      Testing.waitAllTasksBlocked();
      scope.cancel();
    });
    that(
        scope.cancelledCaught(),
        "A sendAll of "
            + ENOUGH
            + " bytes was not cut short by a cancellation: it swallowed that, or it did not wait."
            + " Perhaps the maker does not clog the stream: fill it until sendAll waits.");
  }

  private void receiverGone(SendStream sender, ReceiveStream receiver) throws Exception {
    Nursery.run(nursery -> {
      nursery.start(() ->
          thrown(
              BrokenStreamException.class,
              "sendAll, when the receiver was closed,",
              () -> sender.sendAll("x".repeat(ENOUGH))));
      Testing.waitAllTasksBlocked();
      receiver.close();
    });
  }

  private void receiverGoneWhileWaiting(SendStream sender, ReceiveStream receiver)
      throws Exception {
    Nursery.run(nursery -> {
      nursery.start(() -> waitBrokenOrNot(sender));
      Testing.waitAllTasksBlocked();
      receiver.close();
    });
  }

  private void receiverWasGone(SendStream sender, ReceiveStream receiver) throws Exception {
    receiver.close();
    waitBrokenOrNot(sender);
  }

  private static void waitBrokenOrNot(SendStream sender) throws Exception {
    brokenOrNot(() -> Testing.assertCheckpoints(sender::waitSendAllMightNotBlock));
  }
}
