package dev.roost.channel;

import dev.roost.lowlevel.Line;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the ends of one channel between runs share. Everything here is guarded by {@link #lock},
 * which is held for a few steps and never over a checkpoint.
 *
 * <p>Invariants, whenever the lock is free:
 *
 * <ul>
 *   <li>a sender is in line only while the buffer is full, a receiver only while it is empty, and
 *       never both;
 *   <li>an item is in one place: with its sender, in the buffer, or with its receiver. It moves in
 *       the step that also takes the waiter out of its line ({@link CrossWaiter});
 *   <li>nobody is in line for what cannot come: no receiver once there is no send end, no sender
 *       once there is no receive end.
 * </ul>
 */
final class CrossChannel<T> {

  final ReentrantLock lock = new ReentrantLock();
  final Line<CrossWaiter<T>> senders = new Line<>();
  final Line<CrossWaiter<T>> receivers = new Line<>();
  private final int capacity;
  private ArrayDeque<T> buffer = new ArrayDeque<>(0);

  int sendEnds = 1;
  int receiveEnds = 1;
  private int peak;
  private int dropped;

  CrossChannel(int capacity) {
    this.capacity = capacity;
  }

  /** Hands an item to a receiver or puts it in the buffer: true if that could be done. */
  boolean offer(T item) {
    CrossWaiter<T> receiver = receivers.poll();
    if (receiver != null) {
      receiver.serve(item);
      return true;
    }
    if (buffer.size() >= capacity) {
      return false;
    }
    buffer.addLast(item);
    peak = Math.max(peak, buffer.size());
    return true;
  }

  /** Takes the item that is next, null if there is none. */
  @Nullable T poll() {
    T item = buffer.pollFirst();
    CrossWaiter<T> sender = senders.poll();
    if (sender == null) {
      return item;
    }
    T sent = sender.item();
    sender.serve(sent);
    if (item == null) {
      return sent;
    }
    buffer.addLast(sent);
    return item;
  }

  /** A send end was closed. */
  void closed(CrossSendEnd<T> end) {
    sendEnds--;
    for (CrossWaiter<T> sender : senders.toList()) {
      if (sender.end == end && senders.remove(sender)) {
        sender.fail(end.closed("SendChannel.send", " while this one was waiting"));
      }
    }
    if (sendEnds == 0) {
      for (CrossWaiter<T> receiver; (receiver = receivers.poll()) != null; ) {
        receiver.serve(null);
      }
    }
  }

  /** A receive end was closed. */
  void closed(CrossReceiveEnd<T> end) {
    receiveEnds--;
    for (CrossWaiter<T> receiver : receivers.toList()) {
      if (receiver.end == end && receivers.remove(receiver)) {
        receiver.fail(end.closed("ReceiveChannel.receive", " while this one was waiting"));
      }
    }
    if (receiveEnds == 0) {
      dropped = buffer.size();
      buffer = new ArrayDeque<>(0);
      for (CrossWaiter<T> sender; (sender = senders.poll()) != null; ) {
        sender.fail(broken("SendChannel.send"));
      }
    }
  }

  BrokenChannelException broken(String operation) {
    return new BrokenChannelException(
        operation
            + ": all receive ends of this channel between runs are closed, so nobody would ever receive the item. If the"
            + " consumer may leave first, catch this and stop producing.");
  }

  ChannelStatistics statistics() {
    lock.lock();
    try {
      return new ChannelStatistics(
          buffer.size(),
          peak,
          capacity,
          sendEnds,
          receiveEnds,
          senders.size(),
          receivers.size(),
          dropped);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    ChannelStatistics now = statistics();
    return "between runs, "
        + (capacity == 0 ? "rendezvous" : now.bufferUsed() + " of " + capacity + " buffered")
        + (now.openSendEnds() == 0 ? ", no sender" : "")
        + (now.openReceiveEnds() == 0 ? ", no receiver" : "")
        + (now.tasksWaitingToSend() == 0
            ? ""
            : ", " + now.tasksWaitingToSend() + " waiting to send")
        + (now.tasksWaitingToReceive() == 0
            ? ""
            : ", " + now.tasksWaitingToReceive() + " waiting to receive");
  }
}
