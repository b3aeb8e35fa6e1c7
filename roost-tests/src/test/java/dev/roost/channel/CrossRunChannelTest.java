package dev.roost.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.Runs;
import dev.roost.testing.Testing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels between runs and other threads. */
@Timeout(30)
class CrossRunChannelTest {

  private record Item(int producer, int number) {}

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8})
  void itemsOfRunsAndThreads_arriveOnce_andInTheOrderOfEachProducer(int capacity) throws Exception {
    int items = 150;
    var channel = CrossRunChannel.<Item>open(capacity);
    Map<Integer, List<Item>> received = new ConcurrentHashMap<>();
    SendChannel<Item> ofThread = channel.sender().copy();
    List<SendChannel<Item>> ofRuns = List.of(channel.sender().copy(), channel.sender());
    Thread thread = Thread.ofPlatform().start(() -> sendAll(ofThread, 9, items));
    Runs.parallel(
        3,
        index -> {
          if (index < 2) {
            try (var sender = ofRuns.get(index)) {
              for (int i = 0; i < items; i++) {
                sender.send(new Item(index, i));
              }
            }
          } else {
            Nursery.run(nursery -> {
              nursery.start(Roost::checkpoint);
              channel
                  .receiver()
                  .forEach(item ->
                      received.computeIfAbsent(item.producer, _ -> new ArrayList<>()).add(item));
            });
          }
        });
    thread.join();

    assertThat(received).containsOnlyKeys(0, 1, 9);
    received.forEach((producer, list) -> {
      assertThat(list).hasSize(items);
      assertThat(list).extracting(Item::number).isSorted().doesNotHaveDuplicates();
    });
    assertThat(channel.receiver().statistics().peakBufferUsed()).isLessThanOrEqualTo(capacity);
  }

  private static void sendAll(SendChannel<Item> to, int producer, int items) {
    try (to) {
      for (int i = 0; i < items; i++) {
        to.send(new Item(producer, i));
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Sends and receives that are cancelled at the very moment at which another core serves them:
   * each item was sent or not, and what was sent is received once.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void cancelledCalls_haveHappenedOrNot(int capacity) throws Exception {
    int items = 60;
    var channel = CrossRunChannel.<Integer>open(capacity);
    var sent = new ConcurrentLinkedQueue<Integer>();
    var received = new ConcurrentLinkedQueue<Integer>();
    Runs.parallel(
        2,
        index -> {
          SplittableRandom random = new SplittableRandom(index);
          Nursery.run(nursery -> {
            if (index == 0) {
              for (int i = 0; i < items; i++) {
                int item = i;
                cancelledAtRandom(
                    nursery,
                    random,
                    () -> {
                      channel.sender().send(item);
                      sent.add(item); // no checkpoint since
                    });
              }
              channel.sender().send(items); // the others may all have been cancelled
              sent.add(items);
              channel.sender().close();
            } else {
              while (!channel.receiver().toString().contains("no sender")) {
                cancelledAtRandom(
                    nursery,
                    random,
                    () -> received.add(channel.receiver().receiveOrEnd().orElse(-1)));
              }
            }
          });
        });
    try {
      channel.receiver().forEach(received::add);
    } finally {
      received.removeIf(item -> item < 0);
    }

    assertThat(received).containsExactlyElementsOf(sent);
    assertThat(sent).contains(items);
  }

  private static void cancelledAtRandom(
      Nursery nursery, SplittableRandom random, dev.roost.AsyncRunnable<RuntimeException> body)
      throws InterruptedException {
    CancelScope scope = CancelScope.create();
    int patience = random.nextInt(12);
    nursery.start(() -> {
      for (int i = 0; i < patience; i++) {
        Roost.checkpoint();
      }
      scope.cancel();
    });
    var _ = scope.run(body);
  }

  @Test
  void threadsAndSections_wait_andAreInterrupted() throws Exception {
    var channel = CrossRunChannel.<String>open(0);
    Throwable[] thrown = new Throwable[1];
    Thread receiver =
        Thread.ofVirtual().start(() -> thrown[0] = catchThrowable(channel.receiver()::receive));
    while (channel.receiver().statistics().tasksWaitingToReceive() == 0) {
      Thread.onSpinWait();
    }
    receiver.interrupt();
    receiver.join();
    assertThat(thrown[0])
        .isExactlyInstanceOf(InterruptedException.class)
        .hasMessageContaining("Nothing was done");
    assertThat(channel.receiver().statistics().tasksWaitingToReceive()).isZero();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> channel.sender().send("x")).isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
    List<String> log = new ArrayList<>();
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> channel.sender().send("to a section"));
          log.add(Blocking.call(channel.receiver()::receive));
        }));
    assertThat(log).containsExactly("to a section");
  }

  @Test
  void interruptThatComesTooLate_isKept_andTheItemIsReceived() throws Exception {
    CrossChannel<String> channel = new CrossChannel<>(0);
    CrossReceiveEnd<String> end = new CrossReceiveEnd<>(channel);
    List<String> log = new ArrayList<>();
    Thread receiver =
        Thread.ofPlatform()
            .start(() -> {
              try {
                log.add(end.receive() + ", interrupted: " + Thread.currentThread().isInterrupted());
              } catch (InterruptedException e) {
                log.add("lost");
              }
            });
    while (channel.statistics().tasksWaitingToReceive() == 0) {
      Thread.onSpinWait();
    }
    channel.lock.lock();
    try {
      receiver.interrupt();
      while (!channel.lock.hasQueuedThread(receiver)) { // it is about to withdraw
        Thread.onSpinWait();
      }
      assertThat(channel.offer("item", null)).isTrue();
    } finally {
      channel.lock.unlock();
    }
    receiver.join();

    assertThat(log).containsExactly("item, interrupted: true");
  }

  @Test
  void cancelledTask_leavesTheLine() throws Exception {
    var channel = CrossRunChannel.<String>open(0);
    Roost.run(() -> {
      Nursery.run(nursery -> {
        nursery.start(() -> channel.sender().send("never"));
        nursery.start(() -> CancelScope.create().run(() -> Roost.sleepForever()));
        Testing.waitAllTasksBlocked();
        assertThat(channel.sender())
            .hasToString("SendChannel[between runs, rendezvous, 1 waiting to send]");
        nursery.cancel();
      });
      assertThat(channel.receiver().receiveNow()).isEmpty();
      assertThatThrownBy(() -> Roost.atomically(() -> channel.receiver().receive()))
          .isInstanceOf(IllegalStateException.class);
    });
  }

  @Test
  void nowForms_doNotWait() throws Exception {
    var channel = CrossRunChannel.<Integer>open(1);
    assertThat(channel.receiver().receiveNow()).isEmpty();
    assertThat(channel.sender().sendNow(1)).isTrue();
    assertThat(channel.sender().sendNow(2)).isFalse();
    assertThat(channel.receiver()).hasToString("ReceiveChannel[between runs, 1 of 1 buffered]");
    Thread sender =
        Thread.ofVirtual()
            .start(() -> {
              try {
                channel.sender().send(3);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    while (channel.sender().statistics().tasksWaitingToSend() == 0) {
      Thread.onSpinWait();
    }
    assertThat(channel.receiver().receiveNow()).contains(1);
    sender.join();
    assertThat(channel.receiver().receive()).isEqualTo(3);
    Roost.run(() -> {
      channel.sender().send(4);
      assertThat(channel.receiver().receive()).isEqualTo(4);
    });
  }

  @Test
  void ends_keepTheRulesOfClosing() throws Exception {
    var channel = CrossRunChannel.<Integer>open(1);
    SendChannel<Integer> sender = channel.sender();
    SendChannel<Integer> copy = sender.copy();
    sender.close();
    sender.close();
    assertThatThrownBy(() -> sender.sendNow(1)).isInstanceOf(ChannelClosedException.class);
    assertThatThrownBy(sender::copy).isInstanceOf(ChannelClosedException.class);
    copy.send(1);
    copy.close();
    ReceiveChannel<Integer> receiver = channel.receiver();
    ReceiveChannel<Integer> other = receiver.copy();
    assertThat(receiver.receiveOrEnd()).contains(1);
    assertThat(receiver.receiveOrEnd()).isEmpty();
    assertThatThrownBy(receiver::receive).isInstanceOf(EndOfChannelException.class);
    assertThatThrownBy(receiver::receiveNow).isInstanceOf(EndOfChannelException.class);
    receiver.close();
    receiver.close();
    assertThatThrownBy(receiver::receive).isInstanceOf(ChannelClosedException.class);
    assertThat(other.receiveOrEnd()).isEmpty();
    other.close();
    assertThat(channel.receiver().toString()).contains("no sender", "no receiver");
  }

  @Test
  void lastReceiveEnd_turnsSendersAway_andDropsWhatIsBuffered() throws Exception {
    var channel = CrossRunChannel.<Integer>open(2);
    channel.sender().send(1);
    channel.sender().send(2);
    List<Throwable> thrown = new ArrayList<>();
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> thrown.add(catchThrowable(() -> channel.sender().send(3))));
          Testing.waitAllTasksBlocked();
          channel.receiver().close();
        }));
    thrown.add(catchThrowable(() -> channel.sender().sendNow(4)));

    assertThat(thrown).hasSize(2).allMatch(BrokenChannelException.class::isInstance);
    assertThat(channel.sender().statistics().itemsDropped()).isEqualTo(2);
  }

  @Test
  void endThatIsClosedWhileItIsUsed_throwsInTheTasksThatWait() throws Exception {
    var rendezvous = CrossRunChannel.<Integer>open(0);
    var full = CrossRunChannel.<Integer>open(0);
    ReceiveChannel<Integer> stays = rendezvous.receiver().copy();
    SendChannel<Integer> staysToo = full.sender().copy();
    List<Throwable> thrown = new ArrayList<>();
    CountDownLatch ended = new CountDownLatch(1);
    Roost.run(() -> {
      Nursery.run(nursery -> {
        nursery.start(() -> thrown.add(catchThrowable(rendezvous.receiver()::receive)));
        nursery.start(() -> thrown.add(catchThrowable(() -> full.sender().send(1))));
        nursery.start(() -> {
          assertThat(stays.receiveOrEnd()).isEmpty();
          ended.countDown();
        });
        Testing.waitAllTasksBlocked();
        rendezvous.receiver().close();
        full.sender().close();
        Testing.waitAllTasksBlocked();
        rendezvous.sender().close();
      });
      staysToo.close();
    });

    assertThat(thrown).hasSize(2).allMatch(ChannelClosedException.class::isInstance);
    assertThat(thrown).allMatch(error -> error.getMessage().contains("while this one was waiting"));
    assertThat(ended.getCount()).isZero();
  }

  @Test
  void negativeCapacityAndNulls_areRefused() {
    assertThatThrownBy(() -> CrossRunChannel.open(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("negative");
    var channel = CrossRunChannel.<String>open(0);
    assertThatThrownBy(() -> channel.sender().send(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> channel.sender().sendNow(null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> channel.receiver().forEach(null))
        .isInstanceOf(NullPointerException.class);
  }
}
