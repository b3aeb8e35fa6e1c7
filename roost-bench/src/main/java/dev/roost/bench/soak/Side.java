package dev.roost.bench.soak;

import dev.roost.AsyncCallable;
import dev.roost.AsyncRunnable;
import dev.roost.CancelScope;
import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.net.TcpStream;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;

/**
 * One side of a conversation: sends, and receives, at the same time. Now and then a call has a
 * timeout of some microseconds; if that cuts it short it is made again, for what it has not done.
 */
final class Side {

  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final int BUFFER = 1 << 15;
  private static final int SMALL_BUFFER = 16_384;
  private static final int SMALLEST_ROOM = 16;
  private static final int ONE_IN_A_FEW = 4;
  private static final int ONE_IN_MANY = 64;
  private static final int SIZES = 15;
  private static final int SHORT_TIMES = 9;
  private static final int TIMES = 20;

  private final Conversation conversation;
  private final boolean client;
  private final Flow out;
  private final Flow in;
  private final SplittableRandom chance;
  private final Tally tally;
  private final CancelScope scope;
  private boolean sendingBroke;
  private boolean ended;

  Side(Conversation conversation, boolean client, Tally tally) {
    this.conversation = conversation;
    this.client = client;
    this.out = client ? conversation.toServer : conversation.toClient;
    this.in = client ? conversation.toClient : conversation.toServer;
    this.chance = conversation.chance(client);
    this.tally = tally;
    this.scope = cancels() ? CancelScope.moveOnAfter(time(TIMES)) : CancelScope.create();
  }

  private boolean cancels() {
    return conversation.ending.by(client) && !conversation.ending.isReset();
  }

  private boolean resets() {
    return conversation.ending.by(client) && conversation.ending.isReset();
  }

  /** From one microsecond to two to the power of {@code scale}, the short ones as often. */
  private Duration time(int scale) {
    return Duration.ofNanos(chance.nextLong(1_000L << chance.nextInt(scale)));
  }

  /**
   * Opens the connection, talks, and closes it.
   *
   * @throws TimeoutException if that takes longer than anything here should
   */
  void run(AsyncCallable<TcpStream, IOException> opening)
      throws IOException, TimeoutException, InterruptedException {
    try {
      CancelScope.failAfter(LIMIT).run(() -> scope.run(() -> talk(opening)));
    } catch (IOException e) {
      throwUnlessExpected(e);
    } catch (ExceptionGroup e) {
      if (!e.leaves().allMatch(IOException.class::isInstance)) {
        throw e;
      }
      throwUnlessExpected(e);
    }
    tally.sideEnded(conversation);
  }

  /** A connection that one side breaks off is broken for both. */
  private <X extends Exception> void throwUnlessExpected(X error) throws X {
    if (conversation.ending == Conversation.Ending.NORMAL) {
      throw error;
    }
  }

  private void talk(AsyncCallable<TcpStream, IOException> opening)
      throws IOException, InterruptedException {
    try (TcpStream stream = opening.call()) {
      if (chance.nextBoolean()) {
        stream.setOption(StandardSocketOptions.SO_SNDBUF, SMALL_BUFFER);
      }
      if (client) {
        stream.sendAll(ByteBuffer.allocate(Long.BYTES).putLong(0, conversation.id));
      }
      Nursery.run(nursery -> {
        nursery.start("sending", () -> send(stream));
        nursery.start("receiving", () -> receive(stream));
        if (resets()) {
          Roost.sleep(time(TIMES));
          reset(stream);
        }
      });
    }
  }

  private static void reset(TcpStream stream) throws IOException {
    stream.setOption(StandardSocketOptions.SO_LINGER, 0);
    stream.close();
  }

  private void send(TcpStream stream) throws IOException, InterruptedException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    try {
      while (out.sent < out.planned) {
        int size = 1 + chance.nextInt(1 << chance.nextInt(SIZES));
        out.fill(buffer, (int) Math.min(size, out.planned - out.sent));
        sendAll(stream, buffer);
        perhapsCancel();
      }
      stream.sendEof();
      out.endSent = true;
    } catch (IOException e) {
      sendingBroke = true;
      throw e;
    }
  }

  private void sendAll(TcpStream stream, ByteBuffer buffer)
      throws IOException, InterruptedException {
    while (buffer.hasRemaining()) {
      int before = buffer.position();
      try {
        perhapsCut(() -> stream.sendAll(buffer));
      } finally {
        out.sent(buffer.position() - before);
      }
    }
  }

  private void receive(TcpStream stream) throws IOException, InterruptedException {
    ByteBuffer buffer =
        ByteBuffer.allocate(SMALLEST_ROOM + chance.nextInt(1 << chance.nextInt(SIZES)));
    while (!ended) {
      if (chance.nextBoolean()) {
        perhapsCut(() -> receiveInto(stream, buffer.clear()));
      } else {
        perhapsCut(() -> receiveArray(stream, buffer.capacity()));
      }
      perhapsCancel();
    }
    // After a reset the system tells one of the two tasks, and the other one that this is the end.
    in.endSeen = !sendingBroke;
  }

  private void receiveInto(TcpStream stream, ByteBuffer buffer)
      throws IOException, InterruptedException {
    ended = stream.receiveSome(buffer) < 0;
    in.received(buffer.flip());
  }

  private void receiveArray(TcpStream stream, int most) throws IOException, InterruptedException {
    byte[] bytes = stream.receiveSome(most);
    ended = bytes.length == 0;
    in.received(ByteBuffer.wrap(bytes));
  }

  private void perhapsCut(AsyncRunnable<IOException> call)
      throws IOException, InterruptedException {
    if (chance.nextInt(ONE_IN_A_FEW) != 0) {
      call.run();
    } else if (!CancelScope.moveOnAfter(time(SHORT_TIMES)).run(call)) {
      tally.cut();
    }
  }

  /** At a moment that comes from what is said, not from the clock. */
  private void perhapsCancel() {
    if (cancels() && chance.nextInt(ONE_IN_MANY) == 0) {
      scope.cancel("has said enough");
    }
  }
}
