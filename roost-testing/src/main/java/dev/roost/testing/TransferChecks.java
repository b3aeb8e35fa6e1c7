package dev.roost.testing;

import static dev.roost.testing.Expect.bytes;
import static dev.roost.testing.Expect.cancelledAtOnce;
import static dev.roost.testing.Expect.receive;
import static dev.roost.testing.Expect.receiveSome;
import static dev.roost.testing.Expect.send;
import static dev.roost.testing.Expect.that;
import static dev.roost.testing.Expect.thrown;
import static dev.roost.testing.Expect.transfer;

import dev.roost.AsyncCallable;
import dev.roost.BusyResourceException;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.ReceiveStream;
import dev.roost.io.SendStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What goes through a one-way stream, and that nothing is lost when a receive is cancelled. */
final class TransferChecks {

  private static final int MUCH = 100_000;
  private static final int LARGEST_PIECE = 5_000;

  private final String direction;
  private final AsyncCallable<? extends OneWayPair<?, ?>, ?> maker;

  TransferChecks(String direction, AsyncCallable<? extends OneWayPair<?, ?>, ?> maker) {
    this.direction = direction;
    this.maker = maker;
  }

  void all() throws InterruptedException {
    check("what is sent arrives, and an empty send means nothing", this::arrives);
    check("all forms of sendAll send all of what they are given", this::formsOfSending);
    check("a receive gives at least one byte, and not more than was asked for", this::sizes);
    check("much arrives in its order, whatever the pieces", this::much);
    check("to receive into nothing is an IllegalArgumentException", this::nothing);
    check("a second receiver is busy, and the first goes on", this::twoReceivers);
    check("waitSendAllMightNotBlock ends when somebody receives", this::waitsForRoom);
    check("a call in a cancelled scope does nothing", this::cancelledBefore);
    check("a cancelled receive loses no byte", this::cancelledReceive);
    for (int steps = 0; steps < 6; steps++) {
      int before = steps;
      check(
          "a receive that is cancelled while data arrives takes all or nothing",
          (sender, receiver) -> cancelledMeanwhile(sender, receiver, before));
    }
  }

  private void check(String promise, Expect.Body<SendStream, ReceiveStream> body)
      throws InterruptedException {
    Expect.promise(direction + promise, maker::call, body);
  }

  private void arrives(SendStream sender, ReceiveStream receiver) throws Exception {
    bytes(transfer(sender, receiver, () -> send(sender, "x"), 1), "x", "The receiver");
    Expect.Call emptyFirst =
        () -> {
          send(sender, "");
          send(sender, "y");
        };
    bytes(transfer(sender, receiver, emptyFirst, 1), "y", "The receiver, after an empty send,");
  }

  private void formsOfSending(SendStream sender, ReceiveStream receiver) throws Exception {
    byte[] array = "array".getBytes(StandardCharsets.UTF_8);
    bytes(transfer(sender, receiver, () -> sender.sendAll(array), 5), "array", "sendAll(byte[])");
    CharSequence text = CharBuffer.wrap("grüße");
    bytes(transfer(sender, receiver, () -> sender.sendAll(text), 7), "grüße", "sendAll(text)");
    byte[] inside = "--buffer--".getBytes(StandardCharsets.UTF_8);
    ByteBuffer direct = ByteBuffer.allocateDirect(inside.length).put(inside).flip();
    ByteBuffer readOnly = ByteBuffer.wrap(inside.clone()).asReadOnlyBuffer();
    for (ByteBuffer buffer : List.of(ByteBuffer.wrap(inside), direct, readOnly)) {
      buffer.position(2).limit(8);
      bytes(
          transfer(sender, receiver, () -> sender.sendAll(buffer), 6),
          "buffer",
          "sendAll of " + buffer);
      that(
          buffer.position() == 8 && buffer.limit() == 8,
          "sendAll(ByteBuffer) left the buffer as "
              + buffer
              + ", and not with position 8, limit 8.");
    }
  }

