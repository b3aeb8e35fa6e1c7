package dev.roost.testing;

import dev.roost.CancelScope;
import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.io.BrokenStreamException;
import dev.roost.io.ReceiveStream;
import dev.roost.io.SendStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the checks of streams are made of: one check with its promise, and what is expected. */
final class Expect {

  private Expect() {}

  /** Something that is done with a stream. */
  @FunctionalInterface
  interface Call {
    void make() throws IOException, InterruptedException;
  }

  /** Makes something. */
  @FunctionalInterface
  interface Maker<T> {
    T make() throws Exception;
  }

  /** One check. */
  @FunctionalInterface
  interface Body<S extends SendStream, R extends ReceiveStream> {
    void check(S sender, R receiver) throws Exception;
  }

  /**
   * Makes a pair, checks a promise with it, and closes it. That is a task of its own, with a name:
   * so if it hangs, whoever shows the tasks shows which promise is not kept.
   */
  static <S extends SendStream, R extends ReceiveStream> void promise(
      String promise, Maker<? extends OneWayPair<? extends S, ? extends R>> maker, Body<S, R> body)
      throws InterruptedException {
    try {
      Nursery.run(nursery ->
          nursery.start(
              "StreamChecks, " + promise,
              () -> {
                try (OneWayPair<? extends S, ? extends R> pair = maker.make()) {
                  body.check(pair.sender(), pair.receiver());
                }
              }));
    } catch (ExceptionGroup group) {
      Throwable error = group.errors().getFirst(); // there is one task
      throw new AssertionError(
          "StreamChecks: this promise of streams is not kept: \""
              + promise
              + "\". "
              + reason(error),
          error);
    }
  }

  private static String reason(Throwable error) {
    Throwable first =
        error instanceof ExceptionGroup group ? group.leaves().findFirst().orElse(error) : error;
    String message = first.getMessage();
    return first instanceof AssertionError && message != null ? message : first.toString();
  }

  static void that(boolean expected, String otherwise) {
    if (!expected) {
      throw new AssertionError(otherwise);
    }
  }

  static void bytes(byte[] received, String expected, String what) {
    String text = new String(received, StandardCharsets.UTF_8);
    that(
        text.equals(expected),
        what + " gave \"" + text + "\", and not what was expected: \"" + expected + "\".");
  }

  static void thrown(Class<? extends Exception> expected, String what, Call call)
      throws InterruptedException {
    try {
      call.make();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      if (expected.isInstance(e)) {
        return;
      }
      throw new AssertionError(
          what + " threw " + e + ", and not what was expected: " + expected.getSimpleName() + ".",
          e);
    }
    throw new AssertionError(
        what + " threw nothing, and not what was expected: " + expected.getSimpleName() + ".");
  }

  /** The call may end well, or say that the stream is broken. */
  static void brokenOrNot(Call call) throws IOException, InterruptedException {
    try {
      call.make();
    } catch (BrokenStreamException legal) {
      return;
    }
  }

  static void closed(String what, Call call) throws InterruptedException {
    thrown(ClosedChannelException.class, what, call);
  }

  /** A call in a scope that is cancelled before ends with that cancellation. */
  static void cancelledAtOnce(String what, Call call) throws IOException, InterruptedException {
    CancelScope scope = CancelScope.create();
    scope.cancel();
    boolean finished = scope.run(call::make);
    that(!finished, what + " in a cancelled scope did not look for cancellation first.");
  }

  /** Sends with one task, receives with another until all is there or the end. */
  static byte[] transfer(SendStream sender, ReceiveStream receiver, Call send, int count)
      throws InterruptedException {
    List<byte[]> received = new ArrayList<>();
    Nursery.run(nursery -> {
      nursery.start("sends to " + sender, send::make);
      received.add(receive(receiver, count));
    });
    return received.getFirst();
  }

  /** Receives so many bytes, or fewer if the end comes. Each call has to be a checkpoint. */
  static byte[] receive(ReceiveStream receiver, int count)
      throws IOException, InterruptedException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (all.size() < count) {
      byte[] some = receiveSome(receiver, count - all.size());
      if (some.length == 0) {
        break;
      }
      all.writeBytes(some);
    }
    return all.toByteArray();
  }

  /** Receives once; the call has to be a checkpoint, and to give no more than it may. */
  static byte[] receiveSome(ReceiveStream receiver, int max)
      throws IOException, InterruptedException {
    List<byte[]> received = new ArrayList<>();
    Testing.assertCheckpoints(() -> received.add(receiver.receiveSome(max)));
    byte[] some = received.getFirst();
    that(
        some.length <= max,
        "receiveSome("
            + max
            + ") gave "
            + some.length
            + " bytes, which is more than was asked for.");
    return some;
  }

  /** Sends; the call has to be a checkpoint. */
  static void send(SendStream sender, String text) throws IOException, InterruptedException {
    Testing.assertCheckpoints(() -> sender.sendAll(text));
  }

  /** The end comes, then and ever after, in both forms of receiving. */
  static void end(ReceiveStream receiver) throws IOException, InterruptedException {
    for (int i = 0; i < 2; i++) {
      bytes(receiveSome(receiver, 10), "", "receiveSome(int) at the end of the stream");
      List<Integer> count = new ArrayList<>();
      Testing.assertCheckpoints(() -> count.add(receiver.receiveSome(ByteBuffer.allocate(10))));
      that(
          count.getFirst() == -1,
          "receiveSome(ByteBuffer) at the end of the stream gave "
              + count.getFirst()
              + ", and not -1.");
    }
  }
}
