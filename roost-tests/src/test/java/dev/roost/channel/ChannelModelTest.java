package dev.roost.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.sync.Chaos;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Channels against a sequential model, with random schedules, cancellations and closings. */
class ChannelModelTest {

  @Test
  void rendezvous_behavesLikeTheModel() throws Exception {
    Chaos.play(12, seed -> new ChannelChaos(seed, 0));
  }

  @Test
  void smallBuffer_behavesLikeTheModel() throws Exception {
    Chaos.play(12, seed -> new ChannelChaos(seed, (int) (seed % 3) + 1));
  }

  @Test
  void unbounded_behavesLikeTheModel() throws Exception {
    Chaos.play(10, seed -> new ChannelChaos(seed, Integer.MAX_VALUE));
  }

  /** One between runs, used by the tasks of one: who is served hears of it later. */
  @Test
  void channelBetweenRuns_behavesLikeTheModel() throws Exception {
    Chaos.play(
        12,
        seed -> {
          int capacity = (int) (seed % 3);
          return new ChannelChaos(seed, capacity, CrossRunChannel.open(capacity));
        });
  }

  private static final class ChannelChaos extends Chaos {
    private static final int TASKS = 6;

    private record Offer(int task, int item) {}

    /** Each task has ends of its own. */
    private final List<SendChannel<Integer>> senders = new ArrayList<>();

    private final List<ReceiveChannel<Integer>> receivers = new ArrayList<>();
    private final boolean[] senderClosed = new boolean[TASKS];
    private final boolean[] receiverClosed = new boolean[TASKS];
    private boolean copied;
    private int items;

    private final int capacity;
    private final Deque<Integer> buffer = new ArrayDeque<>();
    private final Deque<Offer> sending = new ArrayDeque<>();
    private final Deque<Integer> receiving = new ArrayDeque<>();
    private int openSenders = TASKS;
    private int openReceivers = TASKS;
    private int peak;
    private int dropped;

    ChannelChaos(long seed, int capacity) {
      this(seed, capacity, MemoryChannel.open(capacity));
    }

    ChannelChaos(long seed, int capacity, MemoryChannel.Ends<Integer> ends) {
      super(seed, TASKS, 12);
      this.capacity = capacity;
      senders.add(ends.sender());
      receivers.add(ends.receiver());
    }

    private void copyEnds() {
      if (!copied) {
        copied = true;
        for (int i = 1; i < TASKS; i++) {
          senders.add(senders.getFirst().copy());
          receivers.add(receivers.getFirst().copy());
        }
      }
    }

    // ---- the model

    private boolean offer(int item) {
      if (!receiving.isEmpty()) {
        decide(receiving.pollFirst(), "got " + item);
        return true;
      }
      if (buffer.size() < capacity) {
        buffer.add(item);
        peak = Math.max(peak, buffer.size());
        return true;
      }
      return false;
    }

    private Optional<Integer> poll() {
      Integer item = buffer.pollFirst();
      Offer next = sending.pollFirst();
      if (next != null) {
        decide(next.task, "sent");
        if (item == null) {
          return Optional.of(next.item);
        }
        buffer.add(next.item);
      }
      return Optional.ofNullable(item);
    }

    private void arriveToSend(int task, int item) {
      if (senderClosed[task]) {
        decide(task, "ChannelClosedException");
      } else if (openReceivers == 0) {
        decide(task, "BrokenChannelException");
      } else if (offer(item)) {
        decide(task, "sent");
      } else {
        sending.add(new Offer(task, item));
      }
    }

    private void arriveToReceive(int task, String atEnd) {
      if (receiverClosed[task]) {
        decide(task, "ChannelClosedException");
        return;
      }
      Optional<Integer> item = poll();
      if (item.isPresent()) {
        decide(task, "got " + item.get());
      } else if (openSenders == 0) {
        decide(task, atEnd);
      } else {
        receiving.add(task);
      }
    }

