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
 *       both only if one task selects over both sides;
 *   <li>who selects and has got something else does not count: it is on its way out of line;
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

  /**
   * Hands an item to a receiver or puts it in the buffer: true if that could be done. If it is for
   * somebody who selects, that choice is made by it.
   */
  boolean offer(T item, @Nullable Choice by) {
    CrossWaiter<T> receiver = claimFirst(receivers, by);
    if (receiver != null) {
      receiver.serve(item);
      return true;
    }
    if (buffer.size() >= capacity || (by != null && !by.make())) {
      return false;
    }
    buffer.addLast(item);
    peak = Math.max(peak, buffer.size());
    return true;
  }

  /**
   * Takes the item that is next, null if there is none. If it is for somebody who selects, that
   * choice is made by it.
   */
  @Nullable T poll(@Nullable Choice by) {
    if (buffer.isEmpty()) {
      return takeFromSender(by);
    }
    if (by != null && !by.make()) {
      return null;
    }
    T item = buffer.pollFirst();
    T sent = takeFromSender(null);
    if (sent != null) {
      buffer.addLast(sent);
    }
    return item;
  }

  private @Nullable T takeFromSender(@Nullable Choice by) {
    CrossWaiter<T> sender = claimFirst(senders, by);
    if (sender == null) {
      return null;
    }
    T sent = sender.item();
    sender.serve(sent);
    return sent;
  }

  /**
   * Takes out of line who is first of those who can be served by a party that has that choice to
   * make, and makes both choices. Null if nobody can, or if the choice of the party was made.
   */
  private @Nullable CrossWaiter<T> claimFirst(Line<CrossWaiter<T>> line, @Nullable Choice by) {
    CrossWaiter<T> first = line.first();
    if (first == null || (by == null && first.choice == null)) {
      return line.poll();
    }
    for (CrossWaiter<T> waiter : line.toList()) {
      Choice its = waiter.choice;
      if (its != null && its == by) {
        continue; // one task on both sides does not serve itself
      }
      if (its == null
          ? by == null || by.make()
          : by == null ? its.make() : Choice.makeBoth(its, by)) {
        line.remove(waiter);
        return waiter;
      }
      if (by != null && by.isMade()) {
        return null;
      }
      line.remove(waiter); // it has got something else
    }
    return null;
  }

  /** A send end was closed. */
  void closed(CrossSendEnd<T> end) {
    sendEnds--;
    for (CrossWaiter<T> sender : senders.toList()) {
      if (sender.end == end && senders.remove(sender) && sender.claim()) {
        sender.fail(end.closed("SendChannel.send", " while this one was waiting"));
      }
    }
    if (sendEnds == 0) {
      for (CrossWaiter<T> receiver; (receiver = receivers.poll()) != null; ) {
        if (receiver.claim()) {
          receiver.serve(null);
        }
      }
    }
  }

  /** A receive end was closed. */
  void closed(CrossReceiveEnd<T> end) {
    receiveEnds--;
    for (CrossWaiter<T> receiver : receivers.toList()) {
      if (receiver.end == end && receivers.remove(receiver) && receiver.claim()) {
        receiver.fail(end.closed("ReceiveChannel.receive", " while this one was waiting"));
      }
    }
    if (receiveEnds == 0) {
      dropped = buffer.size();
      buffer = new ArrayDeque<>(0);
      for (CrossWaiter<T> sender; (sender = senders.poll()) != null; ) {
        if (sender.claim()) {
          sender.fail(broken("SendChannel.send"));
        }
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
