package dev.roost.net;

import dev.roost.RunLocal;
import dev.roost.io.Direction;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.Readiness;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/** The sending and receiving of one {@link DatagramSocket}. */
final class DatagramExchange {

  /** No datagram is longer: its length is a number of 16 bits. */
  static final int LONGEST = 65_535;

  /**
   * Where datagrams are received, before it is known how long they are. Between the system's
   * putting one there and our taking it out no other task runs, so that one buffer does for a whole
   * run.
   */
  private static final RunLocal<ByteBuffer> ROOM =
      RunLocal.withInitial(() -> ByteBuffer.allocateDirect(LONGEST));

  final Direction sending = new Direction("sending to");
  private final Direction receiving = new Direction("receiving from");
  private final OpenChannel<DatagramChannel> open;

  /** Where the socket is connected to. */
  @Nullable InetSocketAddress remote;

  DatagramExchange(OpenChannel<DatagramChannel> open) {
    this.open = open;
  }

  /** Takes a datagram out of the run's buffer before any other task can run. */
  interface Taker<T> {
    T take(ByteBuffer room, InetSocketAddress sender) throws IOException;
  }

  <T> T receive(DatagramSocket socket, Taker<T> taker) throws IOException, InterruptedException {
    open.ensureInRun("DatagramSocket.receive");
    Checkpoints.throwIfCancelled();
    receiving.enter(socket);
    try {
      ByteBuffer room = ROOM.get();
      InetSocketAddress sender = read(room, socket);
      if (sender != null) {
        T taken = taker.take(room.flip(), sender);
        Checkpoints.letOthersRun();
        return taken;
      }
      do {
        Readiness.waitReadable(open.channel());
        sender = read(room, socket);
      } while (sender == null);
      return taker.take(room.flip(), sender);
    } finally {
      receiving.leave();
    }
  }

  /** Reads a datagram without waiting; null if there is none. */
  private @Nullable InetSocketAddress read(ByteBuffer room, DatagramSocket socket)
      throws IOException {
    open.ensureOpen();
    try {
      return (InetSocketAddress) open.channel().receive(room.clear());
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw DatagramBinding.named("Receiving from " + socket + " failed", e);
    }
  }

  /** Sends one datagram; the caller has looked for cancellation. */
  void send(ByteBuffer data, InetSocketAddress to, DatagramSocket socket)
      throws IOException, InterruptedException {
    open.ensureOpen();
    if (!data.hasRemaining()) {
      // The system's answer is the number of bytes sent, which says nothing here.
      Readiness.waitWritable(open.channel());
      write(data, to, socket);
      return;
    }
    if (write(data, to, socket)) {
      Checkpoints.letOthersRun();
      return;
    }
    do {
      Readiness.waitWritable(open.channel());
    } while (!write(data, to, socket));
  }

  boolean sendNow(ByteBuffer data, InetSocketAddress to, DatagramSocket socket) throws IOException {
    boolean empty = !data.hasRemaining();
    return write(data, to, socket) || empty; // an empty one counts as sent: nobody can tell
  }

  /** Sends without waiting; whether any bytes were taken, and then all were. */
  private boolean write(ByteBuffer data, InetSocketAddress to, DatagramSocket socket)
      throws IOException {
    open.ensureOpen();
    if (remote != null && !remote.equals(to)) {
      throw new IllegalStateException(
          "DatagramSocket.send: "
              + socket
              + " cannot send to "
              + Targets.text(to)
              + " while it is connected. Call disconnect() first, or use another socket.");
    }
    int length = data.remaining();
    try {
      return open.channel().send(data, to) != 0;
    } catch (ClosedChannelException e) {
      throw e;
    } catch (UnsupportedAddressTypeException e) {
      throw DatagramBinding.otherFamily("send from " + socket + " to", to, e);
    } catch (IOException e) {
      throw DatagramBinding.named(
          "Sending a datagram of " + length + " bytes to " + Targets.text(to) + " failed", e);
    }
  }
}
