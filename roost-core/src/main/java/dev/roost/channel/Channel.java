package dev.roost.channel;

import dev.roost.lowlevel.Line;
import dev.roost.lowlevel.RunBinding;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What the ends of one channel share.
 *
 * <p>Invariants, at every checkpoint:
 *
 * <ul>
 *   <li>a sender waits only while the buffer is full, a receiver only while it is empty; so nobody
 *       overtakes anybody;
 *   <li>both wait at once only if one task selects over both sides of the same rendezvous;
 *   <li>an item is in one place: with its sender, in the buffer, or with its receiver. It moves
 *       from a waiting sender to the buffer, or to a waiting receiver, in the step that also ends
 *       that wait, so that a cancellation comes before or after;
 *   <li>no receiver waits once there is no send end, no sender once there is no receive end.
 * </ul>
 */
final class Channel<T> {

  /** An unbounded buffer that held so many items gives its memory back when it is empty. */
  private static final int BURST = 1 << 12;

  final RunBinding binding = new RunBinding();
  final Line<SendWaiter<T>> senders = new Line<>();
  final Line<ReceiveWaiter<T>> receivers = new Line<>();
  private final int capacity;
  private ArrayDeque<T> buffer = new ArrayDeque<>(0);

  int sendEnds = 1;
  int receiveEnds = 1;
  private int peak;
  private int sizeOfBuffer;
  private int dropped;

  /** Told when a receiver begins to wait. */
  @Nullable Runnable onDemand;

  Channel(int capacity) {
    this.capacity = capacity;
  }

  /** Hands an item to a receiver or puts it in the buffer: true if that could be done. */
  boolean offer(T item) {
    for (ReceiveWaiter<T> receiver; (receiver = receivers.poll()) != null; ) {
      if (receiver.give(item)) {
        return true;
      }
    }
    int used = buffer.size();
    if (used >= capacity) {
      return false;
    }
    buffer.addLast(item);
    if (used >= peak) {
      peak = used + 1;
    }
    if (used >= sizeOfBuffer) {
      sizeOfBuffer = used + 1;
    }
    return true;
  }

  /** Takes the item that is next, null if there is none. */
  @Nullable T poll() {
    T item = buffer.pollFirst();
    T sent = takeFromSender();
    if (item == null) {
      return sent;
    }
    if (sent != null) {
      buffer.addLast(sent);
    } else if (sizeOfBuffer > BURST && capacity == Integer.MAX_VALUE && buffer.isEmpty()) {
      buffer = new ArrayDeque<>(0);
      sizeOfBuffer = 0;
    }
    return item;
  }

  private @Nullable T takeFromSender() {
    for (SendWaiter<T> sender; (sender = senders.poll()) != null; ) {
      T sent = sender.take();
      if (sent != null) {
        return sent;
      }
    }
    return null;
  }

  /** A receiver begins to wait. */
  void await(ReceiveWaiter<T> receiver) {
    receivers.add(receiver);
    if (onDemand != null) {
      onDemand.run();
    }
  }

  /** One send end less. */
  void closed(SendEnd<T> end) {
    sendEnds--;
    for (SendWaiter<T> sender : senders.toList()) {
      if (sender.end == end && senders.remove(sender)) {
        sender.fail(end.closed("SendChannel.send", " while this task was waiting"));
      }
    }
    if (sendEnds == 0) {
      for (ReceiveWaiter<T> receiver; (receiver = receivers.poll()) != null; ) {
        receiver.end();
      }
    }
  }

  /** One receive end less. */
  void closed(ReceiveEnd<T> end) {
    receiveEnds--;
    for (ReceiveWaiter<T> receiver : receivers.toList()) {
      if (receiver.end == end && receivers.remove(receiver)) {
        receiver.fail(end.closed("ReceiveChannel.receive", " while this task was waiting"));
      }
    }
    if (receiveEnds == 0) {
      dropped = buffer.size();
      buffer = new ArrayDeque<>(0);
      for (SendWaiter<T> sender; (sender = senders.poll()) != null; ) {
        sender.fail(broken("SendChannel.send"));
      }
    }
  }

  BrokenChannelException broken(String operation) {
    return new BrokenChannelException(
        operation
            + ": all receive ends of this channel are closed, so nobody would ever receive the item. If the consumer"
            + " may leave first, catch this and stop producing.");
  }

  EndOfChannelException ended(String operation) {
    return new EndOfChannelException(
        operation
            + ": all send ends of this channel are closed and nothing is left to receive. If the end is expected, use"
            + " receiveOrEnd or forEach.");
  }

  ChannelStatistics statistics() {
    return new ChannelStatistics(
        buffer.size(),
        peak,
        capacity,
        sendEnds,
        receiveEnds,
        senders.size(),
        receivers.size(),
        dropped);
  }

  @Override
  public String toString() {
    String size =
        capacity == 0
            ? "rendezvous"
            : buffer.size()
                + (capacity == Integer.MAX_VALUE ? "" : " of " + capacity)
                + " buffered";
    return size
        + (sendEnds == 0 ? ", no sender" : "")
        + (receiveEnds == 0 ? ", no receiver" : "")
        + (senders.isEmpty() ? "" : ", " + senders.size() + " waiting to send")
        + (receivers.isEmpty() ? "" : ", " + receivers.size() + " waiting to receive");
  }
}
