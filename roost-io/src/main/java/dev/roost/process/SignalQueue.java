package dev.roost.process;

import dev.roost.Portal;
import dev.roost.RunFinishedException;
import dev.roost.channel.MemoryChannel;
import dev.roost.channel.ReceiveChannel;
import dev.roost.channel.SendChannel;
import dev.roost.lowlevel.OutsideWakeup;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The signals that came for one {@link Signals#open} and were not received yet: one of each kind at
 * most, in the order in which they came. Touched by the tasks of its run, but for {@link #arrived}.
 */
final class SignalQueue {

  /** From bare names to what the caller calls them. */
  private final Map<String, String> names;

  private final SendChannel<String> sender;
  private final Portal portal = Portal.current();

  /** The last that were sent: those in the channel's buffer, and perhaps some before them. */
  private final ArrayDeque<String> sent = new ArrayDeque<>();

  /** As long as an end is open somebody outside may wake the run. */
  private final OutsideWakeup expected;

  private int openEnds;

  /** A queue without ends, as it is when all of them are closed. */
  SignalQueue(Map<String, String> names, SendChannel<String> sender) {
    this.names = names;
    this.sender = sender;
    this.expected = OutsideWakeup.expect();
  }

  static ReceiveChannel<String> open(Map<String, String> names) {
    MemoryChannel.Ends<String> ends = MemoryChannel.open(names.size());
    SignalQueue queue = new SignalQueue(names, ends.sender());
    try {
      SignalHub.JVM.add(names.keySet(), queue);
    } catch (IllegalArgumentException e) {
      queue.expected.close();
      throw e;
    }
    return new SignalChannel(queue, ends.receiver());
  }

  /** A signal has come, on a thread of the JVM. */
  void arrived(String signal, JvmSignals.Handled handled) {
    try {
      portal.post(() -> add(signal, handled));
    } catch (RunFinishedException closedMeanwhile) {
      SignalHub.JVM.missed(signal, handled);
    }
  }

  private void add(String signal, JvmSignals.Handled handled) {
    if (openEnds == 0) {
      SignalHub.JVM.missed(signal, handled);
      return;
    }
    while (sent.size() > sender.statistics().bufferUsed()) {
      sent.removeFirst();
    }
    if (!sent.contains(signal)) {
      sent.addLast(signal);
      var _ = sender.sendNow(names.getOrDefault(signal, signal)); // there is room for one of each
    }
  }

  void endOpened() {
    openEnds++;
  }

  /** Closes one of its ends; with the last one goes all that was not received. */
  void closeEnd(ReceiveChannel<String> end) {
    Set<String> waiting = new HashSet<>();
    sent.stream()
        .skip(Math.max(0, sent.size() - sender.statistics().bufferUsed()))
        .forEach(waiting::add);
    end.close();
    openEnds--;
    if (openEnds == 0) {
      expected.close();
      SignalHub.JVM.remove(names.keySet(), this, waiting);
    }
  }

  /** The signals. */
  @Override
  public String toString() {
    return String.join(", ", names.values());
  }
}
