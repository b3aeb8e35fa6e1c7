package dev.roost.channel;

import static dev.roost.sync.Blocked.untilAllBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskTree;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryChannelTest {

  private final List<Object> log = new ArrayList<>();

  @Test
  void rendezvous_senderWaitsForItsReceiver() throws Exception {
    var ends = MemoryChannel.<String>open(0);
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            ends.sender().send("x");
            log.add("sent");
          });
          untilAllBlocked();
          assertThat(log).isEmpty();
          assertThat(ends.receiver().statistics().tasksWaitingToSend()).isEqualTo(1);
          assertThat(ends.receiver().receive()).isEqualTo("x");
          untilAllBlocked();
          assertThat(log).containsExactly("sent");
        }));
  }

  @Test
  void rendezvous_receiverWaitsForItsSender() throws Exception {
    var ends = MemoryChannel.<String>open(0);
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> log.add(ends.receiver().receive()));
          untilAllBlocked();
          assertThat(ends.sender().statistics().tasksWaitingToReceive()).isEqualTo(1);
          ends.sender().send("x");
          assertThat(ends.sender().sendNow("y")).isFalse();
        }));
    assertThat(log).containsExactly("x");
  }

  @Test
  void buffered_sendersWaitWhenItIsFull() throws Exception {
    var ends = MemoryChannel.<Integer>open(2);
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            for (int i = 0; i < 5; i++) {
              ends.sender().send(i);
            }
            ends.sender().close();
          });
          untilAllBlocked();
          assertThat(ends.sender().statistics())
              .isEqualTo(new ChannelStatistics(2, 2, 2, 1, 1, 1, 0, 0));
          ends.receiver().forEach(log::add);
        }));
    assertThat(log).containsExactly(0, 1, 2, 3, 4);
    assertThat(ends.receiver().statistics())
        .isEqualTo(new ChannelStatistics(0, 2, 2, 0, 1, 0, 0, 0));
  }

  @Test
  void unbounded_neverWaits() throws Exception {
    var ends = MemoryChannel.<Integer>unbounded();
    Roost.run(() -> {
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 10_000; i++) {
          assertThat(ends.sender().sendNow(i)).isTrue();
        }
        for (int i = 0; i < 10_000; i++) {
          assertThat(ends.receiver().receive()).isEqualTo(i);
        }
      }
      assertThat(ends.receiver().receiveNow()).isEmpty();
      assertThat(ends.receiver().statistics().peakBufferUsed()).isEqualTo(10_000);
      assertThat(ends.receiver().statistics().capacity()).isEqualTo(Integer.MAX_VALUE);
    });
  }

  /**
   * Trio's test_channel_fairness: what was handed to somebody who waited is theirs, though they
   * have not run yet.
   */
  @Test
  void handOver_cannotBeOvertaken() throws Exception {
    var ends = MemoryChannel.<Integer>open(1);
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> log.add(ends.receiver().receive()));
          untilAllBlocked();
          ends.sender().sendNow(1);
          assertThat(ends.receiver().receiveNow()).isEmpty();
          assertThat(ends.sender().sendNow(2)).isTrue();
          untilAllBlocked();
          assertThat(log).containsExactly(1);

          // now the buffer is full: who waits to send owns the room that becomes free
          nursery.start(() -> ends.sender().send(3));
          untilAllBlocked();
          assertThat(ends.receiver().receiveNow()).contains(2);
          assertThat(ends.sender().sendNow(4)).isFalse();
          assertThat(ends.receiver().receiveNow()).contains(3);
        }));
  }

  @Test
  void waiters_areServedInTheirOrder() throws Exception {
    var ends = MemoryChannel.<Integer>open(0);
    Roost.run(() ->
        Nursery.run(nursery -> {
          for (int i = 0; i < 3; i++) {
            int number = i;
            nursery.start(() -> ends.sender().send(number));
            untilAllBlocked();
          }
          for (int i = 0; i < 3; i++) {
            assertThat(ends.receiver().receive()).isEqualTo(i);
          }
          for (int i = 0; i < 3; i++) {
            int number = i;
            nursery.start(() -> log.add(number + ":" + ends.receiver().receive()));
            untilAllBlocked();
          }
          for (int i = 0; i < 3; i++) {
            ends.sender().send(i);
          }
        }));
    assertThat(log).containsExactly("0:0", "1:1", "2:2");
  }

  @Test
  void send_cancelled_sendsNothing() throws Exception {
    var ends = MemoryChannel.<String>open(0);
    Roost.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          nursery.start(() -> assertThat(scope.run(() -> ends.sender().send("x"))).isFalse());
          untilAllBlocked();
          scope.cancel();
          assertThat(ends.receiver().receiveNow()).isEmpty();
          assertThat(ends.receiver().statistics().tasksWaitingToSend()).isZero();
        }));
  }

  @Test
  void receive_cancelled_takesNothing() throws Exception {
    var ends = MemoryChannel.<String>open(1);
    Roost.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          nursery.start(() -> assertThat(scope.run(() -> ends.receiver().receive())).isFalse());
          untilAllBlocked();
          scope.cancel();
          ends.sender().send("x");
          assertThat(ends.receiver().receiveNow()).contains("x");
          CancelScope late = CancelScope.create();
          late.cancel();
          ends.sender().send("y");
          assertThat(late.run(() -> ends.receiver().receive())).isFalse();
          assertThat(ends.receiver().receiveNow()).contains("y");
        }));
  }

  @Test
  void receive_cancelledAfterTheHandOver_hasTheItem() throws Exception {
    var ends = MemoryChannel.<String>open(0);
    Roost.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          nursery.start(() -> scope.run(() -> log.add(ends.receiver().receive())));
          untilAllBlocked();
          assertThat(ends.sender().sendNow("x")).isTrue();
          scope.cancel();
        }));
    assertThat(log).containsExactly("x");
  }

  @Test
  void forEach_actionFails_errorComesOutAndTheRestStays() throws Exception {
    var ends = MemoryChannel.<Integer>open(3);
    Roost.run(() -> {
      for (int i = 0; i < 3; i++) {
        ends.sender().send(i);
      }
      assertThatThrownBy(() ->
              ends.receiver()
                  .forEach(item -> {
                    if (item == 1) {
                      throw new java.io.IOException("boom");
                    }
                  }))
          .isInstanceOf(java.io.IOException.class);
      assertThat(ends.receiver().receiveNow()).contains(2);
    });
  }

  @Test
  void nullItems_areRefused() throws Exception {
    var ends = MemoryChannel.<String>open(1);
    Roost.run(() -> {
      assertThatThrownBy(() -> ends.sender().send(null))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("SendChannel.send: the item is null; a channel carries no nulls");
      assertThatThrownBy(() -> ends.sender().sendNow(null))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("SendChannel.sendNow: the item is null; a channel carries no nulls");
    });
  }

  @Test
  void open_negativeCapacity_isRefused() {
    assertThatThrownBy(() -> MemoryChannel.open(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "MemoryChannel.open: the capacity is negative (-1). Zero is a rendezvous; for no limit call"
                + " MemoryChannel.unbounded().");
  }

  @Test
  void use_outsideOfTheRun_isRefused() throws Exception {
    var ends = MemoryChannel.<String>open(1);
    assertThatThrownBy(() -> ends.sender().send("x"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("This needs a task of a run");
    Roost.run(() -> ends.sender().send("x"));
    assertThatThrownBy(() -> ends.sender().sendNow("y"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("SendChannel.sendNow: this belongs to the run");
    assertThatThrownBy(ends.receiver()::receiveNow).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(ends.receiver()::close).isInstanceOf(IllegalStateException.class);
    Roost.run(() ->
        assertThatThrownBy(() -> ends.receiver().receive())
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("of another run"));
    assertThat(ends.receiver().statistics().bufferUsed()).isEqualTo(1);
  }

  @Test
  void toString_saysHowItStands() throws Exception {
    var ends = MemoryChannel.<Integer>open(0);
    assertThat(ends.sender()).hasToString("SendChannel[rendezvous]");
    var buffered = MemoryChannel.<Integer>open(1);
    assertThat(MemoryChannel.open(3).receiver()).hasToString("ReceiveChannel[0 of 3 buffered]");
    assertThat(MemoryChannel.unbounded().receiver()).hasToString("ReceiveChannel[0 buffered]");
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start("taker", () -> ends.receiver().receive());
          buffered.sender().send(1);
          nursery.start("giver", () -> buffered.sender().send(2));
          untilAllBlocked();
          assertThat(ends.receiver())
              .hasToString("ReceiveChannel[rendezvous, 1 waiting to receive]");
          assertThat(TaskTree.current().toString())
              .contains("taker: waiting for ReceiveChannel[rendezvous, 1 waiting to receive]")
              .contains("giver: waiting for SendChannel[1 of 1 buffered, 1 waiting to send]");
          ends.sender().send(1);
          buffered.receiver().receive();
          buffered.receiver().close();
          assertThat(buffered.sender()).hasToString("SendChannel[0 of 1 buffered, no receiver]");
          ends.sender().close();
          assertThat(ends.sender()).hasToString("SendChannel[closed, rendezvous, no sender]");
          ends.receiver().close();
          assertThat(ends.receiver())
              .hasToString("ReceiveChannel[closed, rendezvous, no sender, no receiver]");
        }));
  }
}