    private void closeSender(int task) {
      note("close sender " + task);
      if (!senderClosed[task]) {
        senderClosed[task] = true;
        openSenders--;
        for (Iterator<Offer> all = sending.iterator(); all.hasNext(); ) {
          Offer offer = all.next();
          if (offer.task == task) {
            all.remove();
            decide(task, "ChannelClosedException");
          }
        }
        if (openSenders == 0) {
          receiving.forEach(waiting -> decide(waiting, "end"));
          receiving.clear();
        }
      }
      senders.get(task).close();
    }

    private void closeReceiver(int task) {
      note("close receiver " + task);
      if (!receiverClosed[task]) {
        receiverClosed[task] = true;
        openReceivers--;
        if (receiving.remove(task)) {
          decide(task, "ChannelClosedException");
        }
        if (openReceivers == 0) {
          sending.forEach(waiting -> decide(waiting.task, "BrokenChannelException"));
          sending.clear();
          dropped = buffer.size();
          buffer.clear();
        }
      }
      receivers.get(task).close();
    }

    // ---- what happens

    @Override
    protected void step(int task) throws InterruptedException {
      copyEnds();
      int item = items++;
      switch (random.nextInt(9)) {
        case 0, 1, 2 ->
            perform(
                task,
                "send " + item,
                () -> arriveToSend(task, item),
                () -> {
                  senders.get(task).send(item);
                  return "sent";
                });
        case 3, 4, 5 ->
            perform(
                task,
                "receive",
                () -> arriveToReceive(task, "end"),
                () -> receivers.get(task).receiveOrEnd().map(got -> "got " + got).orElse("end"));
        case 6 -> sendNow(task, item);
        case 7 -> receiveNow(task);
        default -> closeSomething(task);
      }
    }

    private void closeSomething(int task) {
      if (random.nextInt(3) == 0) {
        if (random.nextBoolean()) {
          closeSender(task);
        } else {
          closeReceiver(task);
        }
      }
    }

    private void sendNow(int task, int item) {
      note(task + " sendNow " + item);
      if (senderClosed[task]) {
        assertThatThrownBy(() -> senders.get(task).sendNow(item))
            .isInstanceOf(ChannelClosedException.class);
      } else if (openReceivers == 0) {
        assertThatThrownBy(() -> senders.get(task).sendNow(item))
            .isInstanceOf(BrokenChannelException.class);
      } else {
        assertThat(senders.get(task).sendNow(item)).isEqualTo(offer(item));
      }
    }

    private void receiveNow(int task) {
      note(task + " receiveNow");
      if (receiverClosed[task]) {
        assertThatThrownBy(() -> receivers.get(task).receiveNow())
            .isInstanceOf(ChannelClosedException.class);
        return;
      }
      Optional<Integer> expected = poll();
      if (expected.isEmpty() && openSenders == 0) {
        assertThatThrownBy(() -> receivers.get(task).receiveNow())
            .isInstanceOf(EndOfChannelException.class);
      } else {
        assertThat(receivers.get(task).receiveNow()).isEqualTo(expected);
      }
    }

    @Override
    protected boolean cancelInModel(int task) {
      return sending.removeIf(offer -> offer.task == task) || receiving.remove((Integer) task);
    }

    @Override
    protected void disturb() {
      if (copied && random.nextInt(20) == 0) {
        closeSomething(random.nextInt(TASKS));
      }
    }

    @Override
    protected void compare() {
      if (copied) {
        assertThat(senders.getFirst().statistics())
            .isEqualTo(
                new ChannelStatistics(
                    buffer.size(),
                    peak,
                    capacity,
                    openSenders,
                    openReceivers,
                    sending.size(),
                    receiving.size(),
                    dropped));
      }
    }

    @Override
    protected void release() {
      for (int i = 0; i < TASKS; i++) {
        closeSender(i);
        closeReceiver(i);
      }
    }
  }
}