  private void sizes(SendStream sender, ReceiveStream receiver) throws Exception {
    Nursery.run(nursery -> {
      nursery.start(() -> send(sender, "abcdefgh"));
      bytes(receiveSome(receiver, 1), "a", "receiveSome(1)");
      ByteBuffer buffer = ByteBuffer.allocate(10);
      buffer.position(3).limit(5);
      int count = receiver.receiveSome(buffer);
      that(
          count >= 1 && count <= 2 && buffer.position() == 3 + count && buffer.limit() == 5,
          "receiveSome into a buffer with room for 2, from position 3 on, gave "
              + count
              + " bytes and left "
              + buffer);
      byte[] most = receiveSome(receiver, Integer.MAX_VALUE);
      that(
          most.length >= 1, "receiveSome(Integer.MAX_VALUE) gave no byte, and it was not the end.");
      int rest = 7 - count - most.length;
      byte[] last = receive(receiver, rest);
      String all =
          new String(buffer.array(), 3, count, StandardCharsets.UTF_8)
              + new String(most, StandardCharsets.UTF_8)
              + new String(last, StandardCharsets.UTF_8);
      that(
          all.equals("bcdefgh"), "After \"a\", the receiver got \"" + all + "\", not \"bcdefgh\".");
    });
  }

  private void much(SendStream sender, ReceiveStream receiver) throws Exception {
    byte[] data = new byte[MUCH];
    new Random(1).nextBytes(data);
    Expect.Call inPieces =
        () -> {
          Random sizes = new Random(2);
          for (ByteBuffer rest = ByteBuffer.wrap(data); rest.position() < MUCH; rest.limit(MUCH)) {
            rest.limit(Math.min(MUCH, rest.position() + sizes.nextInt(LARGEST_PIECE)));
            sender.sendAll(rest);
          }
        };
    byte[] received = transfer(sender, receiver, inPieces, MUCH);
    int wrong = Arrays.mismatch(data, received);
    that(wrong < 0, "Of " + MUCH + " bytes in random pieces, byte " + wrong + " is wrong.");
  }

  private void nothing(SendStream sender, ReceiveStream receiver) throws Exception {
    for (int max : new int[] {0, -1}) {
      thrown(
          IllegalArgumentException.class,
          "receiveSome(" + max + ")",
          () -> receiver.receiveSome(max));
    }
    thrown(
        IllegalArgumentException.class,
        "receiveSome into a buffer without room",
        () -> receiver.receiveSome(ByteBuffer.allocate(0)));
  }

  private void twoReceivers(SendStream sender, ReceiveStream receiver) throws Exception {
    Nursery.run(nursery -> {
      nursery.start(
          "the first receiver",
          () -> bytes(receiveSome(receiver, 1), "x", "The first of two receivers"));
      Testing.waitAllTasksBlocked();
      thrown(
          BusyResourceException.class,
          "receiveSome while another task waits in it",
          () -> receiver.receiveSome(1));
      send(sender, "x");
    });
  }

  private void waitsForRoom(SendStream sender, ReceiveStream receiver) throws Exception {
    Nursery.run(nursery -> {
      nursery.start(() -> receiver.receiveSome(1));
      Testing.assertCheckpoints(sender::waitSendAllMightNotBlock);
      nursery.cancel();
    });
  }

  private void cancelledBefore(SendStream sender, ReceiveStream receiver) throws Exception {
    cancelledAtOnce("sendAll", () -> sender.sendAll("never"));
    cancelledAtOnce("waitSendAllMightNotBlock", sender::waitSendAllMightNotBlock);
    cancelledAtOnce("receiveSome", () -> receiver.receiveSome(1));
    byte[] received = transfer(sender, receiver, () -> sender.sendAll("x"), 1);
    bytes(received, "x", "After a sendAll that was cancelled before it began, the receiver");
  }

  private void cancelledReceive(SendStream sender, ReceiveStream receiver) throws Exception {
    CancelScope scope = CancelScope.create();
    Nursery.run(nursery -> {
      nursery.start(() -> scope.run(() -> receiver.receiveSome(10)));
      Testing.waitAllTasksBlocked();
      scope.cancel();
    });
    that(scope.cancelledCaught(), "A waiting receiveSome did not end when it was cancelled.");
    byte[] received = transfer(sender, receiver, () -> sender.sendAll("safe"), 4);
    bytes(received, "safe", "After a receiveSome that was cancelled, the receiver");
  }

  private void cancelledMeanwhile(SendStream sender, ReceiveStream receiver, int steps)
      throws Exception {
    CancelScope scope = CancelScope.create();
    List<byte[]> received = new ArrayList<>();
    Nursery.run(nursery -> {
      nursery.start(() -> {
        scope.run(() -> received.add(receiver.receiveSome(10)));
        if (received.isEmpty()) {
          received.add(receiver.receiveSome(10));
        }
      });
      Testing.waitAllTasksBlocked();
      nursery.start(() -> sender.sendAll("x"));
      for (int i = 0; i < steps; i++) {
        Roost.checkpoint();
      }
      scope.cancel();
    });
    bytes(received.getFirst(), "x", "A receiver that was cancelled, or the next one,");
  }
}
